/** A closeout from the first look to the landing: recover, prepare, ask, seal, sign, land. */

import { stateError } from '../core/errors.ts';
import type { SessionState } from '../core/session/metadata.ts';
import { fetchBranch } from '../git/remote.ts';
import type { Repo } from '../git/run.ts';
import { loadSession, type Session } from '../lifecycle/session/session.ts';
import { deriveState } from '../lifecycle/session/state.ts';
import { type CloseoutState, readCloseout } from '../store/closeout-state.ts';
import { GIVEN_UP, tryLock } from '../store/lock.ts';
import { presence } from '../trust/presence.ts';
import { verifyObject } from '../trust/signature.ts';
import { type CloseoutOptions, type CloseoutResult, resultOf } from './context.ts';
import { decideAndLand } from './decide.ts';
import { approvingKey } from './land/approver.ts';
import { stillOnBranches } from './land/checkouts.ts';
import { firstApproval, refuseTwice } from './land/further.ts';
import { land, Overtaken } from './land/land.ts';
import { pushTarget } from './land/push.ts';
import { recover } from './land/recover.ts';
import type { Landing } from './land/steps.ts';
import { nextTagName } from './land/tag-name.ts';
import { landingBase } from './prepare/base.ts';
import { initialisedPolicy } from './prepare/prepare.ts';
import { sealOf } from './prepare/sealed.ts';

/** Closes a session, or says why not; the same command finishes an interrupted one. One at a time for each session. */
export async function closeOut(repo: Repo, session: Session, options: CloseoutOptions): Promise<CloseoutResult> {
  const lock = tryLock(repo.commonDir, `closeout-${session.id}`);
  if (!lock) {
    throw stateError({
      what: 'Another closeout of this session is running.',
      why: 'It may be waiting for somebody to read its review.',
      next: `Finish or leave that one first. ${GIVEN_UP}`,
    });
  }
  try {
    return await underLock(repo, session, options);
  } finally {
    lock.release();
  }
}

async function underLock(repo: Repo, asked: Session, options: CloseoutOptions): Promise<CloseoutResult> {
  const before = readCloseout(repo.commonDir, asked.id);
  const resumed = before ? await resume(repo, before) : null;
  if (resumed) return resumed;
  // What was interrupted may have been taken back just now.
  const session = (before && (await loadSession(repo, asked.id))) || asked;
  const state = await deriveState(repo, session);
  const policy = options.policy ?? (await initialisedPolicy(repo, options.onProgress));
  const goal = options.lessonsOnly
    ? lessonsGoal(session, state, policy.policy.land.by)
    : goalOf(session, state, policy.policy.land.by, options.as);
  const key = goal === 'seal' || !options.decides ? null : await approvingKey(repo, policy);
  if (goal === 'land' && policy.policy.approvals.count > 1) throw manyApprovals(policy.policy.approvals.count);
  // Only now is it known whether the key is one that the policy wants.
  if (key && policy.policy.presence === 'security-key') presence(policy.policy, { signer: key.signer });
  const existing = state === 'sealed' ? await sealOf(repo, session) : null;
  const first = goal === 'tag' && existing ? await firstApproval(repo, session.id, existing.seal.commit, policy.approvers) : null;
  if (key && first) await refuseTwice(repo, session.id, first, key);
  const tagName = key && !first ? await nextTagName(repo, session.id) : null;
  if (options.push && goal !== 'land') {
    throw stateError({ what: '--push belongs to landing here, and this session lands by pull request.', next: 'Push its branch instead.' });
  }
  const target = options.push ? await pushTarget(repo, (await landingBase(repo, session)).branch) : null;
  // What others pushed to the session since is seen by the review.
  if (target) await fetchBranch(repo, target.remote, session.branch);
  return decideAndLand({ repo, options, policy, goal, key, tagName, existing, first, target }, session);
}

const manyApprovals = (count: number) =>
  stateError({
    what: `The policy asks for ${count} approvals, and a local landing carries one.`,
    next: 'Let sessions land by pull request (land: { by: pr }): there each approver signs with git session approve.',
  });

/** Throws (exit 1) where there are no lessons of an abandoned session to land. */
function lessonsGoal({ id }: Session, state: SessionState, by: 'local' | 'pr'): CloseoutState['goal'] {
  if (state === 'closed') throw stateError({ what: `${id} is closed: it has landed.`, next: `See it with: git session show ${id}` });
  if (state !== 'abandoned') {
    throw stateError({
      what: `${id} is ${state}, not abandoned.`,
      why: 'A closeout of lessons only lands what a session learned that was given up.',
      next: `Close it with its changes: git session closeout ${id}\nOr give it up first: git session abandon ${id}`,
    });
  }
  if (by === 'local') return 'land';
  throw stateError({
    what: 'Sessions land by pull request here, and lessons alone do not.',
    why: 'They are a commit on base alone, and their seal is on no branch that a request could show.',
    next: `Land it where the policy says land: local, or bring the session back: git session restore ${id}`,
  });
}

/** What this run is to reach. Throws (exit 1) where the session's state does not allow it. */
function goalOf(session: Session, state: SessionState, by: 'local' | 'pr', as: CloseoutOptions['as']): CloseoutState['goal'] {
  const { id } = session;
  if (state === 'closed') throw stateError({ what: `${id} is closed: it has landed.`, next: `See it with: git session show ${id}` });
  if (state === 'abandoned') {
    throw stateError({
      what: `${id} is abandoned.`,
      next: `Bring it back first with: git session restore ${id}\nOr land what it learned without its changes: git session closeout --lessons-only ${id}`,
    });
  }
  if (by === 'local') return 'land';
  if (state === 'sealed' && as === 'approve') return 'tag';
  if (state !== 'sealed' && as === 'closeout') return 'seal';
  throw state === 'sealed'
    ? stateError({
        what: `${id} is sealed already, and waits for an approval.`,
        next: `An approver signs it with: git session approve ${id}\nTo change something, send it back with: git session reject ${id} --reason "..."`,
      })
    : stateError({ what: `${id} is not sealed, so there is nothing to sign yet.`, next: `Seal it with: git session closeout ${id}` });
}

/** Finishes what a killed run had begun; null where it must be asked and built again. */
async function resume(repo: Repo, before: CloseoutState): Promise<CloseoutResult | null> {
  const recovered = await recover(repo, before);
  if (recovered.outcome === 'finished') return resultOf(before as Landing, recovered, true);
  if (recovered.outcome === 'again') return null;
  const { landing } = before as Landing;
  if (!(await stillOnBranches(repo, landing)) || !(await stillSigned(repo, before as Landing))) return null;
  try {
    return resultOf(before as Landing, await land(repo, before as Landing), true);
  } catch (error) {
    if (error instanceof Overtaken) return null;
    throw error;
  }
}

/** The signatures that were made hold under the policy in force now. What is only sealed carries none. */
async function stillSigned(repo: Repo, { goal, landing }: Landing): Promise<boolean> {
  if (goal === 'seal') return true;
  const { approvers } = await initialisedPolicy(repo);
  for (const { what, to } of landing.moves) {
    if (what !== 'session' && !(await verifyObject(repo, to, approvers)).ok) return false;
  }
  return true;
}
