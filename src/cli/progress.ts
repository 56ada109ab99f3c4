/** A line on stderr about what takes longer than a second: at a terminal only, and gone when it is done. */

import { oneLine } from '../core/text/text.ts';
import { output } from './output.ts';

/** Nobody wonders before. */
const AFTER_MS = 1000;
const CLEAR = '\r\u001b[K';

export interface Progress {
  /** What goes on now; shown from the first second on. */
  tell(text: string): void;
  /** Takes the line away. */
  done(): void;
}

/** Begins to count. `CI`, a dumb terminal and a pipe get nothing. */
export function startProgress(first: string): Progress {
  const err = output(2);
  if (!err.isTTY || process.env.TERM === 'dumb' || process.env.CI) return { tell: () => {}, done: () => {} };
  let text = first;
  let shown = false;
  const show = () => {
    shown = true;
    err.write(`${CLEAR}${oneLine(text, (err.columns || 80) - 1)}`);
  };
  const timer = setTimeout(show, AFTER_MS);
  timer.unref();
  return {
    tell: (now) => {
      text = now;
      if (shown) show();
    },
    done: () => {
      clearTimeout(timer);
      if (shown) err.write(CLEAR);
    },
  };
}

/** Shows `text` while `act` goes on. */
export async function whileSlow<T>(text: string, act: Promise<T>): Promise<T> {
  const progress = startProgress(text);
  try {
    return await act;
  } finally {
    progress.done();
  }
}
