/** Errors of hooks that must not disturb anybody: kept privately, one JSON line each. Node built-ins only. */

import { appendFileSync, mkdirSync, statSync } from 'node:fs';
import { asObject, parseJson } from '../core/text/json.ts';
import { readOrNull } from './files.ts';
import { privatePaths } from './paths.ts';

/** No file of errors grows beyond this many bytes. */
const MOST = 1 << 20;

/** Appends one line. Never throws. */
export function keepError(commonDir: string, where: string, error: unknown): void {
  try {
    const { root, errors } = privatePaths(commonDir);
    if ((statSync(errors, { throwIfNoEntry: false })?.size ?? 0) > MOST) return;
    mkdirSync(root, { recursive: true });
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    appendFileSync(errors, `${JSON.stringify({ v: 1, at: new Date().toISOString(), where, error: text })}\n`);
  } catch {
    // Nothing is left to tell it to.
  }
}

export interface HookError {
  /** ISO 8601 UTC. */
  at: string;
  where: string;
  /** With its stack. */
  error: string;
}

/** What was kept, oldest first; lines that cannot be read are left out. */
export function readErrors(commonDir: string): HookError[] {
  const lines = (readOrNull(privatePaths(commonDir).errors) ?? '').split('\n');
  return lines.flatMap((line): HookError[] => {
    const row = asObject(parseJson(line));
    return row ? [{ at: String(row.at), where: String(row.where), error: String(row.error) }] : [];
  });
}
