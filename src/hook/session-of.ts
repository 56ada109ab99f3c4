/** The session of a checkout: by its branch, or by the binding of its worktree. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asSessionId, idOfBranch, type SessionId } from '../core/session/session-id.ts';
import { type Located, readHead } from '../git/locate.ts';
import { askGit } from './spawn.ts';

/** Throws where git has to be asked, and cannot tell. */
export function sessionOf(place: Located, prefix: string): SessionId | null {
  const head = readHead(place.gitDir);
  const branch = head === 'unreadable' ? askBranch(place.top) : 'branch' in head ? head.branch : null;
  return (branch === null ? null : idOfBranch(branch, prefix)) ?? boundTo(place);
}

function askBranch(top: string): string | null {
  const ref = askGit(['symbolic-ref', '--quiet', 'HEAD'], { cwd: top })?.toString('utf8').trim();
  // Detached, or broken: in the one case there is a commit.
  if (ref === undefined && askGit(['rev-parse', '--quiet', '--verify', 'HEAD'], { cwd: top }) === null)
    throw new Error('git cannot tell which branch is checked out here');
  return ref?.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null;
}

/** A worktree that a client made for a subagent has a file with the id in its own git dir. */
function boundTo({ gitDir, commonDir }: Located): SessionId | null {
  if (gitDir === commonDir) return null;
  try {
    return asSessionId(readFileSync(join(gitDir, 'git-session'), 'utf8').split('\n')[0]?.trim() ?? '');
  } catch {
    return null;
  }
}
