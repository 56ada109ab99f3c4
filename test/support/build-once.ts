/** Builds dist/ once before the tests, so that the CLI under test is the code under test. */

import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');

export default async function setup(): Promise<void> {
  if (process.env.GIT_SESSION_TEST_DIST) return;
  if (!(await stale())) return;
  execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { cwd: root, stdio: 'inherit' });
}

async function stale(): Promise<boolean> {
  const meta = join(root, 'dist', 'meta.json');
  if (!existsSync(meta)) return true;
  const built = statSync(meta).mtimeMs;
  const files = execFileSync('find', [join(root, 'src'), join(root, 'scripts', 'build.mjs'), join(root, 'package.json'), '-type', 'f'], {
    encoding: 'utf8',
  });
  return files.split('\n').some((file) => file !== '' && statSync(file).mtimeMs > built);
}
