/** Bundles: refs with their whole history in one file. */

import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ask, type Repo, runGit } from './run.ts';
import { withObjectsIn } from './sign.ts';

/** Writes a bundle of these refs (full names) that needs nothing of whoever reads it. */
export async function writeBundle(repo: Repo, file: string, refs: readonly string[]): Promise<void> {
  await runGit(repo, ['bundle', 'create', '--quiet', resolve(file), ...refs]);
}

/** The refs of a bundle with their object ids. Throws GitError where the file is none, or is cut off before its pack. */
export async function bundleRefs(repo: Repo, file: string): Promise<{ ref: string; oid: string }[]> {
  const out = await ask(repo, ['bundle', 'list-heads', resolve(file)]);
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const cut = line.indexOf(' ');
      return { oid: line.slice(0, cut), ref: line.slice(cut + 1) };
    });
}

/**
 * Takes the objects of refs in, each under a ref of our own. They come by way of a repository of their own, in which git checks their hashes and that
 * none is lacking; from there only what is new comes here, and git checks its form (fsck), which before 2.46 it does not do for a bundle.
 * Throws GitError where anything is broken or lacking; no object of it is here then.
 */
export async function fetchBundle(repo: Repo, file: string, refs: readonly { ref: string; into: string }[]): Promise<void> {
  const apart = mkdtempSync(join(realpathSync(tmpdir()), 'git-session-import-'));
  try {
    const format = `--object-format=${repo.objectFormat}`;
    await runGit({ ...repo, explicit: false }, ['init', '--quiet', '--bare', '--template=', format, apart]);
    const there: Repo = { ...repo, gitDir: apart, commonDir: apart, explicit: true };
    await runGit(there, [...FETCH, '--', resolve(file), ...refs.map(({ ref, into }) => `${ref}:${into}`)]);
    const specs = ['--', apart, ...refs.map(({ into }) => `${into}:${into}`)];
    const local = ['-c', 'protocol.file.allow=always', '-c', 'fetch.fsckObjects=true'];
    // First to a folder beside: a pack that fails the check leaves its beginning there, and not here.
    const objects = join(apart, 'checked');
    mkdirSync(objects);
    await runGit(withObjectsIn(repo, objects), [...local, ...FETCH, '--dry-run', ...specs]);
    await runGit(repo, [...local, ...FETCH, ...specs]);
  } finally {
    rmSync(apart, { recursive: true, force: true, maxRetries: 3 });
  }
}

const FETCH = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--no-auto-maintenance'];
