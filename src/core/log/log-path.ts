/** Names of log files: `.swarm/log/<id>/<writer>.<n>.jsonl`. Pure; hot path. */

import { sessionPaths } from '../session/metadata.ts';
import type { SessionId } from '../session/session-id.ts';

export interface LogPath {
  writer: string;
  /** From 1; grows at each seal, and where a file is full. */
  n: number;
}

export function logPath(id: SessionId, { writer, n }: LogPath): string {
  return `${sessionPaths(id).log}/${writer}.${n}.jsonl`;
}

/** What a path names, or null where it is no log file of that session (what lies deeper, `blobs/`, is none). */
export function parseLogPath(id: SessionId, path: string): LogPath | null {
  const folder = `${sessionPaths(id).log}/`;
  const match = path.startsWith(folder) ? /^([^/.]+)\.([1-9]\d{0,8})\.jsonl$/.exec(path.slice(folder.length)) : null;
  return match ? { writer: match[1] ?? '', n: Number(match[2]) } : null;
}
