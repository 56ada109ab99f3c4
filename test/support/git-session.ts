/** `git session`, as people type it: git finds the built program on PATH. */

import { symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { CLI, tempDir } from './repo.ts';

/** PATH with a folder in front that holds `git-session`, and the folder. */
export function pathWithSession(): { PATH: string; bin: string } {
  const bin = tempDir('gs-bin-');
  symlinkSync(CLI, join(bin, 'git-session'));
  return { PATH: [bin, process.env.PATH].join(delimiter), bin };
}
