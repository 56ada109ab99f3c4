import { visible } from '../../core/text/text.ts';
import { openRepo, repoAt } from '../../git/repo.ts';
import { apartNote, branchesApart } from '../../lifecycle/apart.ts';
import { switchSession } from '../../lifecycle/checkout/switch.ts';
import { hookState } from '../../lifecycle/hooks/install.ts';
import { policyNow } from '../../lifecycle/policy-now.ts';
import { loadSession, resolveSession } from '../../lifecycle/session/session.ts';
import { sessionFacts } from '../../lifecycle/session/session-facts.ts';
import { deriveState } from '../../lifecycle/session/state.ts';
import { type CommandSpec, SESSION_WORDS } from '../command.ts';
import { HOOKS } from '../print/start.ts';

export const command: CommandSpec = {
  name: 'switch',
  summary: 'Check out a session',
  details:
    'Uncommitted changes come along, as with git switch; where they do not fit, nothing moves. ' +
    'While an agent is at work in the session of this checkout, it stays: use --worktree to work beside it.',
  args: [{ spec: '<session>', description: SESSION_WORDS }],
  options: [{ flags: '--worktree [path]', description: 'check it out in a new linked worktree, and leave this checkout alone' }],
  examples: ['git session switch 20251117-143022', 'git session switch 20251117-143022 --worktree'],
  json: true,
  run: async ({ io, args, options }) => {
    const repo = await openRepo();
    const session = await resolveSession(repo, args[0]);
    const worktree = options.worktree === true || typeof options.worktree === 'string' ? options.worktree : null;
    const state = await deriveState(repo, session);
    const { top, moved } = await switchSession(repo, session, state, worktree, new Date());
    const [now, hooks, { initialised }] = await Promise.all([loadSession(repo, session.id), hookState(repoAt(repo, top)), policyNow(repo)]);
    io.json({ session: sessionFacts(now ?? session, state), worktree: top, moved, hooks });
    io.say(moved ? `Switched to ${io.paint('bold', session.id)}` : `${io.paint('bold', session.id)} is checked out here already.`);
    if (top !== repo.top) io.say(`  worktree   ${visible(top)}`);
    for (const branch of await branchesApart(repo, now ?? session)) io.note(apartNote(branch));
    if (initialised && hooks !== 'active') io.note(HOOKS[hooks]);
  },
};
