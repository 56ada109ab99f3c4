/** Where one is in a list that is longer than its window: the chosen line and the first one in sight. Pure. */

export interface Place {
  cursor: number;
  top: number;
}

export const START: Place = { cursor: 0, top: 0 };

/** A list: how long it is, how much of it is seen, and on which lines the cursor may stand. */
export interface Extent {
  count: number;
  height: number;
  stands(index: number): boolean;
}

export type Move = 'up' | 'down' | 'page-up' | 'page-down' | 'home' | 'end';

/** Moves by the name of their key. */
export const MOVES: Record<string, Move> = {
  up: 'up',
  down: 'down',
  'page-up': 'page-up',
  'page-down': 'page-down',
  home: 'home',
  end: 'end',
};

/** The place after a move: the cursor goes from line to line where it can stand; where the next one is out of sight, the window goes on by itself. */
export function moved(place: Place, move: Move, extent: Extent): Place {
  const { count, height } = extent;
  const last = Math.max(0, count - height);
  const from = settled(place, extent);
  if (move === 'home') return settled({ cursor: 0, top: 0 }, extent);
  if (move === 'end') return settled({ cursor: Math.max(0, count - 1), top: last }, extent, -1);
  const forward = move === 'down' || move === 'page-down';
  const by = move === 'up' || move === 'down' ? 1 : Math.max(1, height - 1);
  const top = Math.min(last, Math.max(0, from.top + (forward ? by : -by)));
  if (by > 1) {
    // At the end a page goes to the last line.
    const cursor = top === from.top ? (forward ? count - 1 : 0) : from.cursor + (top - from.top);
    return settled({ cursor, top }, extent, forward ? -1 : 1);
  }
  const next = nextStand(from.cursor, forward ? 1 : -1, extent);
  const lowest = from.top + height - 1;
  if (next !== null && next >= from.top - 1 && next <= lowest + 1) {
    return { cursor: next, top: Math.min(last, Math.max(0, next < from.top ? next : next > lowest ? next - height + 1 : from.top)) };
  }
  return { cursor: from.cursor, top };
}

/** The place with cursor and window inside the list; the cursor on a line where it can stand, where there is one in sight. */
export function settled({ cursor, top }: Place, extent: Extent, first: 1 | -1 = 1): Place {
  const { count, height, stands } = extent;
  const last = Math.max(0, count - height);
  const at = Math.min(Math.max(0, cursor), Math.max(0, count - 1));
  if (stands(at)) {
    const shown = Math.min(Math.max(0, top), last);
    return { cursor: at, top: shown };
  }
  const near = nextStand(at, first, extent) ?? nextStand(at, first === 1 ? -1 : 1, extent);
  return { cursor: near ?? at, top: Math.min(Math.max(0, top), last) };
}

function nextStand(from: number, step: 1 | -1, { count, stands }: Extent): number | null {
  for (let i = from + step; i >= 0 && i < count; i += step) if (stands(i)) return i;
  return null;
}
