/** Blob ids of files in the working tree, as a commit would hold them (filters apply); nothing is written. */

import { createHash } from 'node:crypto';
import { lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { quoted } from './quote.ts';
import { type Repo, runGit } from './run.ts';

/** The id for each path of the working tree, null where no file can be read there. At most one git process. */
export async function hashFiles(repo: Repo, paths: string[]): Promise<(string | null)[]> {
  const kinds = paths.map((path) => kindOf(join(repo.top, path)));
  const files = paths.filter((_, i) => kinds[i] === 'file');
  const ids = await hashPlain(repo, files);
  let next = 0;
  return paths.map((path, i) => {
    if (kinds[i] === 'link') return linkId(repo, join(repo.top, path));
    return kinds[i] === 'file' ? ids[next++] || null : null;
  });
}

function kindOf(path: string): 'file' | 'link' | null {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isSymbolicLink()) return 'link';
  return stat?.isFile() ? 'file' : null;
}

async function hashPlain(repo: Repo, paths: string[]): Promise<string[]> {
  if (paths.length === 0) return [];
  // git stops at the first file that it cannot read (one just deleted, say); what came before counts, the rest is asked again without it.
  const ran = await runGit(repo, ['hash-object', '--stdin-paths'], { input: paths.map((p) => `${quoted(p)}\n`).join(''), ok: [0, 1, 128] });
  const ids = ran.out.split('\n').filter(Boolean);
  if (ran.code === 0 || ids.length >= paths.length) return ids;
  return [...ids, '', ...(await hashPlain(repo, paths.slice(ids.length + 1)))];
}

/** git's hash-object follows links; a link's blob is its target. */
function linkId(repo: Repo, path: string): string | null {
  try {
    const target = Buffer.from(readlinkSync(path, { encoding: 'buffer' }));
    return createHash(repo.objectFormat).update(`blob ${target.length}\0`).update(target).digest('hex');
  } catch {
    return null;
  }
}
