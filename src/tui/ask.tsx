/** Runs the review on the real terminal until somebody has decided. */

import { render } from 'ink';
import { parseReason, type Reason } from '../core/reason.ts';
import type { ReviewFacts } from '../core/review.ts';
import type { Verdict } from './decision.ts';
import { Review } from './review.tsx';

export interface AskOnTerminal {
  review: ReviewFacts;
  concerns: string[];
  blocked: string[];
  dropped: ReadonlySet<string>;
}

export type TerminalAnswer =
  | { verdict: 'approve'; dropped: ReadonlySet<string>; accepted: string[] }
  | { verdict: 'reject'; reasons: Reason[] }
  | { verdict: 'leave' };

/** What the person at the terminal decided; a terminal that went away decides nothing. */
export async function askOnTerminal({ review, concerns, blocked, dropped }: AskOnTerminal): Promise<TerminalAnswer> {
  let verdict: Verdict = { verdict: 'leave' };
  const screen = render(
    <Review
      review={review}
      concerns={concerns}
      blocked={blocked}
      onDone={(said) => {
        verdict = said;
      }}
    />,
    { exitOnCtrlC: false },
  );
  await screen.waitUntilExit();
  return answerOf(verdict, { concerns, dropped });
}

function answerOf(verdict: Verdict, { concerns, dropped }: Pick<AskOnTerminal, 'concerns' | 'dropped'>): TerminalAnswer {
  if (verdict.verdict === 'approve') return { verdict: 'approve', dropped, accepted: concerns };
  return verdict.verdict === 'reject' ? { verdict: 'reject', reasons: verdict.reasons.map(parseReason) } : verdict;
}
