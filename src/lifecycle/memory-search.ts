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
export async function searchMemory(repo: Repo, at: SearchPlace, { terms, keep, limit }: MemoryQuery): Promise<MemoryFound> {
  const lines = withValues(repo, at, foldLines(await visibleLines(repo, at), Date.now()).filter(keep));
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
function withValues(repo: Repo, at: SearchPlace, lines: MemoryLine[]): MemoryLine[] {
  const large = lines.flatMap((line, n) => {
    if (line.plain !== null) return [];
    const entry = entryOfLine(line);
    return entry.blob ? [{ n, entry }] : [];
  });
  const filled = fillValues(
    repo,
    'commit' in at ? at.commit : at.session.tip,
    large.map(({ entry }) => entry),
  );
  for (const [i, { n }] of large.entries()) {
    const entry = filled[i];
    if (entry && !entry.blob) lines[n] = lineWithValue(lines[n] as MemoryLine, entry.value);
  }
  return lines;
}

async function visibleLines(repo: Repo, at: SearchPlace): Promise<MemoryLine[]> {
  if ('commit' in at) return memoryLines(await approvedRecords(repo, at.commit));
  const { id, tip } = at.session;
  const [approved, { files }] = await Promise.all([approvedRecords(repo, tip, { except: id }), logFilesAt(repo, tip, id)]);
  const texts = [...files.map((file) => file.text), linesBeyond(journalText(repo.commonDir, id), files)];
  return [...memoryLines(approved), ...texts.flatMap((text) => scanMemory(text, id))];
}
