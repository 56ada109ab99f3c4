/**
 * What commands did in this clone, as `undo` can reverse it: an act is a plan that was carried out, and its reversal is the same plan
 * read backwards. Pure.
 */

import type { RecordDraft } from './log/record.ts';
import { asSessionId, type SessionId } from './session/session-id.ts';
import { asObject, parseJson } from './text/json.ts';

const NAMES = ['start', 'switch', 'abandon', 'restore', 'checkpoint', 'adopt', 'promote', 'prepare', 'closeout', 'sync', 'undo'] as const;
export type ActName = (typeof NAMES)[number];

/** What a checkout is on: a branch (short name), or a commit where it is detached. */
export type Head = { branch: string } | { commit: string };

export interface RefEffect {
  /** Full name. */
  ref: string;
  /** Object ids; null: it is not there. */
  from: string | null;
  to: string | null;
}

export interface HeadEffect {
  /** Top of the worktree. */
  top: string;
  /** Null: there is no worktree. */
  from: Head | null;
  to: Head | null;
}

/** A file that moved, relative to the top; `replaced`: the blob that it took the place of. */
export interface FileEffect {
  from: string;
  to: string;
  replaced: string | null;
}

export interface Effects {
  refs: RefEffect[];
  heads: HeadEffect[];
  files: FileEffect[];
  /** The branch moves under its checkout, whose files stay as they are: a checkpoint. */
  keepsFiles: boolean;
  /** What the session's records say of its reversal, and of these effects where they are those of a reversal. */
  says: { undone: RecordDraft | null; again: RecordDraft | null };
}

export interface Act {
  id: string;
  /** ISO 8601 UTC. */
  at: string;
  name: ActName;
  session: SessionId;
  /** Top of the worktree in which it was done; null where no checkout had part in it. */
  top: string | null;
  effects: Effects;
  /** Of an undo: the act that it reverses. */
  reverses: string | null;
  /** `begun`: it was interrupted, or is going on. */
  state: 'begun' | 'done' | 'failed';
}

export type ActDraft = Pick<Act, 'name' | 'session' | 'top'> & { effects?: Partial<Effects>; reverses?: string };

export const NO_EFFECTS: Effects = { refs: [], heads: [], files: [], keepsFiles: false, says: { undone: null, again: null } };

/** The effects read backwards. */
export function inverse({ refs, heads, files, keepsFiles, says }: Effects): Effects {
  return {
    refs: refs.map(({ ref, from, to }) => ({ ref, from: to, to: from })),
    heads: heads.map(({ top, from, to }) => ({ top, from: to, to: from })),
    files: files.map(({ from, to, replaced }) => ({ from: to, to: from, replaced })).reverse(),
    keepsFiles,
    says: { undone: says.again, again: says.undone },
  };
}

/** True where a newer program has written lines: what it did is not known here. */
export function hasNewerActs(text: string): boolean {
  return text.split('\n').some((line) => Number(asObject(parseJson(line))?.v) > 1);
}

/** The acts that the lines of the file tell, in their order; lines that cannot be read say nothing. */
export function foldActs(text: string): Act[] {
  const acts = new Map<string, Act>();
  for (const line of text.split('\n')) {
    const raw = asObject(parseJson(line));
    if (raw?.v !== 1 || typeof raw.act !== 'string') continue;
    const known = acts.get(raw.act);
    if (raw.phase === 'begun') {
      const act = known ? null : readAct(raw.act, raw);
      if (act) acts.set(act.id, act);
    } else if (known && (raw.phase === 'done' || raw.phase === 'failed' || raw.phase === 'known')) {
      Object.assign(known.effects, readEffects(raw.effects) ?? {});
      if (raw.phase !== 'known') known.state = raw.phase;
    }
  }
  return [...acts.values()];
}

function readAct(id: string, raw: Record<string, unknown>): Act | null {
  const session = asSessionId(String(raw.session));
  const name = NAMES.find((one) => one === raw.name);
  const effects = readEffects(raw.effects ?? {});
  if (!session || !name || !effects) return null;
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  return {
    ...{ id, at: text(raw.at) ?? '', name, session, top: text(raw.top), reverses: text(raw.reverses), state: 'begun' },
    effects: { ...NO_EFFECTS, ...effects },
  };
}

const rows = (value: unknown, fits: (row: Record<string, unknown>) => boolean) =>
  Array.isArray(value) &&
  value.every((row) => {
    const object = asObject(row);
    return object !== null && fits(object);
  });
const textOrNull = (value: unknown) => value === null || typeof value === 'string';
const isHead = (value: unknown) => {
  const head = asObject(value);
  return value === null || typeof head?.branch === 'string' || typeof head?.commit === 'string';
};

const SHAPES: Record<keyof Effects, (value: unknown) => boolean> = {
  refs: (value) => rows(value, (row) => /^refs\/[^\0-\x20]+$/.test(String(row.ref)) && textOrNull(row.from) && textOrNull(row.to)),
  heads: (value) => rows(value, (row) => typeof row.top === 'string' && isHead(row.from) && isHead(row.to)),
  files: (value) => rows(value, (row) => typeof row.from === 'string' && typeof row.to === 'string' && textOrNull(row.replaced)),
  keepsFiles: (value) => typeof value === 'boolean',
  says: (value) => asObject(value) !== null,
};

/** The effects that a line names; null where one of them is none. */
function readEffects(value: unknown): Partial<Effects> | null {
  const raw = asObject(value) ?? {};
  const named = (Object.keys(SHAPES) as (keyof Effects)[]).filter((key) => raw[key] !== undefined);
  if (!named.every((key) => SHAPES[key](raw[key]))) return null;
  return Object.fromEntries(named.map((key) => [key, raw[key]]));
}

/** Which acts are asked about: those of a checkout and of the session that it has, or those of one session. */
export interface ActScope {
  top: string | null;
  session: SessionId | null;
}

/** What comes next: an act to reverse, or an undo that was interrupted and is carried on. */
export interface Choice {
  act: Act;
  resumes: Act | null;
}

/**
 * The newest act that stands (`undo`), or the newest undo with nothing done after it (`redo`); null where there is none.
 * `blocked`: an act that came after the newest undo.
 */
export function chooseAct(acts: readonly Act[], scope: ActScope, redo: boolean): Choice | { blocked: Act } | null {
  const mine = acts.filter((act) => act.state !== 'failed' && isIn(act, scope));
  const interrupted = mine.findLast((act) => act.name === 'undo' && act.state === 'begun');
  const target = interrupted && acts.find((act) => act.id === interrupted.reverses);
  if (interrupted && target && mine.at(-1) === interrupted) return { act: target, resumes: interrupted };
  const last = mine.findLast(
    (act) => (act.name === 'undo' && isRedo(acts, act) ? false : (act.name === 'undo') === redo) && stands(acts, act),
  );
  if (!last) return null;
  const after = redo ? mine.slice(mine.indexOf(last) + 1).find((act) => act.name !== 'undo' && stands(acts, act)) : undefined;
  return after ? { blocked: after } : { act: last, resumes: null };
}

function isIn(act: Act, { top, session }: ActScope): boolean {
  if (session !== null && act.session === session) return true;
  return top !== null && (act.top === top || act.effects.heads.some((head) => head.top === top));
}

/** The newest act after this one that stands and has moved the ref as well; null where there is none. */
export function movedSince(acts: readonly Act[], act: Act, ref: string): Act | null {
  const later = acts.slice(acts.findIndex(({ id }) => id === act.id) + 1).filter(({ name, state }) => name !== 'undo' && state === 'done');
  return later.findLast((other) => other.effects.refs.some((effect) => effect.ref === ref) && stands(acts, other)) ?? null;
}

/** An undo of an undo. */
function isRedo(acts: readonly Act[], act: Act): boolean {
  return acts.find(({ id }) => id === act.reverses)?.name === 'undo';
}

/** Nothing that stands has reversed it. */
function stands(acts: readonly Act[], act: Act): boolean {
  return !acts.some((other) => other.reverses === act.id && other.state === 'done' && stands(acts, other));
}
