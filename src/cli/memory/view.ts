/** What `memory list` and `memory search` look at: what the session sees, or outside one what the project has learned. */

import { usageError } from '../../core/errors.ts';
import type { MemoryPlace } from '../../core/memory/key.ts';
import { placeMatcher } from '../../core/memory/like.ts';
import type { MemoryEntry } from '../../core/memory/memory.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { oneLine } from '../../core/text/text.ts';
import { commitOf } from '../../git/refs.ts';
import { openRepo } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { memoryOf, projectMemory } from '../../lifecycle/memory/memory.ts';
import type { SearchPlace } from '../../lifecycle/memory/search.ts';
import type { MemoryFound } from '../../lifecycle/memory/seen.ts';
import { fillValues } from '../../lifecycle/memory/values.ts';
import { currentSession, resolveSession, type Session } from '../../lifecycle/session/session.ts';
import { compiledPolicy } from '../../store/compiled-policy.ts';
import { type Call, type OptionSpec, text } from '../command.ts';

export interface MemoryView {
  /** Null outside a session. */
  session: SessionId | null;
  entries: MemoryEntry[];
  policy: Policy;
  /** Reads the values of entries of this view that are too large for a line. */
  fill(entries: readonly MemoryEntry[]): MemoryEntry[];
}

export const VIEW_OPTIONS: OptionSpec[] = [
  { flags: '--namespace <name>', description: 'this namespace only' },
  { flags: '--pattern <like>', description: "keys like this: % stands for any text, _ for one character ('pattern/%')" },
  { flags: '-n, --limit <n>', description: 'at most so many', default: '50' },
  { flags: '--session <id>', description: 'what another session sees' },
];

/** The entries that `--session`, `--namespace` and `--pattern` select, by namespace and key. */
export async function memoryView(call: Call): Promise<MemoryView> {
  const view = await wholeView(text(call, 'session'));
  return { ...view, entries: view.entries.filter(placesOf(call)) };
}

/** Whether `--namespace` and `--pattern` select a place. */
export function placesOf(call: Call): (place: MemoryPlace) => boolean {
  return placeMatcher(text(call, 'namespace'), text(call, 'pattern'));
}

/** Where a view looks: the session named, else the checked-out one, else HEAD; `at` is null where nothing has been committed. */
export async function viewed(word: string | undefined): Promise<{ repo: Repo; session: Session | null; at: SearchPlace | null }> {
  const repo = await openRepo();
  const session = word === undefined ? await currentSession(repo) : await resolveSession(repo, word);
  const commit = session ? null : await commitOf(repo, 'HEAD');
  return { repo, session, at: session ? { session } : commit ? { commit } : null };
}

/** Where there is nothing to look at. */
export const NOTHING: MemoryFound = { total: 0, unchecked: 0, hits: [] };

/** What an answer says of entries beyond `--limit`; null where there are none. */
export function moreText({ total, unchecked, hits }: MemoryFound, limit: number): string | null {
  if (total !== null) return total > hits.length ? `… and ${total - hits.length} more (--limit ${total})` : null;
  return `… and up to ${unchecked} more, whose approval was not checked (--limit ${Math.min(999_999, limit * 4)})`;
}

/** Everything that the session named, or else the checked-out one, sees; outside one, approved project memory at HEAD. */
async function wholeView(word: string | undefined): Promise<MemoryView> {
  const { repo, session, at } = await viewed(word);
  const policy = compiledPolicy(repo.commonDir);
  const treeish = at === null ? 'HEAD' : 'commit' in at ? at.commit : at.session.tip;
  const fill = (entries: readonly MemoryEntry[]) => fillValues(repo, treeish, entries);
  if (at === null) return { session: null, entries: [], policy, fill };
  const entries = 'commit' in at ? await projectMemory(repo, at.commit) : await memoryOf(repo, at.session);
  return { session: session?.id ?? null, entries, policy, fill };
}

/** `--limit` as a whole number from 1. Throws (exit 2) otherwise. */
export function limitOf(call: Call): number {
  const raw = text(call, 'limit') ?? '50';
  if (/^[1-9]\d{0,5}$/.test(raw)) return Number(raw);
  throw usageError({ what: `--limit takes a number from 1, not "${oneLine(raw, 20)}".` });
}
