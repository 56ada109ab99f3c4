import { stateError } from '../../core/errors.ts';
import { openRepo } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { catchUp } from '../../lifecycle/checkpoint/catch-up.ts';
import { restoreSession } from '../../lifecycle/restore.ts';
import { loadSession, resolveSession, type Session } from '../../lifecycle/session/session.ts';
import { sessionFacts } from '../../lifecycle/session/session-facts.ts';
import { deriveState } from '../../lifecycle/session/state.ts';
import { runStart } from '../../lifecycle/start/start.ts';
import { planStart } from '../../lifecycle/start/start-plan.ts';
import { startedFacts } from '../../lifecycle/start/started-facts.ts';
import { actorOf } from '../actor.ts';
import { type Call, type CommandSpec, SESSION_WORDS, text } from '../command.ts';
import { printStarted } from '../print/start.ts';

export const command: CommandSpec = {
  name: 'restore',
  summary: 'Bring an abandoned session back',
  details:
    'The session branch stands again and is active; nothing is checked out. A closed session is never opened again: ' +
    'with --continue <topic> a new session starts that continues it.',
  args: [{ spec: '<session>', description: SESSION_WORDS }],
  options: [
    { flags: '--continue <topic>', description: 'for a closed session: start a new one that goes on where it ended' },
    { flags: '--goal <text>', description: 'goal of the new session' },
    { flags: '--worktree [path]', description: 'start the new session in a linked worktree' },
  ],
  examples: ['git session restore 20251117-143022', 'git session restore 20251117-143022 --continue auth-token-rotation'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const repo = await openRepo();
  const { session } = await catchUp(repo, await resolveSession(repo, call.args[0]));
  const state = await deriveState(repo, session);
  const topic = text(call, 'continue');
  if (topic !== undefined) {
    if (state !== 'closed')
      throw stateError({
        what: `${session.id} is ${state}; only a closed session is continued by a new one.`,
        next: `Leave --continue out, or start one from it: git session start <topic> --from ${session.id}`,
      });
    return continueIn(call, repo, session, topic);
  }
  const restored = await restoreSession(repo, session, state, actorOf(call));
  const now = (await loadSession(repo, session.id)) ?? session;
  call.io.json({ restored: sessionFacts(now, 'active'), started: null });
  call.io.say(`Restored ${call.io.paint('bold', restored.id)}`);
  call.io.say(`  branch     ${restored.branch}`);
  call.io.note(`Check it out with: git session switch ${restored.id}`);
}

async function continueIn(call: Call, repo: Repo, session: Session, topic: string): Promise<void> {
  const now = new Date();
  const worktree = call.options.worktree;
  const request = { topic, goal: text(call, 'goal'), from: session.id, actor: actorOf(call) };
  const place = worktree === true || typeof worktree === 'string' ? worktree : undefined;
  const plan = await planStart(repo, { ...request, worktree: place }, now);
  const facts = await startedFacts(repo, plan, await runStart(repo, plan, now));
  call.io.json({ restored: null, started: facts });
  printStarted(call.io, facts, topic);
}
