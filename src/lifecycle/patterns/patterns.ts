/** Recording, finding, using and merging patterns in a session. */

import { stateError, usageError } from '../../core/errors.ts';
import type { Actor, SessionRecord } from '../../core/log/record.ts';
import { isPattern, LEARNED_NAMESPACE, placeOf } from '../../core/memory/key.ts';
import { rankBest } from '../../core/memory/search.ts';
import { termsOf } from '../../core/memory/search-words.ts';
import { type Alike, nearDuplicates } from '../../core/pattern/alike.ts';
import { type PatternFields, patternKey, patternValue } from '../../core/pattern/pattern.ts';
import { patternText } from '../../core/pattern/rank.ts';
import { hasUnsafe, oneLine } from '../../core/text/text.ts';
import { openRepo } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { appendRecord } from '../../store/journal.ts';
import { timeBefore } from '../memory/before.ts';
import { refuseSecrets, storeMemory } from '../memory/store.ts';
import { type Here, refuseEnded } from '../session/here.ts';
import { readBank } from './bank.ts';
import type { KnownPattern } from './known.ts';

export interface PatternDraft {
  fields: PatternFields;
  /** Where it is kept; without one, where the pattern of this id is, else `pattern/<id>`. */
  key?: string | undefined;
  tags: string[];
  actor: Actor;
  task: string | null;
}

export interface RecordedPattern {
  id: string;
  key: string;
  change: 'new' | 'changed';
  record: SessionRecord;
  alike: Alike[];
}

/** Records a pattern in the session. Throws as `storeMemory`, and (exit 2) on a key that is none of a pattern. */
export async function recordPattern(here: Here, { fields, key: given, tags, actor, task }: PatternDraft): Promise<RecordedPattern> {
  const { patterns } = await bankHere(here);
  const known = patterns.find((pattern) => pattern.id === fields.id);
  const key = given === undefined ? (known?.key ?? patternKey(fields.id)) : patternKey(given);
  const place = placeOf(key, LEARNED_NAMESPACE, here.policy);
  if (!isPattern(place))
    throw usageError({ what: `${oneLine(key, 80)} is no key of a pattern.`, next: 'Use for example: auth-system/jwt' });
  const before = patterns.find((pattern) => pattern.key === place.key);
  // What was merged into it stays so, whoever writes its next version.
  const value = patternValue({ ...fields, merged_from: [...new Set([...(before?.merged_from ?? []), ...fields.merged_from])] });
  const record = await storeMemory(here, { place, value, actor, task, ttlMs: null, tags, ifAbsent: false, replaces: before?.at });
  const alike = nearDuplicates({ ...fields, key: place.key }, patterns);
  return { id: fields.id, key: place.key, change: before ? 'changed' : 'new', record, alike };
}

const MAX_NOTE = 1000;

/** Records that a pattern was used, and what the actor says came of it: a claim. Throws (exit 1) where there is no such pattern. */
export async function recordUse(
  here: Here,
  name: string,
  { outcome, note, actor }: { outcome: 'success' | 'failure'; note: string | null; actor: Actor },
): Promise<{ pattern: KnownPattern; record: SessionRecord }> {
  await refuseEnded(here);
  const pattern = findPattern((await bankHere(here)).patterns, name);
  if (note !== null && (note.length > MAX_NOTE || hasUnsafe(note.replace(/[\n\t]/g, ' ')))) {
    throw usageError({ what: `A note is at most ${MAX_NOTE} characters of text.`, next: 'Say it in a sentence or two.' });
  }
  if (note !== null) refuseSecrets(here.policy, { place: { namespace: LEARNED_NAMESPACE, key: pattern.key }, value: note, tags: [] });
  const data = { pattern: pattern.key, outcome, ...(note === null ? {} : { note }) };
  return { pattern, record: appendRecord(here.place.commonDir, here.id, { kind: 'pattern.used', actor, data }) };
}

export interface MergedPatterns {
  from: KnownPattern;
  into: KnownPattern;
  record: SessionRecord;
}

/** Makes one pattern of two: `into` takes what `from` says and was measured, and `from` goes. Throws (exit 1) where either is not there, or one warns and the other advises. */
export async function mergePatterns(here: Here, names: { from: string; into: string }, actor: Actor): Promise<MergedPatterns> {
  await refuseEnded(here);
  const { patterns } = await bankHere(here);
  const [from, into] = [findPattern(patterns, names.from), findPattern(patterns, names.into)];
  if (from.key === into.key)
    throw usageError({ what: `${oneLine(from.key, 100)} cannot be merged into itself.`, next: 'Name two patterns.' });
  if (from.kind !== into.kind)
    throw stateError({
      what: `${oneLine(from.key, 100)} is a ${from.kind}, and ${oneLine(into.key, 100)} a ${into.kind}.`,
      why: 'One warns and the other advises; merged, one of them would be lost.',
      next: `Keep both, or record one of them anew as a ${into.kind} (--kind ${into.kind}) first.`,
    });
  const both = (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])];
  const value = patternValue({
    ...into,
    description: into.description ?? from.description,
    approach: into.approach ?? from.approach,
    implementation: into.implementation ?? from.implementation,
    code_snippets: into.code_snippets ?? from.code_snippets,
    lessons_learned: both(into.lessons_learned, from.lessons_learned),
    applies_to: both(into.applies_to, from.applies_to),
    merged_from: both(into.merged_from, [from.id, from.key, ...from.merged_from]).filter((name) => name !== into.id && name !== into.key),
  });
  const place = { namespace: LEARNED_NAMESPACE, key: into.key };
  const tags = both(into.tags, from.tags);
  const record = await storeMemory(here, { place, value, actor, task: null, ttlMs: null, tags, ifAbsent: false, replaces: into.at });
  const data = { namespace: LEARNED_NAMESPACE, key: from.key };
  appendRecord(here.place.commonDir, here.id, { kind: 'memory.deleted', actor, data }, { after: timeBefore(here, from.at) });
  return { from, into, record };
}

/** True where the pattern is named by one that was merged into it. */
export function mergedAs({ id, key, merged_from }: Pick<KnownPattern, 'id' | 'key' | 'merged_from'>, given: string): boolean {
  const name = given.normalize('NFC');
  return id !== name && key !== patternKey(name) && (merged_from.includes(name) || merged_from.includes(patternKey(name)));
}

/** The pattern of this id or key, else the one that it was merged into, else the only one whose id or key begins so. Throws (exit 1) where there is none or several. */
export function findPattern(patterns: readonly KnownPattern[], given: string): KnownPattern {
  const name = given.normalize('NFC');
  const key = patternKey(name);
  const exact = patterns.filter((pattern) => pattern.id === name || pattern.key === key);
  const merged = exact.length > 0 ? exact : patterns.filter((pattern) => mergedAs(pattern, name));
  const found = merged.length > 0 ? merged : patterns.filter((pattern) => pattern.id.startsWith(name) || pattern.key.startsWith(key));
  const [only, second] = found;
  if (only && !second) return only;
  if (only) {
    const keys = found.slice(0, 10).map((pattern) => oneLine(pattern.key, 120));
    throw stateError({ what: `"${oneLine(name, 80)}" names ${found.length} patterns.`, next: `Name one by its key:\n${keys.join('\n')}` });
  }
  throw stateError({ what: `There is no pattern "${oneLine(name, 80)}" here.`, next: 'See what there is with: git session pattern list' });
}

/** Patterns that hold at least one of the words in name, phrasings or text, best first, and how many do. */
export function searchPatterns(
  patterns: readonly KnownPattern[],
  words: string,
  limit: number,
): { total: number; hits: { pattern: KnownPattern; score: number }[] } {
  const textOf = (pattern: KnownPattern) => {
    const { names, applies_to, body } = patternText(pattern);
    return { title: [...names, ...applies_to].join(' '), body: body.join(' ') };
  };
  const tie = (a: KnownPattern, b: KnownPattern) => (a.key < b.key ? -1 : 1);
  const { hits, rest } = rankBest(patterns, termsOf(words), textOf, { limit, tie });
  return { total: hits.length + rest.length, hits: hits.map(({ item, score }) => ({ pattern: item, score })) };
}

async function bankHere(here: Here) {
  const repo: Repo = await openRepo(here.place.top);
  return readBank(repo, { session: { id: here.id, tip: here.tip } });
}
