/** Names and ids alone, of many things at once: nothing of what they stand for is read. */

import { ask, type Repo } from './run.ts';

export interface IdRow {
  path: string;
  type: 'blob' | 'tree' | 'commit';
  oid: string;
}

/** Folders and files below folders of a commit or tree, each folder before what lies in it. */
export async function idsBelow(repo: Repo, treeish: string, ...folders: string[]): Promise<IdRow[]> {
  const out = await ask(repo, ['ls-tree', '-r', '-t', '-z', '--full-tree', treeish, '--', ...folders]);
  return out
    .split('\0')
    .filter(Boolean)
    .map((row) => {
      const tab = row.indexOf('\t');
      const [, type = '', oid = ''] = row.slice(0, tab).split(' ');
      return { path: row.slice(tab + 1), type: type as IdRow['type'], oid };
    });
}

/** Refs under a prefix (full names) with the ids that they hold, tags unpeeled. */
export async function refIds(repo: Repo, prefix: string): Promise<{ ref: string; oid: string }[]> {
  const out = await ask(repo, ['for-each-ref', '--format=%(refname) %(objectname)', prefix]);
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const cut = line.lastIndexOf(' ');
      return { ref: line.slice(0, cut), oid: line.slice(cut + 1) };
    });
}
