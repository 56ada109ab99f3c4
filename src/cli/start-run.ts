/** Starts a session as planned and tells of it; a new worktree is set up as the policy says. */

import type { Repo } from '../git/run.ts';
import { worktreePolicy } from '../lifecycle/checkout/worktree.ts';
import { runStart, type Started } from '../lifecycle/start/start.ts';
import type { StartPlan } from '../lifecycle/start/start-plan.ts';
import { startedFacts } from '../lifecycle/start/started-facts.ts';
import { type Call, flag, type OptionSpec } from './command.ts';
import { printStarted } from './print/start.ts';
import { whileSlow } from './progress.ts';
import { type SetUpWish, setUpWorktree } from './set-up-worktree.ts';

/** Of every command that makes worktrees. */
export const SETUP_OPTIONS: OptionSpec[] = [
  { flags: '-y, --yes', description: "agree to the policy's set-up of worktrees, which this clone then runs without asking" },
  { flags: '--no-setup', description: 'leave that set-up out' },
];

/** What `--worktree [path]` asks for: a path, `true` for the place that the policy names, undefined for none. */
export function worktreeOf({ options: { worktree } }: Call): string | true | undefined {
  return worktree === true || typeof worktree === 'string' ? worktree : undefined;
}

export function setUpAnswer(call: Call): SetUpWish['answer'] {
  return call.options.setup === false ? 'no' : flag(call, 'yes') ? 'yes' : 'ask';
}

/** `typed`: the topic as it was given. Returns the facts, as the schema of `start` has them. */
export async function startAndTell(call: Call, repo: Repo, plan: StartPlan, now: Date, typed: string) {
  return tellStarted(call, repo, plan, await whileSlow('Starting the session…', runStart(repo, plan, now)), typed);
}

/** The same of a session that was started already. */
export async function tellStarted(call: Call, repo: Repo, plan: StartPlan, started: Started, typed: string) {
  const facts = await startedFacts(repo, plan, started);
  printStarted(call.io, facts, typed);
  const command = started.linked ? worktreePolicy(plan.policy).setup : null;
  const agent = plan.actor.kind !== 'person';
  const setUp = await setUpWorktree(call.io, repo, { top: started.top, command, answer: setUpAnswer(call), agent });
  return { ...facts, set_up: setUp };
}
