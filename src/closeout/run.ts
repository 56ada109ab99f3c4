/** A closeout from the first look to the landing: recover, prepare, ask, seal, sign, land. */

import { withoutPatterns } from '../core/documents/facts.ts';
import { stateError } from '../core/errors.ts';
import type { Manifest } from '../core/manifest.ts';
import type { SessionState } from '../core/metadata.ts';
import type { Reason } from '../core/reason.ts';
import type { Actor } from '../core/record.ts';
import { concernsOf } from '../core/review.ts';
import type { SessionId } from '../core/session-id.ts';
import { oneLine } from '../core/text.ts';
import { commitOf } from '../git/refs.ts';
import type { Repo } from '../git/run.ts';
import type { Session } from '../lifecycle/session.ts';
import { deriveState } from '../lifecycle/state.ts';
import { type CheckoutMove, type CloseoutState, type LandingObjects, readCloseout } from '../store/closeout-state.ts';
import { tryLock, withLock } from '../store/lock.ts';
import { type ApprovingKey, approvingKey, refuseOwnWork } from './approver.ts';
import { landingBase, notBehind } from './base.ts';
import { checkoutMoves, refuseBlocked } from './checkouts.ts';
import { land, Overtaken } from './land.ts';
import { blocking, check, initialisedPolicy, type Prepared, type Progress, prepare } from './prepare.ts';
import { recover } from './recover.ts';
import { type Rejected, reject } from './reject.ts';
import { makeSeal, type Seal } from './seal.ts';
import { type ExistingSeal, prepareSealed, sealOf } from './sealed.ts';
import { sign } from './sign.ts';
import { type Landing, step } from './steps.ts';
import { nextTagName } from './tag-name.ts';

/** What a person, or under `presence: none` the command line, decided. */
export type Decision = Approval | { verdict: 'reject'; reasons: Reason[]; by: Actor } | { verdict: 'leave' };

export interface Approval {
  verdict: 'approve';
  /** Keys of patterns that are not kept. */
  dropped: ReadonlySet<string>;
  /** Concerns of the review that were accepted knowingly. */
  accepted: string[];
}

/** Shows the review and asks. `again`: why it is asked once more. Throws (exit 1) itself where it shows that nobody can approve. */
export type Ask = (prepared: Prepared, context: { key: ApprovingKey | null; again: string | null }) => Promise<Decision>;

export interface CloseoutOptions {
  ask: Ask;
  presence: Manifest['presence'];
  onProgress?: Progress;
  keepBranch?: boolean;
  /** `closeout`: under `land: pr` it seals and nobody signs. `approve`: it signs a sealed session too. */
  as: 'closeout' | 'approve';
  /** False: nobody can decide here, so no key is looked for, and `ask` throws after it has shown the review. */
  decides: boolean;
}

export type CloseoutResult =
  | {
      state: 'closed' | 'sealed';
      session: SessionId;
      base: string;
      seal: string;
      merge: string | null;
      tag: string | null;
      notes: string[];
      resumed: boolean;
    }
  | { state: 'review'; session: SessionId }
  | { state: 'active'; session: SessionId; rejected: Rejected };

/** Closes a session, or says why not; the same command finishes an interrupted one. One at a time for each session. */
export async function closeOut(repo: Repo, session: Session, options: CloseoutOptions): Promise<CloseoutResult> {
  const lock = tryLock(repo.commonDir, `closeout-${session.id}`);
  if (!lock) {
    throw stateError({
      what: 'Another closeout of this session is running.',
      why: 'It may be waiting for somebody to read its review.',
      next: 'Finish or leave that one first.',
    });
  }
  try {
    return await underLock(repo, session, options);
  } finally {
    lock.release();
  }
}

async function underLock(repo: Repo, session: Session, options: CloseoutOptions): Promise<CloseoutResult> {
  const before = readCloseout(repo.commonDir, session.id);
  const resumed = before ? await resume(repo, before) : null;
  if (resumed) return resumed;
  const state = await deriveState(repo, session);
  const policy = await initialisedPolicy(repo, options.onProgress);
  const goal = goalOf(session, state, policy.policy.land.by, options.as);
  const key = goal === 'seal' || !options.decides ? null : await approvingKey(repo, policy);
  const existing = state === 'sealed' ? await sealOf(repo, session) : null;
  return decideAndLand({ repo, options, goal, key, existing, before }, session);
}

/** What this run is to reach. Throws (exit 1) where the session's state does not allow it. */
function goalOf(session: Session, state: SessionState, by: 'local' | 'pr', as: CloseoutOptions['as']): CloseoutState['goal'] {
  const { id } = session;
  if (state === 'closed') throw stateError({ what: `${id} is closed: it has landed.`, next: `See it with: git session show ${id}` });
  if (state === 'abandoned') {
    throw stateError({ what: `${id} is abandoned.`, next: `Bring it back first with: git session restore ${id}` });
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
  if (recovered.outcome === 'finished') return resultOf(before as Landing, recovered.notes, true);
  if (recovered.outcome === 'again') return null;
  try {
    const { notes } = await land(repo, before as Landing);
    return resultOf(before as Landing, notes, true);
  } catch (error) {
    if (error instanceof Overtaken) return null;
    throw error;
  }
}

function resultOf(state: Landing, notes: string[], resumed: boolean): CloseoutResult {
  const { landing, goal, session } = state;
  const to = (what: 'base' | 'tag') => landing.moves.find((move) => move.what === what);
  return {
    state: goal === 'land' ? 'closed' : 'sealed',
    session,
    base: landing.baseBranch,
    seal: landing.seal,
    merge: to('base')?.to ?? null,
    tag: to('tag')?.ref.replace('refs/tags/', '') ?? null,
    notes,
    resumed,
  };
}

interface Context {
  repo: Repo;
  options: CloseoutOptions;
  goal: CloseoutState['goal'];
  key: ApprovingKey | null;
  /** The seal of a session that is sealed already. */
  existing: ExistingSeal | null;
  /** What an earlier run had begun. */
  before: CloseoutState | null;
}

async function decideAndLand(context: Context, session: Session): Promise<CloseoutResult> {
  const { repo, options, key, existing } = context;
  const progress = options.onProgress ? { onProgress: options.onProgress } : {};
  const look = () => (existing ? prepareSealed(repo, session, existing, progress) : prepare(repo, session, progress));
  let prepared = await look();
  let again: string | null = null;
  for (;;) {
    if (key) refuseOwnWork(prepared.policy.policy, key.approver, prepared.content.commits);
    await refuseBlocked(
      repo,
      await movesFor(context, prepared, { landed: prepared.tree, seal: existing?.seal.commit ?? prepared.session.tip }),
    );
    const decision = await options.ask(prepared, { key, again });
    if (decision.verdict === 'leave') return { state: 'review', session: session.id };
    if (decision.verdict === 'reject') {
      return { state: 'active', session: session.id, rejected: await reject(repo, prepared.session, decision.reasons, decision.by) };
    }
    refuseBlocking(prepared);
    const outcome = await carryOut(context, prepared, decision);
    if ('result' in outcome) return outcome.result;
    again = outcome.again;
    prepared = outcome.prepared ?? (await look());
  }
}

/** Required checks that did not pass cannot be approved away. */
function refuseBlocking(prepared: Prepared): void {
  const failing = blocking(prepared.checks);
  if (failing.length === 0) return;
  throw stateError({
    what: `Required checks have not passed: ${failing.map((result) => oneLine(result.name, 80)).join(', ')}.`,
    why: failing.map((result) => `${oneLine(result.name, 80)}: ${oneLine(result.detail, 200)}`).join('\n'),
    next: 'Correct what they show and close out again (git session check runs them alone).',
  });
}

type Outcome = { result: CloseoutResult } | { prepared: Prepared | null; again: string };

/** Seals, signs and lands what was approved; where base has moved meanwhile, checks again and says whether it must be asked again. */
async function carryOut(context: Context, reviewed: Prepared, decision: Approval): Promise<Outcome> {
  const { repo, goal, options, before } = context;
  const now = new Date().toISOString();
  const closedAt = before?.digest === reviewed.digest ? before.closedAt : now;
  const state: CloseoutState = {
    ...{ version: 1, session: reviewed.session.id, goal, step: 'approve', closedAt, digest: reviewed.digest },
    ...{ landing: null, children: [], startedAt: Date.now() },
  };
  await step(repo, state, 'approve', () => {});
  let current = reviewed;
  for (;;) {
    const built = await build(context, state, current, decision, {
      approvedAt: context.existing ? now : closedAt,
      reviewedBase: current === reviewed ? null : reviewed.base.commit,
    });
    if (built) return { result: resultOf(built.state, built.notes, false) };
    const tip = await commitOf(repo, `refs/heads/${reviewed.session.branch}`);
    if (tip !== (context.existing?.tip ?? reviewed.session.tip)) return { prepared: null, again: 'The session has new commits.' };
    const base = await landingBase(repo, reviewed.session);
    if (goal === 'land') await notBehind(repo, base);
    const progress = options.onProgress ? { onProgress: options.onProgress } : {};
    const checked = await check(repo, reviewed.session, base, reviewed.policy, progress);
    const next = { ...reviewed, ...checked, base };
    const why = mustAskAgain(reviewed, next, decision.accepted);
    if (why) return { prepared: next, again: why };
    options.onProgress?.(`${base.branch} has moved; the change is the same and every required check passes on it.`);
    current = next;
  }
}

/** Why a person must look again after base moved, or null: the change is the same, and nothing came to light that was not accepted. */
function mustAskAgain(reviewed: Prepared, next: Prepared, accepted: readonly string[]): string | null {
  const moved = `${next.base.branch} has moved since you looked`;
  if (reviewed.policy.policy.base_moved === 'ask') return `${moved}.`;
  if (next.patchId === null || next.patchId !== reviewed.patchId) return `${moved}, and with it the change that would land.`;
  if (blocking(next.checks).length > 0) return `${moved}, and required checks do not pass on it any more.`;
  return concernsOf({ ...next, facts: next.content.facts }).every((concern) => accepted.includes(concern))
    ? null
    : `${moved}, and something new needs your eyes.`;
}

/** One attempt; null where a ref had moved before ours. */
async function build(
  context: Context,
  state: CloseoutState,
  prepared: Prepared,
  decision: Approval,
  times: { approvedAt: string; reviewedBase: string | null },
): Promise<{ state: Landing; notes: string[] } | null> {
  const { repo, goal, key, existing, options } = context;
  const { session, base, policy } = prepared;
  const facts = { ...withoutPatterns(prepared.content.facts, decision.dropped), closed_at: state.closedAt };
  let seal = existing?.seal ?? null;
  await step(repo, { ...state, landing: null }, 'seal', async () => {
    seal ??= await makeSeal(repo, {
      id: session.id,
      tip: session.tip,
      facts,
      base: base.branch,
      policy: policy.policy,
      dropped: decision.dropped,
    });
  });
  const made = seal as Seal;
  // One landing at a time, so that a signature is not made in vain.
  return withLock(
    repo.commonDir,
    'landing',
    async () => {
      if ((await landingBase(repo, session)).commit !== base.commit) return null;
      let merge: string | null = null;
      let tag: { name: string; oid: string } | null = null;
      await step(repo, state, 'sign', async () => {
        const name = await nextTagName(repo, session.id);
        const request = { prepared, seal: made, key: key as ApprovingKey, presence: options.presence, ...times };
        const signed = await sign(repo, { ...request, accepted: decision.accepted, tagName: name, merge: goal === 'land' });
        ({ merge } = signed);
        tag = { name, oid: signed.tag };
        state.landing = await landingObjects(context, prepared, made, merge, tag);
      });
      state.landing ??= await landingObjects(context, prepared, made, merge, tag);
      const ready = state as Landing;
      try {
        return { state: ready, notes: (await land(repo, ready)).notes };
      } catch (error) {
        if (!(error instanceof Overtaken)) throw error;
        state.landing = null;
        return null;
      }
    },
    { timeoutMs: 30 * 60_000 },
  );
}

async function landingObjects(
  context: Context,
  prepared: Prepared,
  seal: Seal,
  merge: string | null,
  tag: { name: string; oid: string } | null,
): Promise<LandingObjects> {
  const { goal, existing, options } = context;
  const { session, base, policy } = prepared;
  const moves: LandingObjects['moves'] = [];
  if (merge) moves.push({ ref: base.ref, from: base.commit, to: merge, what: 'base' });
  const from = existing?.tip ?? session.tip;
  if (existing?.hasBranch !== false) {
    moves.push({ ref: `refs/heads/${session.branch}`, from, to: existing ? from : seal.commit, what: 'session' });
  }
  if (tag) moves.push({ ref: `refs/tags/${tag.name}`, from: null, to: tag.oid, what: 'tag' });
  return {
    moves,
    checkouts: goal === 'tag' ? [] : await movesFor(context, prepared, { landed: merge, seal: existing?.tip ?? seal.commit }),
    baseBranch: base.branch,
    sessionBranch: session.branch,
    seal: seal.commit,
    keepBranch: options.keepBranch === true || policy.policy.branch.after_landing === 'keep',
  };
}

/** The checkouts that move; `landed` may be a tree where it is only asked whether they could. */
function movesFor(context: Context, prepared: Prepared, to: { landed: string | null; seal: string }): Promise<CheckoutMove[]> {
  const { session, base, policy } = prepared;
  return checkoutMoves(context.repo, {
    baseBranch: base.branch,
    sessionBranch: session.branch,
    base: base.commit,
    tip: context.existing?.tip ?? session.tip,
    landed: context.goal === 'land' ? to.landed : null,
    seal: to.seal,
    refillable: policy.policy.checks.setup_outputs,
  });
}
