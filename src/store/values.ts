/** This clone's copy of values that are too large for a line of the journal. Hot path: node built-ins only. */

import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { BlobRef } from '../core/log/record.ts';
import { isValueOf, valueFile } from '../core/memory/large-value.ts';
import type { SessionId } from '../core/session/session-id.ts';
import { readOrNull, writeAtomic } from './files.ts';
import { privatePaths } from './paths.ts';

const fileOf = (commonDir: string, session: SessionId, sha256: string) => join(privatePaths(commonDir).values(session), `${sha256}.json`);

/** Keeps a value (as JSON) and returns what a record says of it. It is on disk, whole, when this returns: the record is written after it. */
export function keepValue(commonDir: string, session: SessionId, json: string): BlobRef {
  const text = valueFile(json);
  const ref = { sha256: sha256(text), bytes: Buffer.byteLength(text) };
  const file = fileOf(commonDir, session, ref.sha256);
  if (statSync(file, { throwIfNoEntry: false })?.size !== ref.bytes) writeAtomic(file, text);
  return ref;
}

/** The text of a value's file, or null where this clone has none that is what the reference says. */
export function keptValue(commonDir: string, session: SessionId, ref: BlobRef): string | null {
  return checkedValue(ref, readOrNull(fileOf(commonDir, session, ref.sha256)));
}

/** The text where it is what the reference says, else null. */
export function checkedValue(ref: BlobRef, text: string | null): string | null {
  return text !== null && isValueOf(ref, text, sha256(text)) ? text : null;
}

function sha256(text: string): string {
  // Loaded for large values alone: the module costs 3 ms.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(text).digest('hex');
}
