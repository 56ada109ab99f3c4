import { usageError } from '../../core/errors.ts';
import { count, oneLine, visible } from '../../core/text/text.ts';
import { readStatus } from '../../git/porcelain.ts';
import { openRepo, repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { abandonSession } from '../../lifecycle/abandon.ts';
import { resolveSession } from '../../lifecycle/session/session.ts';
import { actorOf } from '../actor.ts';
import { type Call, type CommandSpec, SESSION_ARG, text } from '../command.ts';
import { whileSlow } from '../progress.ts';

export const command: CommandSpec = {
  name: 'abandon',
  summary: 'Give a session up, keeping a way back',
  details:
    'A last commit says so, the branch moves to refs/git-session/trash/, and a checkout that holds it returns to base with uncommitted ' +
    'changes kept. `git session restore` brings it back.',
  args: [SESSION_ARG],
  options: [{ flags: '--reason <text>', description: 'why, for whoever looks later' }],
  examples: ['git session abandon --reason "The API will be dropped"', 'git session abandon 20251117-143022'],
  json: true,
  run: async (call) => {
    const reason = reasonOf(call);
    const repo = await openRepo();
    const session = await resolveSession(repo, call.args[0]);
    const done = await whileSlow('Abandoning the session…', abandonSession(repo, session, reason, actorOf(call), new Date()));
    const { io } = call;
    io.json({
      id: done.id,
      reason,
      commit: done.commit,
      trash: done.trash,
      worktree: done.left.worktree,
      branch: done.left.branch,
      withdrawn_tag: done.withdrawnTag,
    });
    io.say(`Abandoned ${io.paint('bold', done.id)}`);
    const { worktree, branch, detached } = done.left;
    if (worktree) io.say(`  checkout   ${visible(worktree)} is ${branch ? `on ${oneLine(branch, 80)}` : `detached: ${detached?.why}`}`);
    io.say(`  kept at    ${done.trash}`);
    if (worktree) await tellUncommitted(call, repo, worktree);
    if (done.withdrawnTag) io.note(`${done.withdrawnTag} went to the trash with it; where it was pushed, the remote still has it.`);
    io.note(`Bring it back with: git session restore ${done.id}`);
    if (detached?.next) io.note(detached.next);
  },
};

/** What no commit holds stays in the checkout, and does not come back with the session. */
async function tellUncommitted({ io }: Call, repo: Repo, top: string): Promise<void> {
  const paths = (await readStatus(repoAt(repo, top))).map((row) => row.path);
  if (paths.length === 0) return;
  io.say(`  left there ${count(paths.length, 'uncommitted file')}, in no commit of the session:`);
  for (const path of paths.slice(0, 20)) io.say(`    ${visible(path)}`);
  if (paths.length > 20) io.say(`    and ${paths.length - 20} more`);
}

function reasonOf(call: Call): string | null {
  const reason = text(call, 'reason')?.trim() ?? '';
  if (reason.length > 4000) throw usageError({ what: 'The reason is too long.', next: 'Say it in a few sentences.' });
  return reason === '' ? null : reason;
}
