import { usageError } from '../../core/errors.ts';
import { LEARNED_NAMESPACE, SESSION_NAMESPACE } from '../../core/memory/key.ts';
import { offerBlock } from '../../core/pattern/offer.ts';
import { ARTIFACT_KINDS, sessionPaths } from '../../core/session/metadata.ts';
import { openRejection, reasonFacts, reasonText } from '../../core/session/reason.ts';
import { slugify } from '../../core/session/session-id.ts';
import { foldTasks, type Task } from '../../core/session/tasks.ts';
import { oneLine } from '../../core/text/text.ts';
import { offerToTask } from '../../lifecycle/patterns/offer-task.ts';
import { recordsOnDisk, refuseEnded, sessionHere } from '../../lifecycle/session/here.ts';
import { appendRecord } from '../../store/journal.ts';
import { type Call, type CommandSpec, text } from '../command.ts';
import { AGENT_OPTIONS, agentOf, descriptionOf, SESSION_OPTION, taskIdOf } from '../hook-options.ts';

export const command: CommandSpec = {
  name: 'hooks pre-task',
  summary: 'Record that a task starts',
  details:
    'Records the start and prints what the agent needs to know: the session, where each kind of artifact goes, the memory it shares with the ' +
    'other agents, why a person sent the session back, and what earlier sessions learned that fits the description. Without --task-id the id is made of the description.\n\n' +
    'A task that has ended is opened again.',
  options: [
    { flags: '--description <text>', description: 'what the task is' },
    { flags: '--task-id <id>', description: 'its id (also: GIT_SESSION_TASK)' },
    ...AGENT_OPTIONS,
    SESSION_OPTION,
  ],
  examples: ['git session hooks pre-task --description "Build authentication API" --task-id task-auth-api-001 --agent backend-dev'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const description = descriptionOf(call);
  const given = taskIdOf(call);
  if (description === null && given === null) {
    throw usageError({ what: 'Which task starts?', next: 'git session hooks pre-task --task-id <id> --description "<what it is>"' });
  }
  const here = await sessionHere(text(call, 'session'));
  await refuseEnded(here);
  const records = recordsOnDisk(here);
  const tasks = foldTasks(records);
  const task = given ?? freeId(description ?? '', tasks);
  const { named, around } = agentOf(call);
  const before = tasks.find((row) => row.task === task);
  const type = named?.name ?? null;
  const isNews =
    before?.status !== 'open' ||
    (description ?? before.description) !== before.description ||
    (type ?? before.agent.type) !== before.agent.type;
  const actor = named ?? around();
  const record = isNews
    ? appendRecord(here.place.commonDir, here.id, { kind: 'task.started', actor, data: { task, description, agent_type: type } }).id
    : null;
  const patterns = await offerToTask(here, description ?? before?.description ?? '', task, records);
  const sentBack = openRejection(records)?.reasons ?? [];
  const paths = sessionPaths(here.id);
  const artifacts = Object.fromEntries(ARTIFACT_KINDS.map((kind) => [kind, `${paths.artifact(kind)}/`]));
  call.io.json({
    session: here.id,
    task,
    description: description ?? before?.description ?? null,
    agent: actor.name,
    record,
    artifacts,
    memory: { session: SESSION_NAMESPACE, project: LEARNED_NAMESPACE },
    sent_back: sentBack.map(reasonFacts),
    patterns,
  });
  call.io.say(`Session   ${here.id}`);
  call.io.say(`Task      ${oneLine(task, 100)} (${oneLine(actor.name, 60)})`);
  for (const kind of ARTIFACT_KINDS) call.io.say(`${kind === 'code' ? 'Save to   ' : '          '}${paths.artifact(kind)}/`);
  call.io.say(`Memory    ${SESSION_NAMESPACE}/... for this session, ${LEARNED_NAMESPACE}/pattern/... for what later ones should know`);
  if (sentBack.length > 0) call.io.say('A person sent this session back, because:');
  for (const reason of sentBack) call.io.say(`  ${oneLine(reasonText(reason), 600)}`);
  if (patterns.length > 0) call.io.say(offerBlock(patterns));
}

/** `task-<words of the description>`, with a number where a task has that name. */
function freeId(description: string, tasks: readonly Task[]): string {
  const stem = `task-${slugify(description) || 'work'}`;
  const taken = new Set(tasks.map((task) => task.task));
  for (let n = 1; ; n++) {
    const id = n === 1 ? stem : `${stem}-${n}`;
    if (!taken.has(id)) return id;
  }
}
