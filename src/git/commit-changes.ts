/** What each of many commits changed, in one process. */

import type { Change } from './objects.ts';
import { type Repo, runGit } from './run.ts';

/** By commit: the paths that it changed against its parent (all of them for a first commit), without rename detection; merges give nothing. */
export async function changesOf(repo: Repo, commits: readonly string[]): Promise<Map<string, Change[]>> {
  const found = new Map<string, Change[]>(commits.map((oid) => [oid, []]));
  if (commits.length === 0) return found;
  const args = ['diff-tree', '--stdin', '-r', '-z', '--raw', '--root', '--no-renames', '--full-index'];
  const { out } = await runGit(repo, args, { input: `${commits.join('\n')}\n` });
  const fields = out.split('\0');
  let changes: Change[] = [];
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] ?? '';
    if (!field.startsWith(':')) {
      changes = found.get(field.trim()) ?? [];
      continue;
    }
    const [oldMode = '', newMode = '', oldOid = '', newOid = '', status = ''] = field.slice(1).split(' ');
    i += 1;
    changes.push({ status: status[0] as Change['status'], path: fields[i] ?? '', oldMode, newMode, oldOid, newOid });
  }
  return found;
}
