/** What init changed in this clone alone, with what was there before: kept so that uninstall can put it back. */

import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stateError } from '../core/errors.ts';
import { asObject, parseJson } from '../core/text/json.ts';
import { readOrNull, writeAtomic } from './files.ts';
import { privatePaths } from './paths.ts';

/** A setting of the repository's own configuration; null where there was or is none. */
export interface SettingKept {
  key: string;
  before: string | null;
  after: string | null;
}

/** An untracked file, relative to the worktree's top or (in the git dir) absolute; null where there was none. */
export interface FileKept {
  path: string;
  before: string | null;
  after: string;
}

export interface SetUp {
  settings: SettingKept[];
  files: FileKept[];
  /** Folders that were made for files, absolute, the outermost first. */
  folders: string[];
}

/** Throws (exit 1) where a newer program kept it: what is not understood here could not be put back, and would be lost by writing. */
export function readSetUp(commonDir: string): SetUp {
  const raw = asObject(parseJson(readOrNull(privatePaths(commonDir).setUp) ?? ''));
  if (typeof raw?.v === 'number' && raw.v > 1) {
    throw stateError({
      what: 'A newer git-session set this clone up.',
      why: `What it kept to put things back has version ${raw.v}, and this program knows 1.`,
      next: 'Install that version, and run the same command again.',
    });
  }
  const list = (value: unknown) => (Array.isArray(value) ? value : []).map((row: unknown) => asObject(row) ?? {});
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  return {
    settings: list(raw?.settings).flatMap(({ key, before, after }) =>
      typeof key === 'string' ? [{ key, before: text(before), after: text(after) }] : [],
    ),
    files: list(raw?.files).flatMap(({ path, before, after }) =>
      typeof path === 'string' && typeof after === 'string' ? [{ path, before: text(before), after }] : [],
    ),
    folders: (Array.isArray(raw?.folders) ? raw.folders : []).filter((path) => typeof path === 'string'),
  };
}

/** Makes a folder with those above it, and keeps which of them were not there. */
export function makeKeptFolder(commonDir: string, folder: string): void {
  const first = mkdirSync(folder, { recursive: true });
  const made: string[] = [];
  for (let at = folder; first && at.length >= first.length; at = dirname(at)) made.unshift(at);
  keepSetUp(commonDir, { folders: made });
}

/** Forgets the files: they were put back. */
export function forgetKeptFiles(commonDir: string): void {
  write(commonDir, { ...readSetUp(commonDir), files: [], folders: [] });
}

/** Whether this clone holds more of ours than a cache, which looking leaves. */
export function isInUse(commonDir: string): boolean {
  const { root, cache } = privatePaths(commonDir);
  return existsSync(root) && readdirSync(root).some((name) => join(root, name) !== cache);
}

/** Adds to what is kept. Of several set-ups in a row the first says what was before; where somebody changed it in between, the later one does. */
export function keepSetUp(commonDir: string, { settings = [], files = [], folders = [] }: Partial<SetUp>): void {
  const known = readSetUp(commonDir);
  if (settings.length + files.length + folders.length === 0) return;
  write(commonDir, {
    settings: merge(known.settings, settings, ({ key }) => key),
    files: merge(known.files, files, ({ path }) => path),
    folders: [...new Set([...known.folders, ...folders])],
  });
}

function write(commonDir: string, kept: SetUp): void {
  writeAtomic(privatePaths(commonDir).setUp, `${JSON.stringify({ v: 1, ...kept }, null, 2)}\n`);
}

function merge<T extends { before: string | null; after: string | null }>(
  known: readonly T[],
  fresh: readonly T[],
  name: (row: T) => string,
): T[] {
  const rows = new Map(known.map((row) => [name(row), row]));
  for (const row of fresh) {
    const earlier = rows.get(name(row));
    rows.set(name(row), earlier && earlier.after === row.before ? { ...row, before: earlier.before } : row);
  }
  return [...rows.values()];
}
