/** A person in the middle of `git commit`. */

import { spawn } from 'node:child_process';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type TestRepo, tempDir } from './repo.ts';

/** A `git commit` (with `args`) whose editor is open when this returns; `finish` writes the message and closes it, and tells git's exit code. */
export async function commitInEditor(
  repo: TestRepo,
  args: readonly string[] = [],
): Promise<{ finish(message: string): Promise<number | null> }> {
  const at = tempDir();
  const [go, open, editor] = [join(at, 'go'), join(at, 'open'), join(at, 'editor.sh')];
  writeFileSync(
    editor,
    `#!/bin/sh\n: >'${open}'\nwhile [ ! -e '${go}' ]; do [ -d '${at}' ] || exit 1; sleep 0.02; done\ncat '${go}' >"$1"\n`,
    { mode: 0o755 },
  );
  const child = spawn('git', ['commit', ...args], { cwd: repo.dir, env: { ...process.env, GIT_EDITOR: editor }, stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  await expect.poll(() => existsSync(open), { timeout: 20_000 }).toBe(true);
  return {
    finish: (message) => {
      writeFileSync(`${go}.new`, `${message}\n`);
      renameSync(`${go}.new`, go);
      return ended;
    },
  };
}
