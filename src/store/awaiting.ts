/** Sessions sealed or approved in this clone and not yet seen landed: what the git hooks look at to know that something may have. */

import { rmSync } from 'node:fs';
import { asSessionId, type SessionId } from '../core/session/session-id.ts';
import { readOrNull, writeAtomic } from './files.ts';
import { privatePaths } from './paths.ts';

/** In the order in which they were added. */
export function awaiting(commonDir: string): SessionId[] {
  return (readOrNull(privatePaths(commonDir).awaiting) ?? '').split('\n').flatMap((line) => asSessionId(line.trim()) ?? []);
}

/** Adds a session, or (`waits` false) takes it away; an empty list leaves no file. Call it under a lock. */
export function setAwaiting(commonDir: string, id: SessionId, waits: boolean): void {
  const before = awaiting(commonDir);
  if (before.includes(id) === waits) return;
  const after = waits ? [...before, id] : before.filter((other) => other !== id);
  const path = privatePaths(commonDir).awaiting;
  if (after.length === 0) rmSync(path, { force: true });
  else writeAtomic(path, `${after.join('\n')}\n`);
}
