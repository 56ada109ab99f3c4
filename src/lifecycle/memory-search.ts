/** Searching what a session sees without making an entry of everything it holds. */

import type { MemoryEntry } from '../core/memory.ts';
import type { MemoryPlace } from '../core/memory-key.ts';
import {
  compareLines,
  entryOfLine,
  foldLines,
  lineWithValue,
  type MemoryLine,
  memoryLines,
  scanMemory,
  searchFieldsOf,
  searchTextOf,
} from '../core/memory-scan.ts';
import { explain, type Match, rankBest } from '../core/search.ts';
import type { Located } from '../git/locate.ts';
import type { Repo } from '../git/run.ts';
import { journalText } from '../store/journal.ts';
import { approvedRecords } from './memory.ts';
import { linesBeyond, logFilesAt } from './records.ts';
import type { Session } from './session.ts';
import { fillValues } from './values.ts';

/** What a session sees, or approved project memory at a commit. */
type SearchPlace = { session: Pick<Session, 'id' | 'tip'> } | { commit: string };

export interface MemoryQuery {
  /** Lower-case words; see `termsOf`. None: everything, by namespace and key. */
  terms: readonly string[];
  keep(place: MemoryPlace): boolean;
  /** At most so many entries. */
  limit: number;
}

export interface MemoryFound {
  /** How many fit. */
  total: number;
  /** The best of them, best first; the score is null without words. */
  hits: { entry: MemoryEntry; score: number | null; matches: Match[] }[];
}

/** What fits the query in what a session sees, or in approved project memory at a commit. */
export async function searchMemory(repo: Repo, at: SearchPlace, query: MemoryQuery): Promise<MemoryFound> {
  const live = foldLines(await visibleLines(repo, at), Date.now());
  return searchLines(repo, 'commit' in at ? at.commit : at.session.tip, live, query);
}

/**
 * What fits the query among lines that the fold left; `treeish`: where values too large for a line are looked for. A process that lives on
 * keeps those that it has read in `read`.
 */
export function searchLines(
  place: Located,
  treeish: string,
  live: readonly MemoryLine[],
  { terms, keep, limit }: MemoryQuery,
  read = new WeakMap<MemoryLine, MemoryLine>(),
): MemoryFound {
  const lines = withValues(place, treeish, live.filter(keep), read);
  if (terms.length === 0) {
    const shown = lines.sort(compareLines).slice(0, limit);
    return { total: lines.length, hits: shown.map((line) => ({ entry: entryOfLine(line), score: null, matches: [] })) };
  }
  const { total, hits, typos } = rankBest(lines, terms, searchTextOf, { limit, tie: compareLines });
  return {
    total,
    hits: hits.map(({ item, score }) => {
      const entry = entryOfLine(item);
      return { entry, score, matches: explain(searchFieldsOf(entry), terms, typos) };
    }),
  };
}

/** The lines with those values in them that have files of their own. */
function withValues(place: Located, treeish: string, lines: MemoryLine[], read: WeakMap<MemoryLine, MemoryLine>): MemoryLine[] {
  const large = lines.flatMap((line, n) => {
    if (line.plain !== null || read.has(line)) return [];
    const entry = entryOfLine(line);
    return entry.blob ? [{ n, entry }] : [];
  });
  const filled = fillValues(
    place,
    treeish,
    large.map(({ entry }) => entry),
  );
  for (const [i, { n }] of large.entries()) {
    const [line, entry] = [lines[n] as MemoryLine, filled[i]];
    if (entry && !entry.blob) read.set(line, lineWithValue(line, entry.value));
  }
  return lines.map((line) => read.get(line) ?? line);
}

async function visibleLines(repo: Repo, at: SearchPlace): Promise<MemoryLine[]> {
  if ('commit' in at) return memoryLines(await approvedRecords(repo, at.commit));
  const { id, tip } = at.session;
  const [approved, { files }] = await Promise.all([approvedRecords(repo, tip, { except: id }), logFilesAt(repo, tip, id)]);
  const texts = [...files.map((file) => file.text), linesBeyond(journalText(repo.commonDir, id), files)];
  return [...memoryLines(approved), ...texts.flatMap((text) => scanMemory(text, id))];
}
