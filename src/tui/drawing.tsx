/** Rows on the real terminal, kept up to date, and the keys that are pressed there. */

import { render } from 'ink';
import type { InkKey } from './keys.ts';
import type { Row } from './rows.ts';
import { Screen } from './screen.tsx';
import { openWindow } from './window.ts';

export interface Drawing {
  /** Draws the rows as they are now. */
  draw(): void;
  /** Gives the terminal back. Safe to call again. */
  close(): void;
}

export interface DrawingEvents {
  /** The rows for a terminal of this size. */
  rows(size: { columns: number; rows: number }): readonly Row[];
  onKey(input: string, key: InkKey): void;
  /** The terminal went away. */
  onGone(): void;
}

export function drawOn(events: DrawingEvents): Drawing {
  const listeners = new Set<() => void>();
  let rows: readonly Row[] = [];
  const window = openWindow({ onResize: draw, onGone: events.onGone, onEnd: () => ink.unmount() });
  rows = events.rows(window.size());
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const ink = render(<Screen subscribe={subscribe} rows={() => rows} onKey={events.onKey} />, {
    exitOnCtrlC: false,
    patchConsole: false,
    stdin: window.stdin,
    stdout: window.stdout,
  });

  function draw(): void {
    rows = events.rows(window.size());
    for (const listener of listeners) listener();
  }
  return { draw, close: window.close };
}
