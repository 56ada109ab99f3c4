import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { existingWriterId, writerId } from '../../src/store/writer.ts';
import { tempDir } from '../support/repo.ts';

test('what a process left that was killed while it made the writer is cleared; a living one keeps its own', () => {
  const dir = tempDir();
  const at = (name: string) => join(dir, 'git-session', name);
  mkdirSync(at(''), { recursive: true });
  const dead = at('writer.json.999999999.abcdef.tmp');
  const living = at(`writer.json.${process.pid}.abcdef.tmp`);
  for (const path of [dead, living]) writeFileSync(path, '{');
  expect(writerId(dir)).toBe(existingWriterId(dir));
  expect([existsSync(dead), existsSync(living)]).toEqual([false, true]);
});
