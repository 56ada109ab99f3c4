import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyIndexWith } from '../../src/git/index-file.ts';
import { makeRepo } from '../support/repo.ts';

const second = (ms: number) => Math.floor(ms / 1000);

test('a change made in the second of the index stays visible in a copy that is made later', async () => {
  const repo = makeRepo();
  const opened = await repo.open();
  const file = join(repo.dir, 'same-size.txt');
  // As in a script: written, added and changed within one second, without a change of size.
  do {
    repo.write('same-size.txt', '1\n');
    repo.git('add', 'same-size.txt');
    repo.write('same-size.txt', '2\n');
  } while (second(statSync(join(repo.dir, '.git/index')).mtimeMs) !== second(statSync(file).mtimeMs));
  const written = second(statSync(file).mtimeMs);
  while (second(Date.now()) <= written) await new Promise((resolve) => setImmediate(resolve));
  const side = join(repo.dir, '.git/side');
  await copyIndexWith(opened, side, []);
  process.env.GIT_INDEX_FILE = side;
  try {
    expect(repo.git('diff-files', '--name-only')).toBe('same-size.txt');
  } finally {
    delete process.env.GIT_INDEX_FILE;
  }
});
