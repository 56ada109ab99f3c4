import { visible } from '../../core/text/text.ts';
import { openRepo } from '../../git/repo.ts';
import { bringIn } from '../../lifecycle/bring-in.ts';
import { resolveSession } from '../../lifecycle/session/session.ts';
import type { Call, CommandSpec } from '../command.ts';
import { text } from '../command.ts';
import { SESSION_OPTION } from '../hook-options.ts';
import { whileSlow } from '../progress.ts';

export const command: CommandSpec = {
  name: 'bring-in',
  summary: "Merge a subagent's own branch into the session",
  details:
    'A subagent that works in a worktree of its own leaves its checkpoints on its own branch. This merges them into the session and moves the ' +
    "session's checkout along. On a conflict nothing changes; the branch and its worktree stay as they are.",
  args: [{ spec: '<branch>', description: 'such as worktree-agent-a1b2c3, which status names' }],
  options: [SESSION_OPTION],
  examples: ['git session bring-in worktree-agent-a1b2c3'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const { io } = call;
  const repo = await openRepo();
  const session = await resolveSession(repo, text(call, 'session'));
  const { branch, commit, left } = await whileSlow('Bringing it in…', bringIn(repo, session, call.args[0] ?? ''));
  io.json({ session: session.id, branch, commit, left });
  io.say(
    commit === null
      ? `The session holds everything of ${visible(branch)} already.`
      : `Brought in ${visible(branch)} as ${commit.slice(0, 10)}.`,
  );
  for (const path of left.slice(0, 20)) io.say(`Not committed there, and left behind: ${visible(path)}`);
  if (left.length > 20) io.say(`and ${left.length - 20} more`);
}
