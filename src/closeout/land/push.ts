/** `closeout --push`: base and tag go to the remote together, or the landing is taken back. */

import { stateError } from '../../core/errors.ts';
import { oneLine } from '../../core/text/text.ts';
import { upstreamOf } from '../../git/ancestry.ts';
import { moveCheckout } from '../../git/checkout.ts';
import { prepareRefs } from '../../git/ref-transaction.ts';
import { listRefs, type RefMove } from '../../git/refs.ts';
import { fetchBranch, pushAtomic } from '../../git/remote.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { type CheckoutMove, dropCloseout } from '../../store/closeout-state.ts';
import { remoteOf } from './push-line.ts';
import { type Landing, step } from './steps.ts';
import { withdrawnTag } from './tag-name.ts';

/** Where base is pushed to: the remote and the branch's full name there. Fetches it first. Throws (exit 1) where there is no remote. */
export async function pushTarget(repo: Repo, branch: string): Promise<{ remote: string; merge: string }> {
  const remote = await remoteOf(repo, branch);
  if (remote === null) {
    throw stateError({ what: 'There is no remote to push to.', next: 'Close out without --push, or add one: git remote add origin <url>' });
  }
  const merge = (await upstreamOf(repo, branch))?.merge ?? `refs/heads/${branch}`;
  await fetchBranch(repo, remote, merge.replace('refs/heads/', ''));
  return { remote, merge };
}

/** The push of what has just landed. Throws (exit 1) where the remote refused; nothing has landed then. */
export async function pushLanding(repo: Repo, state: Landing): Promise<void> {
  await step(repo, state, 'push', async () => {
    const { push } = state.landing;
    const refused = push === null ? null : await pushAtomic(repo, push.remote, push.refspecs);
    if (refused === null) return;
    const kept = await takeBack(repo, state);
    throw stateError({
      what: `${push?.remote} did not take the landing, ${kept === null ? 'so it was taken back' : 'and it could not be taken back'}.`,
      why: [oneLine(refused.replace(/^(remote: *)+/gm, ''), 600), ...(kept === null ? [] : [`It stays here: ${kept}`])].join('\n'),
      next: 'Bring base up to date (git pull --ff-only), or land by pull request (land: pr), and close out again.',
    });
  });
}

/** Refs and checkouts as they were before; the tag is kept in the trash. Null, or why the landing stays. */
async function takeBack(repo: Repo, { session, landing }: Landing): Promise<string | null> {
  let n = 1;
  while ((await listRefs(repo, [withdrawnTag(session, n, false)])).length > 0) n++;
  const moves = landing.moves.flatMap(({ ref, from, to, what }): RefMove[] => {
    const back = { ref, from: to, to: from };
    return what === 'tag' ? [back, { ref: withdrawnTag(session, n, false), from: null, to }] : [back];
  });
  try {
    const transaction = await prepareRefs(repo, moves, `git-session: take back the landing of ${session}`);
    const back: CheckoutMove[] = [];
    try {
      for (const move of [...landing.checkouts].reverse()) {
        await moveCheckout(repoAt(repo, move.top), move.to, move.from);
        back.unshift(move);
      }
      await transaction.commit();
    } catch (error) {
      await transaction.abort();
      for (const { top, from, to } of back) await moveCheckout(repoAt(repo, top), from, to);
      throw error;
    }
  } catch (error) {
    // Perhaps somebody built on the landing before it could be taken back: their work comes first.
    return whyKept(repo, landing, error);
  }
  dropCloseout(repo.commonDir, session);
  return null;
}

/** The refs that others have moved meanwhile, and what the failure itself says. */
async function whyKept(repo: Repo, { moves }: Landing['landing'], error: unknown): Promise<string> {
  const rows = await listRefs(
    repo,
    moves.map(({ ref }) => ref),
  );
  const moved = moves.filter(({ ref, to }) => rows.find((row) => row.ref === ref)?.oid !== to).map(({ ref }) => oneLine(ref));
  const said = oneLine(error instanceof Error ? error.message : String(error), 400);
  return moved.length > 0 ? `${moved.join(', ')} moved on meanwhile (${said})` : said;
}
