/** What a closeout takes into the session before it looks: queued checkpoints, plain commits, files left in its folder, and files that somebody claims. */

import { stateError } from '../../core/errors.ts';
import { oneLine } from '../../core/text/text.ts';
import type { Repo } from '../../git/run.ts';
import { drain, requestCheckpoint, unfinishedWork } from '../../lifecycle/checkpoint/checkpoint.ts';
import { observeCommits } from '../../lifecycle/checkpoint/observe.ts';
import { sweep } from '../../lifecycle/checkpoint/sweep.ts';
import { loadSession, type Session } from '../../lifecycle/session/session.ts';

/** A line about what goes on, safe to print. */
export type Progress = (line: string) => void;

export interface BroughtIn {
  /** At its new tip. */
  session: Session;
  /** Uncommitted paths outside the session's folder: not part of this closeout. */
  leftovers: string[];
  held: { path: string; why: string }[];
}

/** Makes all of that part of the session. Throws (exit 1) where something in its checkout is unfinished, or cannot be committed now. */
export async function bringIn(repo: Repo, session: Session, include: readonly string[], tell: Progress): Promise<BroughtIn> {
  const unfinished = await unfinishedWork(repo, `refs/heads/${session.branch}`);
  if (unfinished) {
    throw stateError({
      what: `${unfinished.charAt(0).toUpperCase()}${unfinished.slice(1)} in ${oneLine(session.worktree ?? repo.top)}.`,
      why: 'What it makes would not be part of the session, and the branch would move under it.',
      next: 'Finish it, or take it back, and run the same command again.',
    });
  }
  tell('Bringing in what is not committed yet');
  await drain(repo, { wait: true });
  await observeCommits(repo, session);
  const swept = await sweep(repo, session, { beforeSeal: true });
  if (swept.waits !== null) {
    throw stateError({
      what: 'What is not committed yet could not be brought in.',
      why: swept.waits,
      next: 'Finish that, and close out again.',
    });
  }
  const claimed = await claim(repo, session, include, swept.leftovers);
  const now = await loadSession(repo, session.id);
  if (!now?.ref.startsWith('refs/heads/')) throw stateError({ what: `The branch ${session.branch} is gone.` });
  return { session: now, leftovers: swept.leftovers.filter((path) => !claimed.has(path)), held: swept.held };
}

/** Commits leftovers that somebody says are the session's. Throws (exit 1) on a path that is none. */
async function claim(repo: Repo, session: Session, include: readonly string[], leftovers: readonly string[]): Promise<Set<string>> {
  const unknown = include.find((path) => !leftovers.includes(path));
  if (unknown !== undefined) {
    throw stateError({
      what: `${oneLine(unknown)} is not among the uncommitted files outside the session's folder.`,
      next:
        leftovers.length > 0
          ? `Those are:\n${leftovers
              .slice(0, 20)
              .map((path) => oneLine(path))
              .join('\n')}`
          : 'There are none.',
    });
  }
  if (include.length === 0) return new Set();
  const outcome = await requestCheckpoint(repo, session, {
    files: include,
    event: 'sweep',
    wait: true,
    subject: 'files claimed at the closeout',
  });
  const held = outcome.held[0];
  if (held || outcome.queued) {
    throw stateError({
      what: `${oneLine(held?.path ?? include[0] ?? '')} could not be brought in.`,
      why: held?.why ?? outcome.waits ?? undefined,
    });
  }
  return new Set(include);
}
