/** How `closeout` and `approve` get their decision: a person at the terminal, or `--yes` where the policy asks for nobody. */

import type { Ask, CloseoutOptions, Decision } from '../closeout/context.ts';
import { blocking, type Prepared } from '../closeout/prepare/prepare.ts';
import { reviewOf } from '../closeout/prepare/review.ts';
import { inCi } from '../core/ci.ts';
import { cannotApprove, closingLines, concernsOf, QUESTION } from '../core/closeout/review.ts';
import { UNTESTED, untested } from '../core/documents/summary.ts';
import { type ErrorText, personError, SessionError, stateError } from '../core/errors.ts';
import type { Actor } from '../core/log/record.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { Repo } from '../git/run.ts';
import { presence } from '../trust/presence.ts';
import type { ReviewOptions } from '../tui/review.tsx';
import type { Io } from './io.ts';
import { printLines, printReview } from './review-print.ts';
import { withoutCi } from './screens.ts';

export interface AskOptions {
  io: Io;
  repo: Repo;
  /** Plain lines instead of a screen. */
  plain: boolean;
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
  return yes || (terminal && !inCi(process.env)) ? null : personError(NO_ANSWER);
}

const ONLY_UNATTENDED: ErrorText = {
  what: '--yes approves nothing here.',
  why: 'It counts only in a repository whose policy says presence: none.',
  next: 'Run the command without it and read the review.',
};

const NO_ANSWER: ErrorText = {
  what: 'Nobody answered.',
  why: 'This is no terminal, or CI is set, and --yes was not given.',
  next: 'Run the command in a terminal, or with --yes, which this repository\u2019s policy admits (presence: none).',
};

/** What takes part in a closeout for whoever decides: it is told what goes on, and asks. */
export interface Reviewer extends Pick<CloseoutOptions, 'ask' | 'onBegin' | 'onProgress' | 'onFound' | 'onCheck' | 'signal'> {
  /** Gives the terminal back, whatever happened. */
  close(): void;
}

/** Decides by `--yes`, or asks the person at the terminal: on a screen, or in plain lines. */
export async function reviewer({ io, repo, yes, plain, dropped, by }: AskOptions): Promise<Reviewer> {
  if (yes) return { ask: unattended(io, dropped), onProgress: io.note, close: () => {} };
  const options = { repo, by, dropped, note: io.note };
  const screen = plain ? await plainReview(io, options) : await screenReview(options);
  const ask: Ask = async (prepared, about) => {
    const answer = await screen.ask(prepared, about);
    // Said as far as it is true already; what comes of it is said once it has.
    if (answer.verdict === 'approve') io.note(about.landing?.goal === 'seal' ? 'Sealing \u2026' : 'Signing \u2026');
    return answer.verdict === 'reject' ? { ...answer, by } : answer;
  };
  const { signal, onProgress } = screen;
  const told = 'onBegin' in screen ? { onBegin: screen.onBegin, onFound: screen.onFound, onCheck: screen.onCheck } : {};
  return { ask, signal, onProgress, ...told, close: () => screen.close() };
}

function unattended(io: Io, dropped: ReadonlySet<string>): Ask {
  return async (prepared, about): Promise<Decision> => {
    const review = reviewOf(prepared, about);
    const blocked = blocking(prepared.checks).map((check) => check.name);
    printReview(io, review);
    if (blocked.length === 0) io.say(`\n${QUESTION} yes (unattended)`);
    else printLines(io, closingLines([], blocked, review.facts.id));
    return { verdict: 'approve', dropped, accepted: concernsOf(review) };
  };
}

async function screenReview(options: ReviewOptions) {
  const { TerminalReview } = await withoutCi(() => import('../tui/review.tsx'));
  return new TerminalReview(options);
}

async function plainReview(io: Io, options: ReviewOptions) {
  const { PlainReview } = await import('../tui/plain.ts');
  return new PlainReview({ ...options, say: io.say, width: io.width });
}

/** The review on stdout with its question, or why there is none, and nothing decided. */
export function showReview(io: Io, prepared: Prepared): void {
  const review = reviewOf(prepared, { key: null, again: null, landing: null });
  const blocked = blocking(prepared.checks).map((check) => check.name);
  printReview(io, review);
  const loud = untested(review.facts) ? [UNTESTED] : [];
  printLines(io, closingLines([...loud, ...concernsOf(review)], blocked, review.facts.id));
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
