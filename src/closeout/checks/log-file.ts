/** The captured output of a check, kept privately under its own digest. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from '../../store/files.ts';
import { privatePaths } from '../../store/paths.ts';

/** Where the output with this digest is kept. */
export function logPath(commonDir: string, sha256: string): string {
  return join(privatePaths(commonDir).cache, 'checks', `${sha256}.log`);
}

/** Keeps the output and returns its sha256. */
export function keepLog(commonDir: string, output: Uint8Array): string {
  const sha256 = createHash('sha256').update(output).digest('hex');
  const path = logPath(commonDir, sha256);
  if (!existsSync(path)) writeAtomic(path, output);
  return sha256;
}
