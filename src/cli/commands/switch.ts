import { visible } from '../../core/text/text.ts';
import { openRepo, repoAt } from '../../git/repo.ts';
import { apartNote, branchesApart } from '../../lifecycle/apart.ts';
import { switchSession } from '../../lifecycle/checkout/switch.ts';
import { worktreePolicy } from '../../lifecycle/checkout/worktree.ts';
import { hookState } from '../../lifecycle/hooks/install.ts';
import { policyNow } from '../../lifecycle/policy-now.ts';
import { loadSession, resolveSession } from '../../lifecycle/session/session.ts';
import { sessionFacts } from '../../lifecycle/session/session-facts.ts';
import { deriveState } from '../../lifecycle/session/state.ts';
import { agentHere } from '../actor.ts';
import { type Call, type CommandSpec, SESSION_WORDS } from '../command.ts';
import { printBrought, printLeft } from '../print/brought.ts';
import { HOOKS } from '../print/start.ts';
import { whileSlow } from '../progress.ts';
import { setUpWorktree } from '../set-up-worktree.ts';
import { SETUP_OPTIONS, setUpAnswer, worktreeOf } from '../start-run.ts';

export const command: CommandSpec = {
  name: 'switch',
  summary: 'Check out a session',
  details:
    'Uncommitted changes come along, as with git switch; where they do not fit, nothing moves. ' +
    'While an agent is at work in the session of this checkout, it stays: use --worktree to work beside it.',
  args: [{ spec: '<session>', description: SESSION_WORDS }],
  options: [
    { flags: '--worktree [path]', description: 'check it out in a new linked worktree, and leave this checkout alone' },
    ...SETUP_OPTIONS,
  ],
  examples: ['git session switch 20251117-143022', 'git session switch 20251117-143022 --worktree'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const { io, args } = call;
  const repo = await openRepo();
  const session = await resolveSession(repo, args[0], ({ ref }) => ref.startsWith('refs/heads/'));
  const path = worktreeOf(call) ?? null;
  const [state, policy] = await Promise.all([deriveState(repo, session), policyNow(repo)]);
  const worktree = worktreePolicy(policy);
  const wish = path === null ? null : { path, policy: worktree };
  const { top, moved, brought } = await whileSlow('Checking it out…', switchSession(repo, session, state, wish, new Date()));
  const [now, hooks] = await Promise.all([loadSession(repo, session.id), hookState(repoAt(repo, top))]);
  io.say(moved ? `Switched to ${io.paint('bold', session.id)}` : `${io.paint('bold', session.id)} is checked out here already.`);
  if (top !== repo.top) io.say(`  worktree   ${visible(top)}`);
  printBrought(io, brought);
  printLeft(io, brought);
  for (const branch of await branchesApart(repo, now ?? session)) io.note(apartNote(branch));
  if (policy.initialised && hooks !== 'active') io.note(HOOKS[hooks]);
  const agent = agentHere() !== null;
  const command = moved && path !== null ? worktree.setup : null;
  const setUp = await setUpWorktree(io, repo, { top, command, answer: setUpAnswer(call), agent });
  io.json({ session: sessionFacts(now ?? session, state), worktree: top, moved, brought, set_up: setUp, hooks });
}
