/** Many objects in one process (`git cat-file --batch`). */

import { type Repo, runBytes } from './run.ts';

export interface ObjectInfo {
  oid: string;
  type: 'blob' | 'tree' | 'commit' | 'tag';
  /** Bytes. */
  size: number;
}

export interface GitObject extends ObjectInfo {
  body: Buffer;
}

/** The objects that names stand for (ids, refs, `<commit>:<path>`), in order; null where there is none. A name with a newline is none. */
export async function readMany(repo: Repo, names: readonly string[]): Promise<(GitObject | null)[]> {
  if (names.length === 0) return [];
  const out = await runBytes(repo, ['cat-file', '--batch', '--buffer'], { input: lines(names) });
  const found: (GitObject | null)[] = [];
  for (let at = 0; at < out.length; ) {
    const end = out.indexOf(10, at);
    const info = parseInfo(out.toString('utf8', at, end));
    at = end + 1;
    if (!info) {
      found.push(null);
      continue;
    }
    found.push({ ...info, body: out.subarray(at, at + info.size) });
    at += info.size + 1;
  }
  return found;
}

/** As readMany, by name, each name asked once. */
export async function readNamed(repo: Repo, names: Iterable<string>): Promise<(name: string) => GitObject | null> {
  const wanted = [...new Set(names)];
  const objects = await readMany(repo, wanted);
  const found = new Map(wanted.map((name, i) => [name, objects[i] ?? null]));
  return (name) => found.get(name) ?? null;
}

/** As readMany, without the bodies. */
export async function statMany(repo: Repo, names: readonly string[]): Promise<(ObjectInfo | null)[]> {
  if (names.length === 0) return [];
  const out = await runBytes(repo, ['cat-file', '--batch-check', '--buffer'], { input: lines(names) });
  return out
    .toString('utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => parseInfo(line));
}

/** One name a line; what could not be a name in one line asks for an object that cannot exist. */
function lines(names: readonly string[]): string {
  return names.map((name) => `${name === '' || name.includes('\n') ? '^' : name}\n`).join('');
}

function parseInfo(line: string): ObjectInfo | null {
  const match = /^([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d+)$/.exec(line);
  if (!match) return null;
  return { oid: match[1] ?? '', type: match[2] as ObjectInfo['type'], size: Number(match[3]) };
}
