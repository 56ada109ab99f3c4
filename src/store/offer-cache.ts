/** The patterns that a task may be offered, found and not proven, beside everything that they were read from. Deleting it loses nothing. Hot path: node built-ins only. */

import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Offer } from '../core/pattern/offer.ts';
import type { Candidate } from '../core/pattern/rank.ts';
import type { SessionId } from '../core/session/session-id.ts';
import { asObject, parseJson } from '../core/text/json.ts';
import { readOrNull, writeAtomic } from './files.ts';
import { privatePaths } from './paths.ts';

/** What a task is told of a pattern, and what it is ranked and proven by. */
export interface OfferedPattern extends Offer, Candidate {
  /** Id of the record that stored it. */
  record: string;
  expires_at: number | null;
  /** Sessions whose closeouts were counted. */
  counted: SessionId[];
}

export interface OfferCache {
  /** What decided, beside the logs; see `stampOf`. */
  stamp: string;
  /** A digest of the log folders of sessions other than the one that asked. */
  others: string;
  /** Sessions whose patterns these are, and those whose closeouts were counted, with the trees of their log folders and the log files in these. */
  logs: [id: SessionId, tree: string, files: [name: string, oid: string][]][];
  patterns: OfferedPattern[];
}

const VERSION = 5;
const path = (commonDir: string) => join(privatePaths(commonDir).cache, 'offers.json');

/** The cache, or null where there is none that this program can use. */
export function readOffers(commonDir: string): OfferCache | null {
  const raw = asObject(parseJson(readOrNull(path(commonDir)) ?? ''));
  const isSound = raw?.version === VERSION && Array.isArray(raw.logs) && Array.isArray(raw.patterns);
  return isSound ? (raw as unknown as OfferCache) : null;
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
