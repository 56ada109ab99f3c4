/** A text in the person's own editor. */

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { editorCommand } from '../git/config.ts';
import type { Repo } from '../git/run.ts';

const KEYS = ['SIGINT', 'SIGQUIT'] as const;
const ignore = () => {};

/** The text as it was left in the editor that git would use, or null where the editor failed. The terminal must be free. */
export async function editText(repo: Repo, name: string, text: string): Promise<string | null> {
  const dir = mkdtempSync(join(tmpdir(), 'git-session-edit-'));
  try {
    const path = join(dir, name);
    writeFileSync(path, text, { mode: 0o600 });
    const editor = await editorCommand(repo);
    // Keys that interrupt are the editor's while it runs, as git has it.
    for (const name of KEYS) process.on(name, ignore);
    // As git does it: the setting is a command line, the path its last word.
    const child = spawn('sh', ['-c', `${editor} "$@"`, editor, path], { stdio: 'inherit' });
    const code = await new Promise<number | null>((resolve) => {
      child.once('error', () => resolve(null));
      child.once('close', resolve);
    });
    return code === 0 ? readFileSync(path, 'utf8') : null;
  } finally {
    for (const name of KEYS) process.off(name, ignore);
    rmSync(dir, { recursive: true, force: true });
  }
}
