/** Searching what a session sees without making an entry of everything it holds. */

import type { MemoryEntry } from '../core/memory.ts';
import type { MemoryPlace } from '../core/memory-key.ts';
import { compareLines, entryOfLine, foldLines, type MemoryLine, memoryLines, scanMemory, searchTextOf } from '../core/memory-scan.ts';
import { rankBest } from '../core/search.ts';
import type { Repo } from '../git/run.ts';
import { journalText } from '../store/journal.ts';
import { approvedRecords } from './memory.ts';
import { linesBeyond, logFilesAt } from './records.ts';
import type { Session } from './session.ts';

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
  hits: { entry: MemoryEntry; score: number | null }[];
}

/** What fits the query in what a session sees, or in approved project memory at a commit. */
export async function searchMemory(
  repo: Repo,
  at: { session: Pick<Session, 'id' | 'tip'> } | { commit: string },
  { terms, keep, limit }: MemoryQuery,
): Promise<MemoryFound> {
  const lines = foldLines(await visibleLines(repo, at), Date.now()).filter(keep);
  if (terms.length === 0) {
    const shown = lines.sort(compareLines).slice(0, limit);
    return { total: lines.length, hits: shown.map((line) => ({ entry: entryOfLine(line), score: null })) };
  }
  const { total, hits } = rankBest(lines, terms, searchTextOf, { limit, tie: compareLines });
  return { total, hits: hits.map(({ item, score }) => ({ entry: entryOfLine(item), score })) };
}

async function visibleLines(repo: Repo, at: { session: Pick<Session, 'id' | 'tip'> } | { commit: string }): Promise<MemoryLine[]> {
  if ('commit' in at) return memoryLines(await approvedRecords(repo, at.commit));
  const { id, tip } = at.session;
  const [approved, { files }] = await Promise.all([approvedRecords(repo, tip, { except: id }), logFilesAt(repo, tip, id)]);
  const texts = [...files.map((file) => file.text), linesBeyond(journalText(repo.commonDir, id), files)];
  return [...memoryLines(approved), ...texts.flatMap((text) => scanMemory(text, id))];
}
