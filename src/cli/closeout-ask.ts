/** How `closeout` and `approve` get their decision: a person at the terminal, or `--yes` where the policy asks for nobody. */

import type { Ask, Decision } from '../closeout/context.ts';
import { blocking, type Prepared } from '../closeout/prepare.ts';
import { reviewOf } from '../closeout/review.ts';
import { type ErrorText, personError, SessionError, stateError } from '../core/errors.ts';
import type { Policy } from '../core/policy.ts';
import type { Actor } from '../core/record.ts';
import { cannotApprove, closingLines, concernsOf, QUESTION } from '../core/review.ts';
import { presence } from '../trust/presence.ts';
import type { Io } from './io.ts';
import { printLines, printReview } from './review-print.ts';

export interface AskOptions {
  io: Io;
  /** `--yes`. */
  yes: boolean;
  /** Keys of patterns named by `--drop-pattern`. */
  dropped: ReadonlySet<string>;
  by: Actor;
}

/** Why nobody can decide here, or null where somebody can. */
export function whyNobody(policy: Policy, yes: boolean): SessionError | null {
  try {
    presence(policy);
  } catch (error) {
    if (error instanceof SessionError) return error;
    throw error;
  }
  const unattended = policy.presence === 'none';
  if (yes && !unattended) return personError(ONLY_UNATTENDED);
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  return yes || terminal ? null : personError(NO_ANSWER);
}

const ONLY_UNATTENDED: ErrorText = {
  what: '--yes approves nothing here.',
  why: 'It counts only in a repository whose policy says presence: none.',
  next: 'Run the command without it and read the review.',
};

const NO_ANSWER: ErrorText = {
  what: 'Nobody answered.',
  why: 'This is no terminal, and --yes was not given.',
  next: 'Run the command in a terminal, or with --yes, which this repository\u2019s policy admits (presence: none).',
};

/** The decision on a review: by `--yes`, or asked on the terminal. */
export function asker({ io, yes, dropped, by }: AskOptions): Ask {
  return async (prepared, context): Promise<Decision> => {
    const review = reviewOf(prepared, context);
    const concerns = concernsOf(review);
    const blocked = blocking(prepared.checks).map((check) => check.name);
    if (yes) {
      printReview(io, review);
      if (blocked.length === 0) io.say(`\n${QUESTION} yes (unattended)`);
      else printLines(io, closingLines([], blocked, review.facts.id));
      return { verdict: 'approve', dropped, accepted: concerns };
    }
    const askOnTerminal = await loadScreen();
    const answer = await askOnTerminal({ review, concerns, blocked, dropped });
    return answer.verdict === 'reject' ? { ...answer, by } : answer;
  };
}

/** Ink draws no questions where CI is set, but somebody is at the terminal here; it looks once, when it is loaded. */
async function loadScreen() {
  const { CI, CONTINUOUS_INTEGRATION } = process.env;
  delete process.env.CI;
  delete process.env.CONTINUOUS_INTEGRATION;
  const { askOnTerminal } = await import('../tui/ask.tsx');
  Object.assign(process.env, CI === undefined ? {} : { CI }, CONTINUOUS_INTEGRATION === undefined ? {} : { CONTINUOUS_INTEGRATION });
  return askOnTerminal;
}

/** The review on stdout with its question, or why there is none, and nothing decided. */
export function showReview(io: Io, prepared: Prepared): void {
  const review = reviewOf(prepared, { key: null, again: null });
  const blocked = blocking(prepared.checks).map((check) => check.name);
  printReview(io, review);
  printLines(io, closingLines(concernsOf(review), blocked, review.facts.id));
}

/** Throws (exit 1) where a person at a terminal could not approve either. */
export function refuseUnapprovable(prepared: Prepared): void {
  const blocked = blocking(prepared.checks).map((check) => check.name);
  if (blocked.length === 0) return;
  throw stateError({
    what: cannotApprove(blocked),
    next: `See what they print with: git session check\nCorrect it and close out again, or send it back: git session reject ${prepared.session.id} --reason "..."`,
  });
}
