/** `approve --push`: this person's approval goes to the remote. Where somebody was first there, it becomes a further approval of theirs. */

import { stateError } from '../../core/errors.ts';
import { oneLine } from '../../core/text/text.ts';
import { listRefs, moveRefs, type RefMove } from '../../git/refs.ts';
import { fetchRef, pushAtomic, remoteOid } from '../../git/remote.ts';
import type { Repo } from '../../git/run.ts';
import type { Session } from '../../lifecycle/session/session.ts';
import type { EffectivePolicy } from '../../trust/policy-chain.ts';
import { type ApprovingKey, approvingKey } from '../land/approver.ts';
import { approvalIn, approvalTagName, type FirstApproval, firstApproval, signFurther } from '../land/further.ts';
import { backupTags } from '../landed/landings.ts';
import type { Progress } from '../prepare/bring-in.ts';
import { sealOf } from '../prepare/sealed.ts';
import { withdrawnRef } from '../withdrawn.ts';
import { requestRemote } from './pull-request.ts';

export interface PushedApproval {
  /** Short name of the tag that the remote has now. */
  tag: string;
  notes: string[];
}

/** Whether this person has approved the seal in this clone already, so that only the push is left. */
export async function approvedHere(repo: Repo, session: Session, policy: EffectivePolicy): Promise<boolean> {
  const { seal } = await sealOf(repo, session);
  const first = await firstApproval(repo, session.id, seal.commit, policy.approvers);
  return first !== null && (await ownTag(repo, session, seal.commit, first, await approvingKey(repo, policy))) !== null;
}

/** Full name of the tag that holds this person's approval, or null. */
async function ownTag(repo: Repo, { id }: Session, seal: string, first: FirstApproval, { approver }: ApprovingKey): Promise<string | null> {
  const [further] = await listRefs(repo, [`refs/tags/${approvalTagName(id, approver.key)}`]);
  if (further) return further.ref;
  if (first.principal !== approver.principal) return null;
  return (await backupTags(repo, id)).find((tag) => tag.seal === seal)?.ref ?? null;
}

/** Throws (exit 1) where there is no remote, where it refuses, or where its tag is another seal's; (exit 4) where its tag does not verify. */
export async function pushApproval(repo: Repo, session: Session, policy: EffectivePolicy, tell?: Progress): Promise<PushedApproval> {
  const remote = await requestRemote(repo, session.metadata.base);
  const { seal } = await sealOf(repo, session);
  const key = await approvingKey(repo, policy);
  const first = await firstApproval(repo, session.id, seal.commit, policy.approvers);
  const ref = first && (await ownTag(repo, session, seal.commit, first, key));
  if (!ref) throw stateError({ what: `You have not approved ${session.id}.`, next: `git session approve ${session.id}` });
  const refused = (await standsThere(repo, remote, ref)) ? null : await pushAtomic(repo, remote, [ref]);
  if (refused === null) return { tag: short(ref), notes: [`${oneLine(remote, 60)} has ${short(ref)}.`] };
  const taken = ref.startsWith('refs/tags/backup/') && (await remoteOid(repo, remote, ref)) !== null;
  if (!taken) throw notTaken(remote, ref, refused);
  return makeFurther(repo, { session, policy, key, remote, ref, seal: seal.commit, tell });
}

interface Further {
  session: Session;
  policy: EffectivePolicy;
  key: ApprovingKey;
  remote: string;
  /** Full name of the backup tag that somebody pushed first. */
  ref: string;
  seal: string;
  tell: Progress | undefined;
}

/** Theirs takes the name that they were first to push, ours is signed again as a further approval, and what we had goes to the trash. */
async function makeFurther(repo: Repo, { session, policy, key, remote, ref, seal, tell }: Further): Promise<PushedApproval> {
  const theirs = `refs/git-session/theirs/${session.id}`;
  await fetchRef(repo, remote, ref, theirs);
  const [[there], [ours]] = await Promise.all([listRefs(repo, [theirs]), listRefs(repo, [ref])]);
  if (!there || !ours) throw notTaken(remote, ref, 'The tag could not be read.');
  if (there.peeled !== seal) {
    await moveRefs(repo, [{ ref: theirs, from: there.oid, to: null }], 'git-session: another seal');
    throw stateError({
      what: `${oneLine(remote, 60)} has a ${short(ref)} of another seal than the one that you approved.`,
      next: `Bring this clone up to date (git fetch ${remote}), and approve what is there: git session approve ${session.id}`,
    });
  }
  const first = await approvalIn(repo, short(ref), there.oid, policy.approvers);
  const mine = first.principal === key.approver.principal;
  tell?.(`${first.principal} approved first; yours is added to it.`);
  const request = { id: session.id, seal, first, key, presence: policy.policy.presence, approvedAt: new Date().toISOString() };
  const further = mine ? null : await signFurther(repo, { ...request, approvers: policy.approvers, tell });
  const moves: RefMove[] = [
    { ref, from: ours.oid, to: there.oid },
    { ref: await withdrawnRef(repo, session.id, 'tag'), from: null, to: ours.oid },
    { ref: theirs, from: there.oid, to: null },
  ];
  const own = further && `refs/tags/${further.name}`;
  if (further && own) moves.push({ ref: own, from: null, to: further.oid });
  await moveRefs(repo, moves, `git-session: a further approval of ${session.id}`);
  const refused = own === null ? null : await pushAtomic(repo, remote, [own]);
  if (own !== null && refused !== null) throw notTaken(remote, own, refused);
  const note = `${first.principal} had approved first, and ${short(ref)} is theirs${own === null ? '' : `; yours is ${short(own)}`}.`;
  return { tag: short(own ?? ref), notes: [note] };
}

async function standsThere(repo: Repo, remote: string, ref: string): Promise<boolean> {
  const [[ours], there] = await Promise.all([listRefs(repo, [ref]), remoteOid(repo, remote, ref)]);
  return there !== null && ours?.oid === there;
}

const short = (ref: string) => ref.replace('refs/tags/', '');

const notTaken = (remote: string, ref: string, why: string) =>
  stateError({
    what: `${oneLine(remote, 60)} did not take ${short(ref)}; the approval stays in this clone.`,
    why: oneLine(why.replace(/^(remote: *)+/gm, ''), 600),
    next: 'Mend what it names, and run the same command again.',
  });
