/** Runs the review on the real terminal until somebody has decided. */

import { openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
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
  const keys = ownTerminal();
  const screen = render(
    <Review
      review={review}
      concerns={concerns}
      blocked={blocked}
      onDone={(said) => {
        verdict = said;
      }}
    />,
    { exitOnCtrlC: false, stdin: keys ?? process.stdin },
  );
  await screen.waitUntilExit();
  keys?.destroy();
  return answerOf(verdict, { concerns, dropped });
}

/**
 * The controlling terminal, opened for the review alone. Node goes on reading standard input after Ink has let it go, and would take
 * keys from whoever asks next: ssh-keygen for a passphrase, say. Closing this one ends that. Null where there is none: standard input serves then.
 */
function ownTerminal(): ReadStream | null {
  try {
    return new ReadStream(openSync('/dev/tty', 'r'));
  } catch {
    return null;
  }
}

function answerOf(verdict: Verdict, { concerns, dropped }: Pick<AskOnTerminal, 'concerns' | 'dropped'>): TerminalAnswer {
  if (verdict.verdict === 'approve') return { verdict: 'approve', dropped, accepted: concerns };
  return verdict.verdict === 'reject' ? { verdict: 'reject', reasons: verdict.reasons.map(parseReason) } : verdict;
}
