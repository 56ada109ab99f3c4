/** The live view as a state: keys in, rows out. Pure. */

import { count } from '../core/text/text.ts';
import type { Followed } from '../lifecycle/session/follow-sessions.ts';
import { type InkKey, KEYS, keyName } from './keys.ts';
import { extentOfLines, keyRow, listRows, rule } from './layout.ts';
import { MOVES, moved, type Place, START, settled } from './place.ts';
import { cutTo, type Row, span, spread } from './rows.ts';
import { atWork, watchLines } from './watch-lines.ts';

export interface WatchState {
  /** Null: not looked yet. */
  sessions: readonly Followed[] | null;
  opened: ReadonlySet<string>;
  place: Place;
  size: { columns: number; rows: number };
  now: number;
}

export const firstWatch = (now: number): WatchState => ({
  ...{ sessions: null, opened: new Set<string>(), place: START },
  ...{ size: { columns: 80, rows: 24 }, now },
});

const linesOf = ({ sessions, opened, size, now }: WatchState) =>
  sessions === null ? [] : watchLines({ sessions, opened, width: size.columns, now });

/** Rows of the list. */
const heightOf = ({ size }: WatchState) => Math.max(3, size.rows - 5);

/** The state after a key; null: the person leaves. */
export function watchKey(state: WatchState, input: string, key: InkKey): WatchState | null {
  const name = keyName(input, key);
  if (name === 'ctrl-c' || name === 'q' || name === 'escape') return null;
  const lines = linesOf(state);
  const extent = extentOfLines(lines, heightOf(state));
  const move = MOVES[name];
  if (move) return { ...state, place: moved(state.place, move, extent) };
  if (name !== 'enter') return state;
  const target = lines[settled(state.place, extent).cursor]?.target;
  if (!target) return state;
  const opened = new Set(state.opened);
  const id = target.slice('session:'.length);
  if (!opened.delete(id)) opened.add(id);
  return { ...state, opened };
}

/** As many rows as the terminal has, less one. */
export function watchFrame(state: WatchState): Row[] {
  const { sessions, size, now } = state;
  const { columns } = size;
  const lines = linesOf(state);
  const height = heightOf(state);
  const body = listRows(lines, settled(state.place, extentOfLines(lines, height)), height);
  const title = [span(' Sessions at work', 'title')];
  const right =
    sessions === null
      ? [span('looking \u2026 ', 'dim')]
      : [span(`${count(sessions.length, 'session')} open, `, 'dim'), span(`${count(atWork(sessions, now), 'task')} at work `, 'accent')];
  const filled = [...body.rows, ...Array<Row>(Math.max(0, height - body.rows.length)).fill([])];
  const keys = keyRow([KEYS.move, { ...KEYS.open, does: 'more/less' }, KEYS.leave], columns);
  const rows = [spread(title, right, columns), rule(columns, '\u2191', body.above), ...filled, rule(columns, '\u2193', body.below), keys];
  return rows.map((row) => cutTo(row, columns));
}
