/** The few questions that a fast command may ask git without loading execa: one synchronous process each. Hot path: no npm package. */

import { gitEnv } from './env.ts';
import type { Located } from './locate.ts';

/** Standard output of git in that repository as text, or null where it does not exit with 0. */
function askSync(place: Located, args: string[], input?: string): string | null {
  return askBytes(place, args, input)?.toString('utf8') ?? null;
}

function askBytes(place: Located, args: string[], input?: string): Buffer | null {
  // Loaded when git is asked: most calls of a fast command ask nothing, and the module costs 3 ms.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const base = [`--git-dir=${place.gitDir}`, `--work-tree=${place.top}`, '--no-replace-objects', '--literal-pathspecs'];
  const result = spawnSync('git', [...base, ...args], {
    cwd: place.top,
    env: gitEnv(),
    maxBuffer: 1 << 30,
    ...(input === undefined ? {} : { input }),
  });
  return result.status === 0 ? result.stdout : null;
}

/** The name that git gives to what is committed in that folder: of the environment, else as configured there; null where it has none. */
export function authorName(cwd: string): string | null {
  const given = process.env.GIT_AUTHOR_NAME?.trim();
  if (given) return given;
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { status, stdout } = spawnSync('git', ['config', '--get', 'user.name'], { cwd, env: gitEnv() });
  return status === 0 ? stdout.toString('utf8').trim() || null : null;
}

/** Files below a folder of a commit or tree; none where either does not exist. */
export function filesBelow(place: Located, treeish: string, folder: string): { path: string; oid: string }[] {
  const out = askSync(place, ['ls-tree', '-r', '-z', '--full-tree', treeish, '--', `${folder}/`]) ?? '';
  return out
    .split('\0')
    .filter(Boolean)
    .map((row) => {
      const tab = row.indexOf('\t');
      return { path: row.slice(tab + 1), oid: row.slice(0, tab).split(' ')[2] ?? '' };
    });
}

/** A blob's text by id, or null. */
export function blobText(place: Located, oid: string): string | null {
  return askSync(place, ['cat-file', 'blob', oid]);
}

/** Writes a file of the working tree as the blob that a commit would hold (filters apply), or null where it cannot be read. */
export function storeFile(place: Located, path: string): string | null {
  return askSync(place, ['hash-object', '-w', '--', path])?.trim() ?? null;
}

/** Writes a blob as it is, or null where that fails. */
export function storeText(place: Located, text: string): string | null {
  return askSync(place, ['hash-object', '-w', '--stdin'], text)?.trim() ?? null;
}

/** True where the commit or tree holds something at the path. */
export function holdsPath(place: Located, treeish: string, path: string): boolean {
  return Boolean(askSync(place, ['ls-tree', '-z', '--full-tree', treeish, '--', path]));
}

/**
 * In one process: the object that each name stands for (null where none), and what each folder, named as `<commit>:<path>`, holds by name
 * (nothing where it does not exist). Null where git cannot be asked.
 */
export function lookUpMany(
  place: Located,
  names: readonly string[],
  folders: readonly string[],
): { oids: (string | null)[]; folders: Map<string, string>[] } | null {
  if ([...names, ...folders].some((name) => name === '' || name.includes('\n'))) return null;
  const input = [...names.map((name) => `info ${name}\n`), ...folders.map((name) => `contents ${name}\n`), 'flush\n'].join('');
  const out = askBytes(place, ['cat-file', '--batch-command', '--buffer'], input);
  if (!out) return null;
  let at = 0;
  const header = () => {
    const end = out.indexOf(10, at);
    const match = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(out.toString('utf8', at, end));
    at = end + 1;
    return match ? { oid: match[1] ?? '', type: match[2], size: Number(match[3]) } : null;
  };
  const oids = names.map(() => header()?.oid ?? null);
  const held = folders.map(() => {
    const found = header();
    if (!found) return new Map<string, string>();
    const body = out.subarray(at, at + found.size);
    at += found.size + 1;
    return found.type === 'tree' ? parseTree(body, found.oid.length / 2) : new Map<string, string>();
  });
  return { oids, folders: held };
}

export interface LeanObject {
  oid: string;
  type: string;
  body: Buffer;
}

/** The objects that names stand for, null where there is none, in one process. Null where git cannot be asked. */
export function readObjects(place: Located, names: readonly string[]): (LeanObject | null)[] | null {
  if (names.some((name) => name === '' || name.includes('\n'))) return null;
  const out = askBytes(place, ['cat-file', '--batch', '--buffer'], names.map((name) => `${name}\n`).join(''));
  if (!out) return null;
  let at = 0;
  return names.map(() => {
    const end = out.indexOf(10, at);
    const match = /^([0-9a-f]{40,64}) (\w+) (\d+)$/.exec(out.toString('utf8', at, end));
    at = end + 1;
    if (!match) return null;
    const body = out.subarray(at, at + Number(match[3]));
    at += body.length + 1;
    return { oid: match[1] ?? '', type: match[2] ?? '', body };
  });
}

/** The same by name. */
export function readNamed(place: Located, names: Iterable<string>): ((name: string) => LeanObject | null) | null {
  const asked = [...new Set(names)];
  const objects = readObjects(place, asked);
  if (!objects) return null;
  const found = new Map(asked.map((name, i) => [name, objects[i] ?? null]));
  return (name) => found.get(name) ?? null;
}

/** The id of a folder in a tree object, or null. */
export function folderIn({ body, oid }: LeanObject, name: string): string | null {
  const row = Buffer.from(`40000 ${name}\0`);
  const at = body.indexOf(row);
  return at < 0 ? null : body.toString('hex', at + row.length, at + row.length + oid.length / 2);
}

/** Rows of a tree object, each `<mode> <name>`, a NUL and the id's bytes; with `wanted` those of these names alone. */
export function parseTree(body: Buffer, width: number, wanted?: ReadonlySet<string>): Map<string, string> {
  const rows = new Map<string, string>();
  for (let at = 0; at < body.length; ) {
    const nul = body.indexOf(0, at);
    // A folder's mode has five digits.
    const space = body[at + 5] === 32 ? at + 5 : body.indexOf(32, at);
    const name = body.toString('utf8', space + 1, nul);
    if (!wanted || wanted.has(name)) rows.set(name, body.toString('hex', nul + 1, nul + 1 + width));
    at = nul + 1 + width;
  }
  return rows;
}
