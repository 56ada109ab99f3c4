/** `check --watch`: the checks again whenever what they would run on has become something else. */

import { dirname, join } from 'node:path';
import { SessionError } from '../core/errors.ts';
import { oneLine } from '../core/text/text.ts';
import type { Repo } from '../git/run.ts';
import { loadSession, type Session } from '../lifecycle/session/session.ts';
import { watchFolders } from '../store/watch.ts';
import { checkOnce, type ToCheck, toCheck } from './check-run.ts';
import type { Io } from './io.ts';
import { output } from './output.ts';
import { printError } from './print/error.ts';

/** A commit is several changes of files, and agents make several commits: what comes within this time is taken together. */
const QUIET_MS = 300;
/** Between two looks that nothing asked for. */
const LONG_MS = 10 * 60_000;

/** Runs the checks now, and again when the session, its base or the policy has new commits. Ends when the session's branch is gone. */
export async function watchChecks(repo: Repo, session: Session, names: readonly string[], io: Io): Promise<void> {
  let what = await toCheck(repo, session, names, io);
  let before = '';
  for (;;) {
    // First watch, then look: nothing that happens meanwhile is missed.
    const watched = watchFolders(foldersOf(repo, what));
    try {
      const now = await loadSession(repo, session.id);
      if (!now?.ref.startsWith('refs/heads/')) {
        io.say(`${session.id} has no branch any more: there is nothing left to check.`);
        return;
      }
      const found = await answer(() => toCheck(repo, now, names, io));
      const key = found instanceof SessionError ? found.message : keyOf(found);
      if (key !== before) {
        before = key;
        clearScreen();
        if (found instanceof SessionError) printError(io, found);
        else {
          what = found;
          io.say(headline(found));
          const ran = await answer(() => checkOnce(repo, found, names, io));
          if (ran instanceof SessionError) printError(io, ran);
        }
        io.note('Waiting for new commits. Ctrl-C ends.');
      }
      await watched.next(LONG_MS);
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    } finally {
      watched.close();
    }
  }
}

/** What comes of an act, or why the state does not allow it: the next commit may. */
async function answer<T>(act: () => Promise<T>): Promise<T | SessionError> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof SessionError) return error;
    throw error;
  }
}

/** Where git keeps what names commits: loose refs in their folders, packed refs at the top, or a folder of tables. */
function foldersOf({ commonDir }: Repo, { session, base, policy }: ToCheck): string[] {
  const refs = [`refs/heads/${session.branch}`, `refs/heads/${base.branch}`, policy.ref];
  return [commonDir, join(commonDir, 'reftable'), ...refs.map((ref) => dirname(join(commonDir, ref)))];
}

/** At a terminal that has a screen; elsewhere one run follows the other. */
function clearScreen(): void {
  const out = output(1);
  if (out.isTTY && process.env.TERM !== 'dumb') out.write('\u001b[2J\u001b[H');
}

const keyOf = ({ session, base, policy }: ToCheck) => [session.tip, base.branch, base.commit, policy.source ?? policy.local].join(' ');

function headline({ session, base }: ToCheck): string {
  return `${session.id} at ${session.tip.slice(0, 10)}, merged with ${oneLine(base.branch, 80)} at ${base.commit.slice(0, 10)}`;
}
