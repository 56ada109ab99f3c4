/** Many blobs in one process. */

import { type Repo, runBytes } from './run.ts';

/** The text (UTF-8) of every id that is a blob here, by id; others are left out. No process where nothing is asked. */
export async function readBlobs(repo: Repo, oids: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const wanted = [...new Set(oids)];
  if (wanted.length === 0) return found;
  const out = await runBytes(repo, ['cat-file', '--batch', '--buffer'], { input: `${wanted.join('\n')}\n` });
  for (let at = 0; at < out.length; ) {
    const end = out.indexOf(10, at);
    if (end === -1) break;
    // `<oid> <type> <size>`, or `<oid> missing` with nothing behind it.
    const [oid = '', type = '', size] = out.toString('utf8', at, end).split(' ');
    at = end + 1;
    if (size === undefined) continue;
    if (type === 'blob') found.set(oid, out.toString('utf8', at, at + Number(size)));
    at += Number(size) + 1;
  }
  return found;
}
