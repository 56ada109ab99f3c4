/** A word in the cache that the sealed part of a landing was verified: it decides at which of them to look, and nothing else. */

import type { VerdictCache } from '../../store/verdicts.ts';
import type { BackupTag } from '../landed/landings.ts';

/** Leaves the word. */
export function hintVerified(cache: VerdictCache, tag: BackupTag, landing: string): void {
  cache.set(hint(tag, landing), true);
}

/** Whether it was left. */
export function isHinted(cache: VerdictCache, tag: BackupTag, landing: string): boolean {
  return cache.get(hint(tag, landing)) === true;
}

const hint = (tag: BackupTag, landing: string) => `verified ${tag.ref} ${tag.oid} ${landing}`;
