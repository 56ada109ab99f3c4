/**
 * Outputs of set-ups kept in this clone, by the digest of what they were made from. Commands never see the store: they
 * get copies, and a copy whose content is not what was recorded is not used. Who can write here can also write the
 * recorded digest, so nothing that a required check rests on comes from here (see `setup.ts`).
 */

import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { asObject, parseJson } from '../../core/text/json.ts';
import { readOrNull, writeAtomic } from '../../store/files.ts';
import { tryLock } from '../../store/lock.ts';
import { privatePaths } from '../../store/paths.ts';
import { copyFolder } from './copy.ts';
import { digestOutputs, type Outputs } from './outputs.ts';
import { removeTree } from './place.ts';

/** Kept at most; the oldest go first. */
const KEPT = 2;

const root = (commonDir: string) => join(privatePaths(commonDir).cache, 'setup');

/** A verified copy, in `dir`, of what is kept under `key`; null where nothing is, or it was edited (it is then dropped). */
export async function fetchStored(commonDir: string, key: string, dir: string): Promise<Outputs | null> {
  const kept = join(root(commonDir), key);
  const told = asObject(parseJson(readOrNull(join(kept, 'outputs.json')) ?? ''));
  const paths = Array.isArray(told?.paths) ? told.paths.filter((path) => typeof path === 'string') : null;
  if (!paths?.every((path) => !/^\/|(^|\/)(\.\.|\.git)(\/|$)/.test(path))) return null;
  try {
    await copyFolder(join(kept, 'files'), dir);
    const outputs = { dir, paths };
    if (digestOutputs(outputs) === told?.digest) return outputs;
  } catch {
    // A store with pieces missing is no store.
  }
  removeTree(dir);
  removeTree(kept);
  return null;
}

/** Keeps a copy under `key`. Left out, quietly, where another process is at it. */
export async function keepStored(commonDir: string, key: string, outputs: Outputs): Promise<void> {
  const lock = tryLock(commonDir, 'setup-store');
  if (!lock) return;
  try {
    const dir = root(commonDir);
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(dir)) if (name.endsWith('.part')) removeTree(join(dir, name));
    const part = join(dir, `${key}.part`);
    await copyFolder(outputs.dir, join(part, 'files'));
    writeAtomic(join(part, 'outputs.json'), JSON.stringify({ paths: outputs.paths, digest: digestOutputs(outputs) }));
    removeTree(join(dir, key));
    renameSync(part, join(dir, key));
    const age = (name: string) => statSync(join(dir, name)).mtimeMs;
    for (const name of readdirSync(dir)
      .sort((a, b) => age(b) - age(a))
      .slice(KEPT))
      removeTree(join(dir, name));
  } finally {
    lock.release();
  }
}
