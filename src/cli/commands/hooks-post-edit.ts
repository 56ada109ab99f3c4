import { usageError } from '../../core/errors.ts';
import { fullKey } from '../../core/memory/key.ts';
import { count, oneLine, visible } from '../../core/text/text.ts';
import { recordEdit } from '../../lifecycle/checkpoint/edit.ts';
import { sessionHere } from '../../lifecycle/session/here.ts';
import { type Call, type CommandSpec, text } from '../command.ts';
import { AGENT_OPTIONS, agentOf, SESSION_OPTION, taskIdOf, taskList } from '../hook-options.ts';

export const command: CommandSpec = {
  name: 'hooks post-edit',
  summary: 'Record that a file was edited',
  details:
    "Records the path and the file's content as it is now, for the task and agent that edited it. Exit 0 means written. " +
    'The file is committed by the checkpoint of its task (or at once, where the policy says "checkpoint: edit").\n\n' +
    'Without --task-id the edit belongs to GIT_SESSION_TASK, else to the only open task of the agent (of all, where none is named), else to none. A file that is gone counts as deleted.',
  options: [
    { flags: '--file <path>', description: 'the file, relative to the current folder or absolute' },
    { flags: '--memory-key <key>', description: 'also store {path, blob, task, agent} in memory under this key' },
    { flags: '--task-id <id>', description: 'the task that it belongs to (also: GIT_SESSION_TASK)' },
    ...AGENT_OPTIONS,
    SESSION_OPTION,
  ],
  examples: ['git session hooks post-edit --file sessions/.../artifacts/code/auth.js --memory-key swarm/coder/auth-api-complete'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const file = text(call, 'file');
  if (file === undefined) throw usageError({ what: 'Which file was edited?', next: 'git session hooks post-edit --file <path>' });
  const task = taskIdOf(call);
  const { named, around } = agentOf(call);
  const here = await sessionHere(text(call, 'session'));
  const memoryKey = text(call, 'memoryKey') ?? null;
  const edit = await recordEdit(here, { file, cwd: process.cwd(), task, actor: named, fallback: around, memoryKey });
  const checkpoint = here.policy.checkpoint === 'edit' ? await commitNow(here.place.top, here.id, edit.path) : null;
  call.io.json({
    session: here.id,
    path: edit.path,
    blob: edit.blob,
    task: edit.task,
    agent: edit.actor.name,
    record: edit.record,
    memory: edit.memory,
    commit: checkpoint?.commit ?? null,
    queued: checkpoint?.queued ?? false,
  });
  const whose = edit.task === null ? '' : ` (${oneLine(edit.task, 60)})`;
  call.io.say(`${edit.blob === null ? 'Deleted' : 'Edited'}: ${visible(edit.path)}${whose}`);
  if (edit.unclear.length > 0)
    call.io.note(
      `note: ${count(edit.unclear.length, 'task')} are open (${taskList(edit.unclear)}), so it belongs to none. To say which: --task-id <id>`,
    );
  if (edit.beside !== null) {
    const open = edit.beside.length > 0 ? `open are: ${taskList(edit.beside)}` : 'none is open';
    call.io.note(`note: new task ${oneLine(edit.task ?? '', 60)}, of which this clone has no record before; ${open}`);
  }
  if (edit.memory) call.io.say(`Stored ${visible(fullKey(edit.memory))}`);
}

/** Policy asks for a commit after each edit: the slow part is loaded only then. */
async function commitNow(top: string, id: string, path: string) {
  const [{ openRepo }, { resolveSession }, { requestCheckpoint }] = await Promise.all([
    import('../../git/repo.ts'),
    import('../../lifecycle/session/session.ts'),
    import('../../lifecycle/checkpoint/checkpoint.ts'),
  ]);
  const repo = await openRepo(top);
  return requestCheckpoint(repo, await resolveSession(repo, id), {
    files: [path],
    event: 'checkpoint',
    wait: false,
    subject: `edit ${path}`,
  });
}
