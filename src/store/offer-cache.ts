/** The approved patterns that a task may be offered, beside everything that they were read from. Deleting it loses nothing. Hot path: node built-ins only. */

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { asObject, parseJson } from '../core/json.ts';
import type { Offer } from '../core/pattern-offer.ts';
import type { Candidate } from '../core/pattern-rank.ts';
import type { SessionId } from '../core/session-id.ts';
import { readOrNull, writeAtomic } from './files.ts';
import { privatePaths } from './paths.ts';

/** What a task is told of a pattern, and what it is ranked and proven by. */
export interface OfferedPattern extends Offer, Candidate {
  /** Id of the record that stored it. */
  record: string;
  expires_at: number | null;
  /** Sessions whose closeouts were counted. */
  counted: string[];
}

export interface OfferCache {
  /** Refs that decided, with the ids that they held; null: there was none. */
  refs: [name: string, oid: string | null][];
  /** Commits whose policy was in force one after another, and the full ref that they were read from. */
  sources: string[];
  policyRef: string;
  /** Sessions whose patterns these are, and those whose closeouts were counted, with the trees of their log folders, the tag that approves each, and its log files. */
  logs: [id: SessionId, tree: string, tag: string | null, files: string[]][];
  /** How many sessions, other than the one that asked, had a log folder. */
  folders: number;
  /** What else decided; see `stampOf`. */
  stamp: string;
  patterns: OfferedPattern[];
}

const VERSION = 4;
const path = (commonDir: string) => join(privatePaths(commonDir).cache, 'offers.json');

/** The cache, or null where there is none that this program can use. */
export function readOffers(commonDir: string): OfferCache | null {
  const raw = asObject(parseJson(readOrNull(path(commonDir)) ?? ''));
  const lists = [raw?.refs, raw?.logs, raw?.patterns, raw?.sources];
  return raw?.version === VERSION && lists.every(Array.isArray) && typeof raw.policyRef === 'string'
    ? (raw as unknown as OfferCache)
    : null;
}

/** Leaves the cache. Where it cannot be written there is none: nobody is disturbed. */
export function writeOffers(commonDir: string, cache: OfferCache): void {
  try {
    writeAtomic(path(commonDir), `${JSON.stringify({ version: VERSION, ...cache })}\n`);
  } catch {
    // Only speed is lost.
  }
}

/** The state of the clone's own files that decide, as one text: configuration and policy, and where tags come and go. */
export function stampOf(commonDir: string): string {
  const { policy } = privatePaths(commonDir);
  const tags = [join(commonDir, 'packed-refs'), join(commonDir, 'refs/tags/backup')];
  return [join(commonDir, 'config'), policy, ...tags]
    .map((file) => {
      const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
      return stat ? `${stat.ino} ${stat.size} ${stat.mtimeNs}` : '-';
    })
    .join(', ');
}
