/** A line on stderr about what takes longer than a second: at a terminal only, and gone when it is done. */

import { inCi } from '../core/ci.ts';
import { oneLine } from '../core/text/text.ts';
import { output } from './output.ts';

/** Nobody wonders before. */
const AFTER_MS = 1000;
const CLEAR = '\r\u001b[K';

/** True while a line stands there. */
let shown = false;

/** Takes the line away before something else is said. */
export function clearProgress(): void {
  if (shown) output(2).write(CLEAR);
  shown = false;
}

/** A line at a terminal about what may ask there itself, as ssh does for a passphrase: it is said at once, and stays. */
export function announce(text: string): void {
  const err = output(2);
  if (err.isTTY && !inCi(process.env)) err.write(`${oneLine(text, 200)}\n`);
}

export interface Progress {
  /** What goes on now; shown from the first second on. */
  tell(text: string): void;
  /** Takes the line away. */
  done(): void;
}

/** Begins to count. `CI`, a dumb terminal and a pipe get nothing. */
export function startProgress(first: string): Progress {
  const err = output(2);
  if (!err.isTTY || process.env.TERM === 'dumb' || inCi(process.env)) return { tell: () => {}, done: () => {} };
  let text = first;
  let due = false;
  const show = () => {
    due = true;
    shown = true;
    err.write(`${CLEAR}${oneLine(text, (err.columns || 80) - 1)}`);
  };
  const timer = setTimeout(show, AFTER_MS);
  timer.unref();
  return {
    tell: (now) => {
      text = now;
      if (due) show();
    },
    done: () => {
      clearTimeout(timer);
      clearProgress();
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
