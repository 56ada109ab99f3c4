/** Two changes of one text as one. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, type Repo } from './run.ts';

/** What `ours` and `theirs` made of `base`, merged line by line as git does; where both changed the same lines, ours stands. */
export async function mergeTexts(repo: Repo, { ours, base, theirs }: { ours: string; base: string; theirs: string }): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'git-session-merge-'));
  try {
    const names = await Promise.all(
      Object.entries({ ours, base, theirs }).map(async ([name, text]) => {
        const path = join(dir, name);
        await writeFile(path, text, { mode: 0o600 });
        return path;
      }),
    );
    return `${await ask(repo, ['merge-file', '-p', '--ours', ...names])}\n`;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
