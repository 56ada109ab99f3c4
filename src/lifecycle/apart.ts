/** Branches of subagents that work in worktrees of their own, for a session: what of them the session does not hold yet. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readHead } from '../git/locate.ts';
import { commitOf, isAncestor } from '../git/refs.ts';
import type { Repo } from '../git/run.ts';
import { readOrNull } from '../store/files.ts';
import type { Session } from './session/session.ts';

/** Short names of branches whose worktree is bound to the session, and whose tip the session's branch does not hold. */
export async function branchesApart(repo: Repo, session: Session): Promise<string[]> {
  const found: string[] = [];
  for (const name of worktreeDirs(repo.commonDir)) {
    const gitDir = join(repo.commonDir, 'worktrees', name);
    if (readOrNull(join(gitDir, 'git-session'))?.split('\n')[0]?.trim() !== session.id) continue;
    const head = readHead(gitDir);
    if (head === 'unreadable' || !('branch' in head)) continue;
    const tip = await commitOf(repo, `refs/heads/${head.branch}`);
    if (tip && !(await isAncestor(repo, tip, session.tip))) found.push(head.branch);
  }
  return found.sort();
}

function worktreeDirs(commonDir: string): string[] {
  try {
    return readdirSync(join(commonDir, 'worktrees'));
  } catch {
    return [];
  }
}

/** A sentence for whoever looks at the session. */
export const apartNote = (branch: string) => `A subagent's branch is not brought in yet: git session bring-in ${branch}`;
