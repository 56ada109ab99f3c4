import { stateError, usageError } from '../../core/errors.ts';
import type { Actor, AnyRecord, SessionRecord } from '../../core/log/record.ts';
import { foldTasks, openTasksOf, type Task } from '../../core/session/tasks.ts';
import { count, oneLine, visible } from '../../core/text/text.ts';
import { openRepo } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { type CheckpointOutcome, requestCheckpoint } from '../../lifecycle/checkpoint/checkpoint.ts';
import { observeCommits } from '../../lifecycle/checkpoint/observe.ts';
import { committedWithOthers, type SharedEdit } from '../../lifecycle/checkpoint/shared-edits.ts';
import { refuseEnded } from '../../lifecycle/session/here.ts';
import { everyRecord } from '../../lifecycle/session/records-naming.ts';
import { resolveSession, type Session } from '../../lifecycle/session/session.ts';
import { compiledPolicy } from '../../store/compiled-policy.ts';
import { appendRecord } from '../../store/journal.ts';
import { type Call, type CommandSpec, flag, text } from '../command.ts';
import { AGENT_OPTIONS, agentOf, descriptionOf, SESSION_OPTION, taskIdOf, taskList } from '../hook-options.ts';
import { heldFacts, printHeld } from '../print/held.ts';

const STATUSES = ['completed', 'failed', 'cancelled'] as const;
type Status = (typeof STATUSES)[number];

export const command: CommandSpec = {
  name: 'hooks post-task',
  summary: 'Finish a task and commit its files',
  details:
    'Records how the task ended and commits exactly the files that were recorded for it, whatever the outcome, with the log. It returns once the request is on disk; ' +
    'with --wait, once it is committed. What somebody has staged, or had changed before the session, is left alone and named.\n\n' +
    'No event is required: a task that was never started is taken up when a --description comes with it, or when edits were recorded for it.',
  options: [
    { flags: '--task-id <id>', description: "the task (also: GIT_SESSION_TASK; else the agent's only open one, or the only one of all)" },
    { flags: '--status <status>', description: 'how it ended', choices: [...STATUSES], default: 'completed' },
    { flags: '--description <text>', description: 'what the task was, where its start was not recorded' },
    ...AGENT_OPTIONS,
    SESSION_OPTION,
    { flags: '--wait', description: 'return once it is committed' },
  ],
  examples: ['git session hooks post-task --task-id task-auth-api-001 --status completed'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const named = taskIdOf(call);
  const status = (text(call, 'status') ?? 'completed') as Status;
  const description = descriptionOf(call);
  const repo = await openRepo();
  const session = await resolveSession(repo, text(call, 'session'));
  const policy = compiledPolicy(repo.commonDir);
  await refuseEnded({ place: repo, id: session.id, tip: session.tip, checkedOut: session.worktree === repo.top, policy });
  await observeCommits(repo, session);
  const records = await everyRecord(repo, session);
  const finished = finish(repo, session, records, { named, status, description, call });
  const outcome = policy.checkpoint === 'manual' ? null : await commit(repo, session, finished.task, [...records, ...finished.added], call);
  const shared = await committedWithOthers(repo, session, finished.task, records, outcome);
  call.io.json({
    session: session.id,
    task: finished.task,
    status,
    commit: outcome?.commit ?? null,
    queued: outcome?.queued ?? false,
    waits: outcome?.waits ?? null,
    files: outcome?.files ?? [],
    shared,
    held: heldFacts(outcome?.held ?? []),
  });
  tell(call, finished, status, outcome, shared);
}

interface Finished {
  task: string;
  added: AnyRecord[];
  /** It had ended this way before: nothing new is recorded. */
  again: boolean;
}

/** Records the end, once; and the start, where only this call knows of it. */
function finish(
  repo: Repo,
  session: Session,
  records: readonly AnyRecord[],
  { named, status, description, call }: { named: string | null; status: Status; description: string | null; call: Call },
): Finished {
  const tasks = foldTasks(records);
  const { named: agent, around } = agentOf(call);
  const task = named ?? onlyOpen(tasks, agent, description);
  const before = tasks.find((row) => row.task === task);
  if (!before && description === null) throw unknownTask(task, tasks);
  const started = records.findLast((record) => record.kind === 'task.started' && record.data.task === task);
  const actor: Actor = agent ?? started?.actor ?? around();
  const added: SessionRecord[] = [];
  if (!before || (description !== null && before.description === null)) {
    const data = { task, description, agent_type: agent?.name ?? null };
    added.push(appendRecord(repo.commonDir, session.id, { kind: 'task.started', actor, data }));
  }
  const again = before?.status === status && added.length === 0;
  if (!again) {
    added.push(appendRecord(repo.commonDir, session.id, { kind: 'task.finished', actor, data: { task, status } }));
  }
  return { task, added: added as AnyRecord[], again };
}

/** The one open task that can be meant: of the agent, and as it was described, where they are given. Never another agent's. */
function onlyOpen(tasks: readonly Task[], agent: Actor | null, description: string | null): string {
  const open = openTasksOf(tasks, agent);
  const described = open.filter((row) => row.description === description);
  const [only, second] = described.length > 0 ? described : open.filter((row) => description === null || row.description === null);
  if (only && !second) return only.task;
  throw usageError({ what: 'Which task has ended?', why: openOnes(tasks), next: 'git session hooks post-task --task-id <id>' });
}

/** The open tasks with their agents, or the one that ended last. */
function openOnes(tasks: readonly Task[]): string {
  const open = tasks.filter((row) => row.status === 'open');
  if (open.length > 0)
    return `Open are: ${taskList(open.map((row) => (row.agent.type === null ? row.task : `${row.task} (${row.agent.type})`)))}`;
  const last = [...tasks].sort((a, b) => ((a.finished_at ?? '') < (b.finished_at ?? '') ? 1 : -1))[0];
  return last ? `No task is open; ${oneLine(last.task, 60)} ended last (${last.status}).` : 'No task is open.';
}

function unknownTask(task: string, tasks: readonly Task[]) {
  return stateError({
    what: `The session has no task "${oneLine(task, 80)}".`,
    why: openOnes(tasks),
    next: `If it was never announced, say what it was: git session hooks post-task --task-id <id> --description "..."`,
  });
}

function commit(repo: Repo, session: Session, task: string, records: readonly AnyRecord[], call: Call): Promise<CheckpointOutcome> {
  return requestCheckpoint(repo, session, { task, event: 'task-done', wait: flag(call, 'wait'), naming: () => records });
}

function tell(
  { io }: Call,
  { task, again }: Finished,
  status: Status,
  outcome: CheckpointOutcome | null,
  shared: readonly SharedEdit[],
): void {
  io.say(`Task ${oneLine(task, 100)}: ${status}${again ? ' already' : ''}`);
  if (!outcome)
    io.say('The policy says "checkpoint: manual": its files are committed at the closeout or by: git session hooks session-end');
  else if (outcome.queued)
    io.say(`Queued: ${count(outcome.files.length, 'file')}, committed by a later command (${outcome.waits ?? 'busy'})`);
  else if (outcome.commit) {
    const what = outcome.files.length > 0 ? count(outcome.files.length, 'file') : 'the records';
    io.say(`Committed ${what} as ${outcome.commit.slice(0, 10)}`);
  } else io.say('Nothing was left to commit');
  for (const { path, commit: id, with: others } of shared.slice(0, 20)) {
    io.say(`Its edit of ${visible(path)} is in ${id.slice(0, 10)}, with ${taskList(others)}`);
  }
  if (shared.length > 20) io.say(`and ${shared.length - 20} more`);
  printHeld(io, outcome?.held ?? [], `git session hooks post-task --task-id ${oneLine(task, 100)}`);
}
