/** The brief of each open session as it was folded last, so that a prompt need not read ten thousand records again. Deleting it loses only time. */

import { join } from 'node:path';
import type { Brief } from '../core/session/brief.ts';
import type { SessionId } from '../core/session/session-id.ts';
import { asObject, parseJson } from '../core/text/json.ts';
import { readOrNull, writeAtomic } from './files.ts';
import { privatePaths } from './paths.ts';

export interface KeptBrief {
  version: 1;
  /** The log files of other writers that are folded in, by path and object id. */
  others: string;
  /** How many bytes of this clone's journal are. */
  read: number;
  brief: Brief;
}

const fileOf = (commonDir: string, id: SessionId) => join(privatePaths(commonDir).cache, 'briefs', `${id}.json`);

export function keptBrief(commonDir: string, id: SessionId): KeptBrief | null {
  const raw = asObject(parseJson(readOrNull(fileOf(commonDir, id)) ?? ''));
  const isOurs = raw?.version === 1 && typeof raw.others === 'string' && typeof raw.read === 'number' && asObject(raw.brief) !== null;
  return isOurs ? (raw as unknown as KeptBrief) : null;
}

export function keepBrief(commonDir: string, id: SessionId, kept: KeptBrief): void {
  try {
    writeAtomic(fileOf(commonDir, id), JSON.stringify(kept));
  } catch {
    // Only speed is lost.
  }
}
