/** A whole screen as rows: header, tabs, the part of the list that is in sight, what is asked, the keys that work now. Pure. */

import { stripVTControlCharacters } from 'node:util';
import { visible } from '../core/text/text.ts';
import { progressOf } from './data.ts';
import { diffTone } from './diff-lines.ts';
import { helpLines } from './help.ts';
import { KEYS, type KeyHelp } from './keys.ts';
import { type Body, extentOfLines, keyRow, listRows, rule } from './layout.ts';
import { panelLines } from './panel.ts';
import { type Extent, moved, type Place, START, settled } from './place.ts';
import { cutTo, firstColumns, type Line, type Row, type ScreenTone, span, spread, widthOf } from './rows.ts';
import { type Pager, SCREENS, type State, viewOf } from './state.ts';

/** Rows above and below the list. */
const HEADER = 3;
const FOOTER = 2;

/** The lines of the screen that is shown; null while a text is open over it. */
export function linesOf(state: State): readonly Line[] {
  if (state.help) return helpLines(state.size.columns);
  const lines = (SCREENS[state.tab]?.screen ?? (() => []))(viewOf(state));
  return lines[0] && lines[0].target === null && lines[0].draw().length === 0 ? lines.slice(1) : lines;
}

/** How much of the list is in sight. */
function bodyHeight(state: State): number {
  return Math.max(3, state.size.rows - 1 - HEADER - FOOTER - panelLines(state).length);
}

/** What a place moves in. */
export function extentOf(state: State, lines: readonly Line[] | null): Extent {
  const height = bodyHeight(state);
  if (lines === null) return { count: state.pager?.source.lines.length ?? 0, height: height - 1, stands: () => true };
  return extentOfLines(lines, height);
}

/** Exactly as many rows as the terminal has, less one: a full screen would make Ink clear the terminal. */
export function frame(state: State): Row[] {
  const { columns } = state.size;
  const height = bodyHeight(state);
  const {
    rows: body,
    above,
    below,
  } = state.pager && !state.help ? pagerRows(state.pager, extentOf(state, null), columns) : listBody(state, height);
  const filled = [...body, ...Array<Row>(Math.max(0, height - body.length)).fill([])].slice(0, height);
  const rows = [
    header(state),
    tabs(state),
    rule(columns, '\u2191', above),
    ...filled,
    rule(columns, '\u2193', below),
    ...panelLines(state),
    footer(state),
  ];
  return rows.map((row) => cutTo(row, columns));
}

function header({ data, size, notes }: State): Row {
  const { passed, of, failed } = progressOf(data);
  const score =
    data.checks.length === 0
      ? []
      : [span('  checks ', 'dim'), span(`${passed}/${of}`, failed > 0 ? 'bad' : passed === of ? 'good' : 'plain')];
  const state = data.stage === 'ready' ? (data.review?.sealed ? 'sealed' : 'review') : data.stage;
  const noted = notes.length === 0 ? [] : [span(`  ${notes.length} noted`, 'warn')];
  return spread(
    [span(' Closeout of '), span(visible(data.topic), 'title')],
    [span(state, 'accent'), ...score, ...noted, span(' ')],
    size.columns,
  );
}

function tabs(state: State): Row {
  const { tab, size } = state;
  const named = (short: boolean): Row =>
    SCREENS.map(({ name }, i) => {
      const label = short && i !== tab ? `${i + 1}` : `${i + 1} ${name}`;
      return i === tab ? span(`[${label}]`, 'accent') : span(` ${label} `, 'dim');
    });
  const whole = named(false);
  return widthOf(whole) <= size.columns ? whole : named(true);
}

function listBody(state: State, height: number): Body {
  const lines = linesOf(state);
  return listRows(lines, settled(state.help ?? state.places[state.tab] ?? START, extentOf(state, lines)), height);
}

/** Where one is in an open text, which may have grown. */
export const pagerPlace = ({ place, atEnd }: Pager, extent: Extent): Place =>
  atEnd ? moved(place, 'end', extent) : settled(place, extent);

function pagerRows(pager: Pager, extent: Extent, columns: number): Body {
  const { source, title, kind, left } = pager;
  const place = pagerPlace(pager, extent);
  const shown = source.lines.slice(place.top, place.top + extent.height);
  const where = `${source.lines.length === 0 ? 0 : place.cursor + 1} of ${source.lines.length}${source.done ? '' : '+'}`;
  const head = spread([span(` ${title}`, 'heading')], [span(`${left > 0 ? `column ${left + 1}, ` : ''}line ${where} `, 'dim')], columns);
  const rows = shown.map((raw, n): Row => {
    const tone: ScreenTone = kind === 'diff' ? diffTone(raw) : 'plain';
    const chosen = place.top + n === place.cursor;
    return [
      span(chosen ? '\u276f ' : '  ', 'accent'),
      ...cutTo([span(textAt(kind === 'log' ? stripVTControlCharacters(raw) : raw, left), tone)], columns - 2),
    ];
  });
  if (source.lines.length === 0) rows.push([span(source.done ? '  Nothing is here.' : '  Reading \u2026', 'dim')]);
  if (source.note) rows.push([span(`  ${visible(source.note)}`, 'warn')]);
  return { rows: [head, ...rows], above: place.top, below: Math.max(0, source.lines.length - place.top - shown.length) };
}

/** A line safe to print, tabs as spaces, from a column on. */
function textAt(raw: string, left: number): string {
  const text = visible(raw.replace(/\r$/, '').replaceAll('\t', '    '));
  return left === 0 ? text : text.slice(firstColumns(text, left).length);
}

function footer(state: State): Row {
  const parts = keyRow(footerKeys(state), state.size.columns);
  const { doing, stage } = state.data;
  // Where there is room, what goes on stands at the right.
  const right = stage === 'ready' || doing === '' ? [] : [span(`${doing} `, 'dim')];
  return widthOf(parts) + widthOf(right) + 1 <= state.size.columns ? spread(parts, right, state.size.columns) : parts;
}

function footerKeys(state: State): KeyHelp[] {
  if (state.asking) return [{ ...KEYS.open, does: 'answer' }, KEYS.back];
  if (state.help) return [KEYS.move, KEYS.back];
  if (state.pager) return [KEYS.move, KEYS.scroll, ...(state.pager.kind === 'diff' ? [KEYS.note] : []), KEYS.back];
  const { data, tab } = state;
  const sealed = data.review?.sealed === true;
  const own: Record<string, KeyHelp[]> = {
    Summary: data.stage === 'ready' && !sealed ? [KEYS.edit] : [],
    Files: [KEYS.open, ...(data.review?.since ? [KEYS.since] : [])],
    Memory: [KEYS.open],
    Patterns: [KEYS.open, ...(sealed ? [] : [KEYS.drop, KEYS.editPattern])],
    Checks: [KEYS.open, ...(data.stage === 'ready' ? [KEYS.again] : [])],
  };
  const decide = data.stage === 'ready' ? [KEYS.approve, KEYS.reject] : [];
  return [...decide, ...(own[SCREENS[tab]?.name ?? ''] ?? []), KEYS.leave, KEYS.help];
}

/** Where the cursor is, for whoever acts on it. */
export function currentTarget(state: State): string | null {
  const lines = linesOf(state);
  const place: Place = settled(state.places[state.tab] ?? { cursor: 0, top: 0 }, extentOf(state, lines));
  return lines[place.cursor]?.target ?? null;
}
