/** What a set-up leaves in the tree: found, moved aside, put back, and told apart by content. */

import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { globMatcher } from '../../core/routing/glob.ts';
import { copyFolder } from './copy.ts';
import { placeIn, removeTree } from './place.ts';

/** Outputs kept outside a tree: folder `n` of `dir` belongs at `paths[n]` of the tree. */
export interface Outputs {
  dir: string;
  paths: string[];
}

/**
 * Paths in the tree that `patterns` (policy's `setup_outputs`) name: a name without a slash at any depth, outermost
 * first found; with one, a glob from the top.
 */
function findOutputs(tree: string, patterns: readonly string[]): string[] {
  const names = new Set(patterns.filter((pattern) => !pattern.includes('/')));
  const matches = globMatcher(patterns.filter((pattern) => pattern.includes('/')));
  const found: string[] = [];
  const look = (at: string) => {
    for (const entry of readdirSync(join(tree, at), { withFileTypes: true })) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (path === '.git') continue;
      if (names.has(entry.name) || matches(path)) found.push(path);
      else if (entry.isDirectory()) look(path);
    }
  };
  look('');
  return found.sort();
}

/** Moves the outputs of a tree to `dir`, on the same file system. */
export function takeOutputs(tree: string, dir: string, patterns: readonly string[]): Outputs {
  const paths = findOutputs(tree, patterns);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  for (const [n, path] of paths.entries()) renameSync(join(tree, path), join(dir, String(n)));
  return { dir, paths };
}

/**
 * Puts the outputs into a tree, over what is tracked there: a copy, or (`last`: nothing needs them again) themselves.
 * Throws where a place would lie outside the tree.
 */
export async function placeOutputs(outputs: Outputs, tree: string, last: boolean): Promise<void> {
  for (const [n, path] of outputs.paths.entries()) {
    const target = placeIn(tree, path);
    if (target === null) throw new Error(`${path} does not lie in the tree`);
    removeTree(target);
    mkdirSync(dirname(target), { recursive: true });
    if (last) renameSync(join(outputs.dir, String(n)), target);
    else await copyFolder(join(outputs.dir, String(n)), target);
  }
}

/** sha256 over every path, mode, link target and file content of the outputs. */
export function digestOutputs(outputs: Outputs): string {
  const hash = createHash('sha256');
  const add = (path: string, shown: string) => {
    const stat = lstatSync(path);
    const head = `${JSON.stringify(shown)} ${(stat.mode & 0o7777).toString(8)}`;
    if (stat.isSymbolicLink()) hash.update(`${head} link ${JSON.stringify(readlinkSync(path))}\n`);
    else if (stat.isDirectory()) {
      hash.update(`${head} folder\n`);
      for (const name of readdirSync(path).sort()) add(join(path, name), `${shown}/${name}`);
    } else if (stat.isFile()) {
      hash.update(`${head} file ${stat.size}\n`);
      hash.update(readFileSync(path));
    } else hash.update(`${head} other\n`);
  };
  for (const [n, path] of outputs.paths.entries()) add(join(outputs.dir, String(n)), path);
  return hash.digest('hex');
}
