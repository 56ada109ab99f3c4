/** Who writes from this clone: an id bound to its git dir, so that a copied repository gets a new one. Hot path: node built-ins only. */

import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { stateError } from '../core/errors.ts';
import { asObject, parseJson } from '../core/text/json.ts';
import { readOrNull } from './files.ts';
import { privatePaths } from './paths.ts';
import { lives, markOf } from './process.ts';

const ID = /^[a-z0-9]{4,32}$/;

interface Stored {
  id: string;
  path: string;
  inode: string;
}

const known = new Map<string, string>();

/**
 * This clone's writer id (lower-case letters and digits). Made on first use, and made anew where the git dir's path or inode is
 * another than the stored one. Processes that make it at once agree on one. Throws the system's error where it cannot be kept, and (exit 1)
 * where a newer program keeps it in its own way: another id would make two writers of one clone.
 */
export function writerId(commonDir: string): string {
  const cached = known.get(commonDir);
  if (cached) return cached;
  const inode = inodeOf(commonDir);
  const id = read(commonDir, inode) ?? make(commonDir, inode);
  known.set(commonDir, id);
  return id;
}

/** This clone's writer id where it has one already, else null. Makes nothing. */
export function existingWriterId(commonDir: string): string | null {
  return known.get(commonDir) ?? read(commonDir, inodeOf(commonDir));
}

function inodeOf(path: string): string {
  return String(statSync(path, { bigint: true }).ino);
}

function read(commonDir: string, inode: string): string | null {
  const stored = asObject(parseJson(readOrNull(privatePaths(commonDir).writer) ?? '')) as Stored | null;
  const fits = typeof stored?.id === 'string' && ID.test(stored.id) && stored.path === commonDir && stored.inode === inode;
  return fits ? stored.id : null;
}

function make(commonDir: string, inode: string): string {
  const path = privatePaths(commonDir).writer;
  const version = asObject(parseJson(readOrNull(path) ?? ''))?.version;
  if (typeof version === 'number' && version > 1) {
    throw stateError({
      what: 'A newer git-session works in this clone.',
      why: `The id by which it writes is kept in version ${version}, and this program knows 1.`,
      next: 'Install that version, and run the same command again.',
    });
  }
  const id = randomDigits() + randomDigits();
  const temporary = `${path}.${process.pid}.${id}.tmp`;
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(temporary, `${JSON.stringify({ version: 1, id, path: commonDir, inode })}\n`, { flag: 'wx' });
    return settle(temporary, path, () => read(commonDir, inode)) ?? id;
  } finally {
    rmSync(temporary, { force: true });
    clearStrays(path);
  }
}

/** What processes left that were killed while they made one. */
function clearStrays(path: string): void {
  for (const name of readdirSync(dirname(path))) {
    const pid = name.startsWith(`${basename(path)}.`) ? Number(/\.(\d+)\.\w+\.tmp$/.exec(name)?.[1] ?? 0) : 0;
    if (pid > 0 && lives(markOf(pid)) === 'no') rmSync(join(dirname(path), name), { force: true });
  }
}

/** Puts the new file in place. Returns the id of another process that was first, or null where ours stands now. */
function settle(temporary: string, path: string, theirs: () => string | null): string | null {
  try {
    // link() fails where the file exists: the first of several processes wins.
    linkSync(temporary, path);
    return null;
  } catch {
    const id = theirs();
    if (id) return id;
    // There is a file, of the repository that this one was copied from (or no hard links here): replace it.
    renameSync(temporary, path);
    return (asObject(parseJson(readFileSync(path, 'utf8')))?.id as string | undefined) ?? null;
  }
}

/** Six random digits of base 36. V8 seeds Math.random from the system in every process; node:crypto would cost 3 ms. */
function randomDigits(): string {
  return Math.floor(Math.random() * 36 ** 6)
    .toString(36)
    .padStart(6, '0');
}
