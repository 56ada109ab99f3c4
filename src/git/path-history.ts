/** What happened to some paths along a branch's first parents. */

import { isoTime } from '../core/log/clock.ts';
import { type Repo, runGit } from './run.ts';

export interface PathChange {
  /** The commit of the first-parent line. */
  commit: string;
  parents: string[];
  /** Committer date, ISO 8601 UTC. */
  at: string;
  subject: string;
  path: string;
  status: 'A' | 'M' | 'D' | 'T';
  /** Blob before and after; null where there was or is none. */
  before: string | null;
  after: string | null;
}

/**
 * Changes to paths against each first parent, newest first, without rename detection. `paths` are globs (`*` stops at a slash);
 * `not` names commits whose history is left out. One process, however many files.
 */
export async function firstParentChanges(repo: Repo, tip: string, paths: string[], not: string[] = []): Promise<PathChange[]> {
  const format = '%x01%H%x02%P%x02%ct%x02%s';
  const args = ['log', '--first-parent', '-m', '--raw', '--no-abbrev', '--no-renames', '-z', `--format=${format}`];
  const revisions = [tip, ...not.map((commit) => `^${commit}`)];
  const { out } = await runGit(repo, [...args, '--end-of-options', ...revisions, '--', ...paths], { globs: true });
  return out.split('\x01').slice(1).flatMap(parseCommit);
}

function parseCommit(text: string): PathChange[] {
  // The header ends with a NUL (-z); the raw part begins on a new line.
  const end = text.indexOf('\0');
  const [commit = '', parents = '', seconds = '', subject = ''] = text.slice(0, end).split('\x02');
  const fields = text.slice(end + 1).split('\0');
  const changes: PathChange[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [, , before = '', after = '', status = ''] = (fields[i] ?? '').trim().split(' ');
    const some = (oid: string) => (/^0*$/.test(oid) ? null : oid);
    changes.push({
      commit,
      parents: parents.split(' ').filter(Boolean),
      at: isoTime(Number(seconds) * 1000),
      subject,
      path: fields[i + 1] ?? '',
      status: status[0] as PathChange['status'],
      before: some(before),
      after: some(after),
    });
  }
  return changes;
}
