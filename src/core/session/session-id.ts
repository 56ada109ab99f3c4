/** Names of a session: topic, id and branch (design "Words"). Pure. */

import { SessionError, usageError } from '../errors.ts';
import { isoTime } from '../log/clock.ts';
import { hasUnsafe } from '../text/text.ts';

/** `session-YYYYMMDD-HHMMSS-<topic>`, UTC. */
export type SessionId = string & { readonly __brand: 'SessionId' };

export const DEFAULT_PREFIX = 'session/';
const ID = /^session-(\d{8})-(\d{6})-([a-z0-9]+(?:-[a-z0-9]+)*)$/;
const MAX_TOPIC = 60;

/** Topics that say nothing about the work; refused with a suggestion. */
const VAGUE = new Set(
  (
    'work stuff test tests testing thing things misc temp tmp foo bar baz todo wip new session task project code coding fix fixes ' +
    'update updates change changes changes-made changing try trying hello hi asdf untitled topic name feature bug bugs issue ' +
    'development dev debug general various other some something anything nothing example sample demo my-work some-work new-session ' +
    'new-feature bug-fix the a an it'
  ).split(' '),
);

/** A valid id, or null. */
export function asSessionId(text: string): SessionId | null {
  if (text.length > 'session-YYYYMMDD-HHMMSS-'.length + MAX_TOPIC) return null;
  const match = ID.exec(text);
  return match && !Number.isNaN(momentOf(match).getTime()) ? (text as SessionId) : null;
}

/** The moment of a matched id; an invalid Date where its digits are none (Date would take 31 February for March). */
function momentOf([, day = '', time = '']: RegExpExecArray): Date {
  const iso = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}.000Z`;
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) || isoTime(at.getTime()) !== iso ? new Date(Number.NaN) : at;
}

/** The parts of an id. */
export function idParts(id: SessionId): { stamp: string; topic: string; startedAt: Date } {
  const match = ID.exec(id);
  if (!match) throw new TypeError(`not a session id: ${id}`);
  const [, day = '', time = '', topic = ''] = match;
  return { stamp: `${day}-${time}`, topic, startedAt: momentOf(match) };
}

/** The id of a topic slug started at `at` (whole seconds, UTC). */
export function makeSessionId(topic: string, at: Date): SessionId {
  const iso = at.toISOString();
  const stamp = `${iso.slice(0, 10).replaceAll('-', '')}-${iso.slice(11, 19).replaceAll(':', '')}`;
  const id = asSessionId(`session-${stamp}-${topic}`);
  if (!id) throw new TypeError(`not a topic slug: ${topic}`);
  return id;
}

/** `session/YYYYMMDD-HHMMSS-<topic>`: the branch of an id. */
export function branchOf(id: SessionId, prefix = DEFAULT_PREFIX): string {
  return prefix + id.slice('session-'.length);
}

/** The id of a branch (short name), or null where the branch is not a session's. */
export function idOfBranch(branch: string, prefix = DEFAULT_PREFIX): SessionId | null {
  return branch.startsWith(prefix) ? asSessionId(`session-${branch.slice(prefix.length)}`) : null;
}

/**
 * A topic as a person or an agent gave it, as a slug of [a-z0-9-], at most 60 characters.
 * Throws (exit 2) on what is empty, hostile or vague; the message carries a suggestion.
 */
export function parseTopic(raw: string): string {
  if (raw.length > 1000) {
    throw usageError({ what: 'The topic is too long.', why: `It has ${raw.length} characters; a topic is a short name.`, next: EXAMPLE });
  }
  if (hasUnsafe(raw.trim())) {
    throw usageError({ what: 'The topic holds control or invisible characters.', next: EXAMPLE });
  }
  if (raw.trim().startsWith('-')) throw usageError({ what: 'A topic cannot start with a dash.', next: EXAMPLE });
  if (/\.\.|[\\`$;|&<>]/.test(raw)) {
    throw usageError({ what: 'The topic holds characters that belong to a path or a shell.', next: EXAMPLE });
  }
  const slug = slugify(raw);
  if (!slug) {
    const empty = raw.trim() === '';
    throw usageError({
      what: empty ? 'The topic is empty.' : 'The topic has no Latin letters or digits to make a branch name of.',
      next: EXAMPLE,
    });
  }
  if (isVague(slug)) {
    throw new SessionError('usage', {
      what: `"${slug}" does not say what the session is about.`,
      why: 'The topic becomes the branch name and the heading of the closeout; whoever reads the history later has only that.',
      next: `Name the outcome, for example: git session start ${slug === 'test' || slug === 'tests' || slug === 'testing' ? 'login-form-tests' : 'auth-system-implementation'}`,
    });
  }
  return slug;
}

const EXAMPLE = 'Use a few plain words, for example: git session start auth-system-implementation';

/** Letters that are no ASCII letter with a mark, as they are commonly written without. */
const LETTERS: Record<string, string> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i', ħ: 'h' };

/** Lower-case ASCII words joined by dashes, cut between words within 60 characters; may be empty. */
export function slugify(raw: string): string {
  const words = raw
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    // Escapes: esbuild keeps the letters of an expression, and one that is not ASCII doubles what V8 reads of the file.
    .replace(/[\u0111\u0127\u0131\u0142\u0153\xdf\xe6\xf0\xf8\xfe]/g, (letter) => LETTERS[letter] ?? '')
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  let slug = '';
  for (const word of words) {
    const next = slug ? `${slug}-${word}` : word;
    if (next.length > MAX_TOPIC) break;
    slug = next;
  }
  return slug || (words[0] ?? '').slice(0, MAX_TOPIC);
}

/** True for a topic that says nothing about the work. */
export function isVague(slug: string): boolean {
  if (VAGUE.has(slug) || slug.length < 3 || /^\d+$/.test(slug)) return true;
  return slug.split('-').every((word) => VAGUE.has(word) || /^\d+$/.test(word));
}

/**
 * Which ids a word names: the id itself, its branch, a whole topic, or any beginning of id or branch, with or without what stands before the date.
 * What is exact wins over longer ones that it begins.
 */
export function matchIds(word: string, ids: readonly SessionId[], prefix = DEFAULT_PREFIX): SessionId[] {
  const plain = word.replace(/^backup\/(?=session-)/, '');
  const branchless = word.startsWith(prefix) ? `session-${word.slice(prefix.length)}` : plain;
  const full = /^\d/.test(branchless) ? `session-${branchless}` : branchless;
  const exact = ids.filter((id) => id === full);
  if (exact.length > 0) return exact;
  const named = ids.filter((id) => idParts(id).topic === word);
  return named.length > 0 ? named : ids.filter((id) => id.startsWith(full));
}
