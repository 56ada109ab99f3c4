/** How many lines a change adds and removes. */

import { withoutAttributes } from './attributes.ts';
import { type Repo, runGit } from './run.ts';

export interface LineCount {
  added: number;
  removed: number;
}

/** By path, between two commits or trees, without rename detection; null for a binary file. */
export async function linesChanged(repo: Repo, from: string, to: string): Promise<Map<string, LineCount | null>> {
  const args = ['diff-tree', '-r', '-z', '--numstat', '--no-renames', '--no-ext-diff', '--no-textconv', '--diff-algorithm=myers', from, to];
  const { out } = await runGit(...withoutAttributes(repo, args));
  const found = new Map<string, LineCount | null>();
  for (const row of out.split('\0')) {
    const [added = '', removed = '', ...path] = row.split('\t');
    if (path.length > 0) found.set(path.join('\t'), added === '-' ? null : { added: Number(added), removed: Number(removed) });
  }
  return found;
}
