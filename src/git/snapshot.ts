/** Files of the working tree stored as blobs, as a commit would hold them: filters apply, a link's blob is its target. */

import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { Entry, FileMode } from '../core/session/checkpoint.ts';
import { getConfig } from './config.ts';
import { quoted } from './quote.ts';
import { ask, type Repo, runGit } from './run.ts';

/** `gone`: nothing is there. `unreadable`: a file that may not be read. `other`: a folder, socket or device. */
export type Snapshot = NonNullable<Entry> | 'gone' | 'unreadable' | 'other';

/**
 * Writes a blob for each path (relative to the top) and says what it is now. A path that vanishes meanwhile never stops the others.
 * Executable bits count only where the repository trusts them; else the mode is the one of `before`, or 100644.
 */
export async function snapshotFiles(
  repo: Repo,
  paths: readonly string[],
  before: ReadonlyMap<string, Entry> | Promise<ReadonlyMap<string, Entry>> = new Map(),
): Promise<Map<string, Snapshot>> {
  const found = new Map<string, Snapshot>();
  const plain: { path: string; executable: boolean }[] = [];
  for (const path of new Set(paths)) {
    const stat = look(repo, path);
    if (stat === null || (!stat.isFile() && !stat.isSymbolicLink())) found.set(path, stat === null ? 'gone' : 'other');
    else if (stat.isSymbolicLink()) found.set(path, await link(repo, path));
    else plain.push({ path, executable: (stat.mode & 0o100) !== 0 });
  }
  const ids = await hash(
    repo,
    plain.map((file) => file.path),
  );
  const known = await before;
  const trusted = plain.some((file) => file.executable) ? (await getConfig(repo, 'core.fileMode', 'bool')) !== 'false' : true;
  for (const { path, executable } of plain) {
    const oid = ids.get(path);
    const old = known.get(path)?.mode;
    const untrusted: FileMode = old === '100755' ? '100755' : '100644';
    const mode: FileMode = trusted ? (executable ? '100755' : '100644') : untrusted;
    found.set(path, oid ? { oid, mode } : look(repo, path) ? 'unreadable' : 'gone');
  }
  return found;
}

function look(repo: Repo, path: string): Stats | null {
  try {
    return lstatSync(join(repo.top, path), { throwIfNoEntry: false }) ?? null;
  } catch {
    // A file stands where the path has a folder.
    return null;
  }
}

async function link(repo: Repo, path: string): Promise<Snapshot> {
  let target: Buffer;
  try {
    target = readlinkSync(join(repo.top, path), { encoding: 'buffer' });
  } catch {
    return 'gone';
  }
  return { oid: await ask(repo, ['hash-object', '-w', '--stdin'], { input: target }), mode: '120000' };
}

/** git stops at the first file that it cannot read; what came before counts, and the rest is asked again without it. */
async function hash(repo: Repo, paths: string[]): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (let from = 0; from < paths.length; ) {
    const rest = paths.slice(from);
    const input = rest.map((path) => `${quoted(path)}\n`).join('');
    const ran = await runGit(repo, ['hash-object', '-w', '--stdin-paths'], { input, ok: [0, 1, 128] });
    const lines = ran.out.split('\n').filter(Boolean);
    for (const [i, oid] of lines.entries()) ids.set(rest[i] ?? '', oid);
    from += lines.length + 1;
  }
  return ids;
}
