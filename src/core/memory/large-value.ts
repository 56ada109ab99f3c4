/** Values too large for a line of the log: each is a file of its own, named by its content, that the record refers to. Pure; hot path. */

import type { BlobRef } from '../log/record.ts';
import { sessionPaths } from '../session/metadata.ts';
import type { SessionId } from '../session/session-id.ts';
import { isDeeper, parseJson } from '../text/json.ts';
import type { MemoryEntry } from './memory.ts';

/** A value of more bytes, as JSON, goes to a file of its own: with key, tags and actor a record then stays below its own limit. */
export const MAX_INLINE_BYTES = 40 * 1024;

/**
 * The most that a value may take as JSON: 1 MiB, where the check of large files draws its line too. Memory is in every clone, in the backup
 * and in what agents read; what is larger is an artifact.
 */
export const MAX_VALUE_BYTES = 1024 * 1024;

/** How deep arrays and objects of a value may lie in each other. */
export const MAX_DEPTH = 100;

/** Where the log keeps a value, in a tree. */
export function valuePath(id: SessionId, sha256: string): string {
  return `${sessionPaths(id).log}/blobs/${sha256}.json`;
}

/** The hex sha256 that a path of the log's folder for values names, or null where it is none. */
export function parseValuePath(id: SessionId, path: string): string | null {
  const folder = `${sessionPaths(id).log}/blobs/`;
  return path.startsWith(folder) ? (/^([0-9a-f]{64})\.json$/.exec(path.slice(folder.length))?.[1] ?? null) : null;
}

/** The file's text: JSON on one line, so that no conversion of line ends can change it. */
export function valueFile(json: string): string {
  return `${json}\n`;
}

/** The entry with the value that its file holds; as it was where the text is none (`blob` then says what is missing). */
export function withValue(entry: MemoryEntry, text: string | null): MemoryEntry {
  const value = text === null || isDeeper(text, MAX_DEPTH) ? undefined : parseJson(text);
  return value === undefined ? entry : { ...entry, value, blob: null };
}

/** True for a text that says what a reference names; the digest is the caller's to make. */
export function isValueOf(ref: BlobRef, text: string, sha256: string): boolean {
  return ref.sha256 === sha256 && Buffer.byteLength(text) === ref.bytes;
}
