/** The steps of a closeout as they are run: each is written down before its act, so that a repeated run knows what may have happened. */

import { landingPlan, type Step, type StepName } from '../../core/closeout/plan.ts';
import type { MoveOptions } from '../../git/checkout.ts';
import type { IndexClaim } from '../../git/index-file.ts';
import type { Repo } from '../../git/run.ts';
import { type CloseoutState, type LandingObjects, writeCloseout } from '../../store/closeout-state.ts';
import { markOf } from '../../store/process.ts';

/** A closeout with everything signed. */
export type Landing = CloseoutState & { landing: LandingObjects };

/** The steps of this closeout. */
function stepsOf({ goal, landing }: Pick<CloseoutState, 'goal' | 'landing'>): Step[] {
  const session = landing?.checkouts.find((move) => move.role === 'session');
  return landingPlan({
    goal,
    sealed: landing?.moves.some((move) => move.what === 'session' && move.from === move.to) ?? false,
    baseCheckout: landing?.checkouts.some((move) => move.role === 'base') ?? false,
    sessionCheckout: !session ? 'none' : session.after === 'stay' ? 'to-base' : session.after,
    keepBranch: landing?.keepBranch ?? false,
    push: landing?.push != null,
    refused: landing?.withdrawn !== undefined,
  });
}

/** Runs one step where the plan has it. */
export async function step(repo: Repo, state: CloseoutState, name: StepName, act: () => Promise<void> | void): Promise<void> {
  if (!stepsOf(state).some((planned) => planned.name === name)) return;
  state.step = name;
  writeCloseout(repo.commonDir, state);
  dieAt(`before ${name}`);
  await act();
  dieAt(name);
}

/** A git that may outlive us: a repeated run waits for it before it looks. */
export function noteChild(repo: Repo, state: CloseoutState, pid: number): void {
  state.children = [...state.children.slice(-5), markOf(pid)];
  writeCloseout(repo.commonDir, state);
}

/** A lock of an index that we are about to take: a repeated run knows it for ours. */
function noteClaim(repo: Repo, state: CloseoutState, claim: IndexClaim): void {
  state.claims = [...(state.claims ?? []), claim];
  writeCloseout(repo.commonDir, state);
}

/** Options of a move of a checkout that write down what a kill would leave. */
export const noting = (repo: Repo, state: CloseoutState): MoveOptions => ({
  onStart: (pid) => noteChild(repo, state, pid),
  onClaim: (claim) => noteClaim(repo, state, claim),
});

/**
 * For tests alone: dies as by `kill -9` where GIT_SESSION_TEST_KILL_AT names this step, after its act and before anything says that it is
 * done; or, with `before ` in front, where it is written down and nothing of it has been done.
 */
function dieAt(point: StepName | `before ${StepName}`): void {
  if (process.env.GIT_SESSION_TEST_KILL_AT === point) process.kill(process.pid, 'SIGKILL');
}
