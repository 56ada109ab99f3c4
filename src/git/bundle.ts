/** Bundles: refs with their whole history in one file. */

import { resolve } from 'node:path';
import { ask, type Repo, runGit } from './run.ts';

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
 * Takes the objects of refs in, each under a ref of our own; git 2.46 and later also checks their form (fsck), older ones their hashes.
 * Throws GitError where one is broken or lacking.
 */
export async function fetchBundle(repo: Repo, file: string, refs: readonly { ref: string; into: string }[]): Promise<void> {
  const specs = refs.map(({ ref, into }) => `${ref}:${into}`);
  const args = ['-c', 'fetch.fsckObjects=true', 'fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'];
  await runGit(repo, [...args, '--', resolve(file), ...specs]);
}
