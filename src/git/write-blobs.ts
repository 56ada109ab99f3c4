/** Many blobs written in one process. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, type Repo } from './run.ts';

/** Writes blobs as they are (no filters); their ids, in order. */
export async function writeBlobs(repo: Repo, contents: readonly (string | Uint8Array)[]): Promise<string[]> {
  if (contents.length === 0) return [];
  const folder = await mkdtemp(join(tmpdir(), 'git-session-blobs-'));
  try {
    const paths = contents.map((_, i) => join(folder, String(i)));
    await Promise.all(contents.map((content, i) => writeFile(paths[i] ?? '', content, { mode: 0o600 })));
    const out = await ask(repo, ['hash-object', '-w', '--no-filters', '--stdin-paths'], {
      input: paths.map((path) => `${path}\n`).join(''),
    });
    return out.split('\n').filter(Boolean);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
