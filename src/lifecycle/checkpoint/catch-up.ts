/** What every reading command does first: commits what is queued, and records what plain commits did. No event is required for that. */

import { SessionError } from '../../core/errors.ts';
import { RefsCutShort } from '../../git/ref-transaction.ts';
import { GitError, type Repo } from '../../git/run.ts';
import { loadSession, type Session } from '../session/session.ts';
import { drain } from './checkpoint.ts';
import { observeCommits } from './observe.ts';

export interface CaughtUp {
  /** As it stands afterwards. */
  session: Session;
  /** Why something could not be caught up, as a sentence; null where all is well. Reading goes on all the same. */
  note: string | null;
}

/** Throws nothing that a reader could do without: a repository that cannot be written is read as it is. */
export async function catchUp(repo: Repo, session: Session): Promise<CaughtUp> {
  if (session.metadata.status !== 'active') return { session, note: null };
  try {
    const { done } = await drain(repo, { wait: false });
    const now = done.length > 0 ? ((await loadSession(repo, session.id)) ?? session) : session;
    await observeCommits(repo, now);
    return { session: now, note: null };
  } catch (error) {
    const known =
      error instanceof SessionError ||
      error instanceof GitError ||
      error instanceof RefsCutShort ||
      (error as NodeJS.ErrnoException).syscall !== undefined;
    if (!known) throw error;
    return { session, note: `Some of the newest work may be missing here: ${(error as Error).message}` };
  }
}
