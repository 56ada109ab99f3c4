/** A person's or agent's `git commit` in progress, as the git hooks left its mark. Node built-ins only. */

import { join } from 'node:path';
import { asObject, parseJson } from '../core/json.ts';
import { readOrNull } from './files.ts';
import { lives, type ProcessMark } from './process.ts';

/** The git process that is committing in the worktree with this git dir, while it lives; else null. */
export function committing(gitDir: string): ProcessMark | null {
  const raw = asObject(parseJson(readOrNull(join(gitDir, 'git-session-committing')) ?? ''));
  if (typeof raw?.pid !== 'number') return null;
  const mark = { pid: raw.pid, start: typeof raw.start === 'string' ? raw.start : null, space: null };
  return lives(mark) === 'yes' ? mark : null;
}
