/** `closeout --push`: base and tag go to the remote together, or the landing is taken back. */

import { stateError } from '../../core/errors.ts';
import { oneLine } from '../../core/text/text.ts';
import { upstreamOf } from '../../git/ancestry.ts';
import { listRefNames, oidOf } from '../../git/refs.ts';
import { fetchBranch, pushAtomic, remoteOid, remoteRefs } from '../../git/remote.ts';
import type { Repo } from '../../git/run.ts';
import { remoteOf } from './push-line.ts';
import { type Landing, step } from './steps.ts';
import { takeBackLanding } from './take-back.ts';

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

/**
 * Full names of the backup tags that belong to earlier landings which this push is the first to publish: without them nobody there could see
 * who approved these. Those that the remote has are left out; none where it cannot be asked.
 */
export async function earlierTags(repo: Repo, base: string, { remote, merge }: { remote: string; merge: string }): Promise<string[]> {
  const upstream = merge.replace('refs/heads/', `refs/remotes/${remote}/`);
  const without = (await oidOf(repo, upstream)) === null ? [] : [`--no-merged=${upstream}`];
  const names = await listRefNames(repo, [`--merged=${base}`, ...without, 'refs/tags/backup/']);
  const there = names.length === 0 ? null : await remoteRefs(repo, remote, names);
  return there === null ? [] : names.filter((name) => !there.has(name));
}

/**
 * The push of what has just landed. Throws (exit 1) where the remote refused, and nothing has landed then; and where nobody can say whether
 * it did, and the landing stays.
 */
export async function pushLanding(repo: Repo, state: Landing): Promise<void> {
  await step(repo, state, 'push', async () => {
    const { push, moves } = state.landing;
    const said = push === null ? null : await pushAtomic(repo, push.remote, push.refspecs);
    if (push === null || said === null) return;
    // The answer may have been lost on its way: the tag goes with base or not at all.
    const tag = moves.find(({ what }) => what === 'tag');
    const there = tag ? await remoteOid(repo, push.remote, tag.ref).catch(() => UNKNOWN) : null;
    if (there === UNKNOWN) throw unknownPush(push.remote, state.session, said);
    if (there !== tag?.to) throw refusedPush(push.remote, said, await takeBackLanding(repo, state));
  });
}

const UNKNOWN = Symbol('the remote cannot be asked');

const told = (said: string) => oneLine(said.replace(/^(remote: *)+/gm, ''), 600);

function unknownPush(remote: string, session: string, said: string) {
  return stateError({
    what: `Nobody can say whether ${oneLine(remote)} took the landing: it does not answer any more. The landing stays here.`,
    why: told(said),
    next: `When it answers again: git session closeout --push ${session} (it asks, and pushes or takes the landing back).`,
  });
}

function refusedPush(remote: string, said: string, kept: string | null) {
  return stateError({
    what: `${oneLine(remote)} did not take the landing, ${kept === null ? 'so it was taken back' : 'and it could not be taken back'}.`,
    why: [told(said), ...(kept === null ? [] : [`It stays here: ${kept}`])].join('\n'),
    next: 'Bring base up to date (git pull --ff-only), or land by pull request (land: pr), and close out again.',
  });
}
