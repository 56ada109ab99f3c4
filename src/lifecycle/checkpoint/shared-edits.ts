/** Edits of a task that another task's checkpoint has committed: a file that both edited is committed once. */

import type { AnyRecord } from '../../core/log/record.ts';
import { foldTasks } from '../../core/session/tasks.ts';
import { parseTrailers } from '../../core/session/trailers.ts';
import { listCommits } from '../../git/objects.ts';
import { firstParentChanges } from '../../git/path-history.ts';
import { commitOf } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import type { Session } from '../session/session.ts';
import type { CheckpointOutcome } from './checkpoint.ts';

export interface SharedEdit {
  path: string;
  commit: string;
  /** The other tasks of that commit. */
  with: string[];
}

/** So many files are looked up: more than that of one task in commits of others is no case to tell about one by one. */
const MOST = 200;

/** The newest such commit of each of the task's files that its own checkpoint (`outcome`) does not hold; nothing is asked of git where it holds all. */
export async function committedWithOthers(
  repo: Repo,
  session: Session,
  task: string,
  records: readonly AnyRecord[],
  outcome: CheckpointOutcome | null,
): Promise<SharedEdit[]> {
  const rest = new Set((foldTasks(records).find((row) => row.task === task)?.files ?? []).slice(0, MOST));
  for (const path of [...(outcome?.files ?? []), ...(outcome?.held ?? []).map((row) => row.path)]) rest.delete(path);
  const base = rest.size > 0 ? await commitOf(repo, `refs/heads/${session.metadata.base}`) : null;
  if (!base) return [];
  const found: SharedEdit[] = [];
  const tasksOf = new Map<string, string[]>();
  // As they are, not as globs.
  const paths = [...rest].map((path) => path.replace(/[\\*?[]/g, '\\$&'));
  for (const { commit, path } of await firstParentChanges(repo, `refs/heads/${session.branch}`, paths, [base])) {
    if (!rest.has(path)) continue;
    if (!tasksOf.has(commit)) {
      const [info] = await listCommits(repo, [`${commit}^!`]);
      tasksOf.set(commit, parseTrailers(info?.message ?? '').get('Session-Task') ?? []);
    }
    const tasks = tasksOf.get(commit) ?? [];
    if (!tasks.includes(task) || tasks.length < 2) continue;
    rest.delete(path);
    found.push({ path, commit, with: tasks.filter((other) => other !== task) });
  }
  return found;
}
