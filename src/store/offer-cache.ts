/** The patterns that a task may be offered, found and not proven, beside everything that they were read from. Deleting it loses nothing. Hot path: node built-ins only. */

import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Offer } from '../core/pattern/offer.ts';
import type { Candidate } from '../core/pattern/rank.ts';
import type { SessionId } from '../core/session/session-id.ts';
import { asObject, parseJson } from '../core/text/json.ts';
import { sortedLines, valueIn } from '../core/text/sorted-lines.ts';
import { readChecked, writeChecked } from './checked-file.ts';
import { bankOf } from './fit-cache.ts';
import { privatePaths } from './paths.ts';

/** What a pattern is ranked and proven by. */
export interface RankedPattern extends Candidate, Pick<Offer, 'id' | 'key' | 'session'> {
  /** Id of the record that stored it. */
  record: string;
  expires_at: number | null;
  /** Sessions whose closeouts were counted. */
  counted: SessionId[];
}

/** With what a task is told of it. */
export interface OfferedPattern extends Offer, RankedPattern {}

/** Where the lines of a session were found: the tree of its log folder, and the log files in it. */
export interface OfferedLog {
  id: SessionId;
  tree: string;
  files: [name: string, oid: string][];
}

/** Everything that the patterns were read from. */
export interface OfferState {
  /** What decided of the clone's own files; see `stampOf`. */
  stamp: string;
  /** What decided of the refs that policy is read from. */
  refs: string;
  /** A digest of the log folders of sessions other than the one that asked. */
  others: string;
}

/** The cache, of which a question reads only what it asks for. */
export interface OfferCache extends OfferState {
  /** Names these patterns in their order, as their index is named. */
  bank: string;
  /** A pattern by its place in the index: what is told of it, the logs say. */
  pattern(at: number): RankedPattern | null;
  /** Of a session whose patterns these are, or whose closeout was counted. */
  log(id: string): OfferedLog | null;
}

const NAME = 'git-session offers 7';
const path = (commonDir: string) => join(privatePaths(commonDir).cache, 'offers');
const placeOf = (at: number) => String(at).padStart(7, '0');

/** The cache, or null where there is none that is whole and that this program can use. */
export function readOffers(commonDir: string): OfferCache | null {
  const body = readChecked(path(commonDir), NAME);
  const end = body?.indexOf(10) ?? -1;
  const head = asObject(parseJson(body?.toString('utf8', 0, end) ?? ''));
  if (!body || !head) return null;
  const { logBytes, ...said } = head as unknown as Pick<OfferCache, keyof OfferState | 'bank'> & { logBytes: number };
  const lines = body.subarray(end + 1);
  const [logs, patterns] = [lines.subarray(0, logBytes), lines.subarray(logBytes)];
  return {
    ...said,
    pattern: (at) => asObject(parseJson(valueIn(patterns, placeOf(at)) ?? '')) as RankedPattern | null,
    log: (id) => asObject(parseJson(valueIn(logs, id) ?? '')) as OfferedLog | null,
  };
}

/** Leaves the cache. */
export function writeOffers(
  commonDir: string,
  state: OfferState,
  { logs, patterns }: { logs: readonly OfferedLog[]; patterns: readonly RankedPattern[] },
): void {
  const rows = sortedLines(logs.map((log) => [log.id, JSON.stringify(log)]));
  const bank = bankOf(patterns.map(({ record }) => record));
  const head = Buffer.from(`${JSON.stringify({ ...state, bank, logBytes: rows.length })}\n`);
  const places = sortedLines(patterns.map((pattern, at) => [placeOf(at), JSON.stringify(bareRanked(pattern))]));
  writeChecked(path(commonDir), NAME, Buffer.concat([head, rows, places]));
}

function bareRanked({ id, key, session, record, at, succeeded, of, expires_at, counted }: RankedPattern): RankedPattern {
  return { id, key, session, record, at, succeeded, of, expires_at, counted };
}

/** The state of the clone's own files that decide, as one text: configuration and policy, and where tags come and go. */
export function stampOf(commonDir: string): string {
  const { policy, local } = privatePaths(commonDir);
  const own = ['allowed_signers', 'approvers'].map((name) => join(local, '.swarm', name));
  const tags = [join(commonDir, 'packed-refs'), join(commonDir, 'refs/tags/backup')];
  return [join(commonDir, 'config'), policy, ...own, ...tags]
    .map((file) => {
      const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
      return stat ? `${stat.ino} ${stat.size} ${stat.mtimeNs}` : '-';
    })
    .join(', ');
}
