/** What a key does: a state and a key in, the next state and what the program has to do out. Pure. */

import { cannotApprove } from '../core/closeout/review.ts';
import { decidePatterns } from '../core/documents/facts.ts';
import { patternValue } from '../core/pattern/pattern.ts';
import { fileJson, type Json } from '../core/text/json.ts';
import { count, oneLine } from '../core/text/text.ts';
import { answer, firstQuestion, type Note, type Question } from './decision.ts';
import { newLineAt } from './diff-lines.ts';
import { currentTarget, extentOf, linesOf, pagerPlace } from './frame.ts';
import { type InkKey, keyName } from './keys.ts';
import { wholeText } from './lazy-lines.ts';
import { caseOf } from './panel.ts';
import { MOVES, moved, START } from './place.ts';
import { decisionOf } from './screens/view.ts';
import { type Effect, type Pager, SCREENS, type State } from './state.ts';
import { typed } from './text-line.ts';

export interface Pressed {
  state: State;
  effect: Effect | null;
}

const LEAVE: Effect = { do: 'decide', verdict: { verdict: 'leave' } };

/** One event of the keyboard; a paste, or keys faster than the program, may hold several characters. */
export function press(state: State, input: string, key: InkKey): Pressed {
  const name = keyName(input, key);
  if (name === 'ctrl-c') return { state, effect: LEAVE };
  if (state.asking) return answerKey(state, name, input, key);
  if ([...input].length > 1 && name === input) return pressAll(state, input);
  const next = { ...state, message: null };
  if (state.help) return { state: helpKey(next, name), effect: null };
  return state.pager ? pagerKey(next, state.pager, name) : screenKey(next, name);
}

/** Character by character until something is asked: the rest is the answer. */
function pressAll(state: State, input: string): Pressed {
  let now: Pressed = { state, effect: null };
  const points = [...input];
  for (const [i, c] of points.entries()) {
    if (now.effect) return now;
    if (now.state.asking) return press(now.state, points.slice(i).join(''), {});
    now = press(now.state, c, c === '\r' ? { return: true } : {});
  }
  return now;
}

function helpKey(state: State, name: string): State {
  const move = MOVES[name];
  if (move && state.help) return { ...state, help: moved(state.help, move, extentOf(state, linesOf(state))) };
  return { ...state, help: null };
}

/** Columns that a step sideways goes. */
const SIDEWAYS = 20;

function pagerKey(state: State, pager: Pager, name: string): Pressed {
  const now = (over: Partial<Pager>): Pressed => ({ state: { ...state, pager: { ...pager, ...over } }, effect: null });
  const move = MOVES[name];
  if (move) {
    const extent = extentOf(state, null);
    const place = moved(pagerPlace(pager, extent), move, extent);
    const atEnd = move === 'end';
    pager.source.want(atEnd ? Number.MAX_SAFE_INTEGER : place.top + extent.height);
    return now({ place, atEnd });
  }
  if (name === 'right') return now({ left: pager.left + SIDEWAYS });
  if (name === 'left') return now({ left: Math.max(0, pager.left - SIDEWAYS) });
  if (name === 'c' && pager.path !== null) return noteAt(state, pager);
  if (name === 'escape' || name === 'q' || name === 'enter') {
    pager.source.close();
    return { state: { ...state, pager: null }, effect: null };
  }
  return name === '?' ? { state: { ...state, help: START }, effect: null } : { state, effect: null };
}

/** A reason about the line of the diff that the cursor is on. */
function noteAt(state: State, pager: Pager): Pressed {
  if (state.data.stage !== 'ready') return said(state, NOT_YET);
  const { cursor } = pagerPlace(pager, extentOf(state, null));
  const line = newLineAt(pager.source.lines, cursor);
  const at = `${pager.path}:${line ?? 1}: `;
  return { state: { ...state, asking: { question: { ask: 'note', at }, text: at } }, effect: null };
}

const NOT_YET = 'Checks still run: it can be decided when all is there.';
const said = (state: State, message: string): Pressed => ({ state: { ...state, message }, effect: null });
const ask = (state: State, question: Question, text = ''): Pressed => ({ state: { ...state, asking: { question, text } }, effect: null });

function screenKey(state: State, name: string): Pressed {
  const { data, tab } = state;
  const only = (over: Partial<State>): Pressed => ({ state: { ...state, ...over }, effect: null });
  const move = MOVES[name];
  if (move) {
    const place = moved(state.places[tab] ?? START, move, extentOf(state, linesOf(state)));
    return only({ places: state.places.map((old, i) => (i === tab ? place : old)) });
  }
  if (/^[1-9]$/.test(name)) return Number(name) <= SCREENS.length ? only({ tab: Number(name) - 1 }) : only({});
  if (name === 'tab' || name === 'right') return only({ tab: (tab + 1) % SCREENS.length });
  if (name === 'back-tab' || name === 'left') return only({ tab: (tab + SCREENS.length - 1) % SCREENS.length });
  if (name === '?') return only({ help: START });
  if (name === 'q') return { state, effect: LEAVE };
  if (name === 'a') return approve(state);
  if (name === 'e' && SCREENS[tab]?.name === 'Summary') return editSummary(state);
  if (name === 'r') return data.stage === 'ready' ? ask(state, { ask: 'reason', reasons: [...state.notes] }) : said(state, NOT_YET);
  if (name === 's' && SCREENS[tab]?.name === 'Files') {
    if (!data.review?.since) return said(state, 'Nothing was sent back before: there is no earlier review to compare with.');
    return only({ onlySince: !state.onlySince });
  }
  const target = currentTarget(state);
  return target === null ? only({}) : targetKey(state, name, target);
}

function approve(state: State): Pressed {
  const { stage, blocked } = state.data;
  if (stage !== 'ready') return said(state, NOT_YET);
  return blocked.length > 0 ? said(state, cannotApprove(blocked)) : ask(state, firstQuestion(caseOf(state)));
}

function editSummary(state: State): Pressed {
  if (state.data.stage !== 'ready') return said(state, NOT_YET);
  if (state.data.review?.sealed) return said(state, 'It is sealed: nothing can be edited. Send it back instead.');
  return { state, effect: { do: 'edit-summary' } };
}

function targetKey(state: State, name: string, target: string): Pressed {
  const { data } = state;
  const { review } = data;
  const [kind = '', id = ''] = split(target);
  if (kind === 'folder' && name === 'enter') {
    const folded = new Set(state.folded);
    if (!folded.delete(target)) folded.add(target);
    return { state: { ...state, folded }, effect: null };
  }
  if (kind === 'file' && name === 'enter' && review) {
    const from = state.onlySince && review.since ? review.since.commit : review.range.from;
    return { state, effect: { do: 'open-diff', path: id, from, to: review.range.to } };
  }
  if (kind === 'check' && name === 'enter') return { state, effect: { do: 'open-log', check: id } };
  if (kind === 'check' && name === 't')
    return data.stage === 'ready' ? { state, effect: { do: 'check-again', check: id } } : said(state, NOT_YET);
  if (kind === 'memory' && name === 'enter') return openMemory(state, id);
  if (kind === 'pattern') return patternKey(state, name, id);
  return { state, effect: null };
}

/** A target is a kind, a colon, and whatever it is. */
function split(target: string): [string, string] {
  const colon = target.indexOf(':');
  return [target.slice(0, colon), target.slice(colon + 1)];
}

function openText(state: State, title: string, value: Json): Pressed {
  const source = wholeText(typeof value === 'string' ? value : fileJson(value));
  return { state: { ...state, pager: { title, kind: 'text', source, place: START, atEnd: false, left: 0, path: null } }, effect: null };
}

function openMemory(state: State, id: string): Pressed {
  const [namespace = '', key = ''] = id.split('\0');
  const entry = state.data.review?.facts.memory.find((one) => one.namespace === namespace && one.key === key);
  return openText(state, `${oneLine(namespace, 60)}  ${oneLine(key)}`, (entry?.value ?? null) as Json);
}

function patternKey(state: State, name: string, key: string): Pressed {
  const { review } = state.data;
  if (name === 'enter' && review) {
    const pattern = decidePatterns(review.facts, decisionOf(state.edits)).patterns.find((one) => one.key === key);
    const fields = pattern?.fields ?? pattern?.before;
    return openText(state, oneLine(key), fields ? patternValue(fields) : null);
  }
  if (name !== 'd' && name !== 'e') return { state, effect: null };
  if (review?.sealed) return said(state, 'It is sealed: nothing can be dropped or edited. Send it back instead.');
  if (name === 'e') return state.data.stage === 'ready' ? { state, effect: { do: 'edit-pattern', key } } : said(state, NOT_YET);
  const dropped = new Set(state.edits.dropped);
  if (!dropped.delete(key)) dropped.add(key);
  return { state: { ...state, edits: { ...state.edits, dropped } }, effect: null };
}

function answerKey(state: State, name: string, input: string, key: InkKey): Pressed {
  if (!state.asking) return { state, effect: null };
  // Reasons that were given stay noted; the rest is taken back.
  if (name === 'escape') return { state: { ...state, asking: null }, effect: null };
  const { text, lines } = typed(state.asking.text, input, key);
  let next = state;
  for (const line of lines) {
    const { asking } = next;
    if (!asking) break;
    const { question } = asking;
    const step = question.ask === 'note' ? { state: noted(next, question, line), effect: null } : oneAnswer(next, question, line);
    if (step.effect) return step;
    next = step.state;
  }
  return { state: next.asking ? { ...next, asking: { ...next.asking, text } } : next, effect: null };
}

/** The diff stays open: a note is for later. The place alone says nothing. */
function noted(state: State, { at }: Note, line: string): State {
  const text = line.trim();
  if (text === '' || text === at.trim()) return { ...state, asking: null };
  const notes = [...new Set([...state.notes, text])];
  return {
    ...state,
    notes,
    asking: null,
    message: `Noted (${count(notes.length, 'note')}): r on a screen sends the session back with it.`,
  };
}

function oneAnswer(state: State, question: Question, line: string): Pressed {
  // Nothing given and nothing noted: back to the review, nothing is decided.
  if (question.ask === 'reason' && line.trim() === '' && question.reasons.length === 0)
    return { state: { ...state, asking: null }, effect: null };
  const next = answer(caseOf(state), question, line);
  if ('verdict' in next) return { state: { ...state, asking: null }, effect: { do: 'decide', verdict: next } };
  const notes = next.ask === 'reason' ? [...new Set([...state.notes, ...next.reasons])] : state.notes;
  const reasons = next.ask === 'reason' ? [...notes] : [];
  return ask({ ...state, notes }, next.ask === 'reason' ? { ask: 'reason', reasons } : next);
}
