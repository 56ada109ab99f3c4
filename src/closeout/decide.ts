/** Asks until somebody has decided, and carries an approval out; where base moves meanwhile, checks again and perhaps asks again. */

import { concernsOf } from '../core/closeout/review.ts';
import { stateError } from '../core/errors.ts';
import { isProjectMemory } from '../core/memory/key.ts';
import { oneLine } from '../core/text/text.ts';
import { commitOf } from '../git/refs.ts';
import type { Repo } from '../git/run.ts';
import { sessionRecords } from '../lifecycle/session/records.ts';
import { loadSession, type Session } from '../lifecycle/session/session.ts';
import { deriveState } from '../lifecycle/session/state.ts';
import { type CloseoutState, dropCloseout } from '../store/closeout-state.ts';
import { journalSize } from '../store/journal.ts';
import type { EffectivePolicy } from '../trust/policy-chain.ts';
import { type Approval, type CloseoutResult, type Context, resultOf } from './context.ts';
import { refuseOwnWork } from './land/approver.ts';
import { build, movesFor } from './land/build.ts';
import { refuseBlocked } from './land/checkouts.ts';
import { hasQueued, storedSince } from './land/late.ts';
import { refuseMoment } from './land/moment.ts';
import { step } from './land/steps.ts';
import { landingBase, notBehind } from './prepare/base.ts';
import { refusePatterns } from './prepare/decided-patterns.ts';
import { blocking, findGround, initialisedPolicy, judge, type Prepared, prepare } from './prepare/prepare.ts';
import { prepareLessons } from './prepare/prepare-lessons.ts';
import { previewOf } from './prepare/review.ts';
import { prepareSealed } from './prepare/sealed.ts';
import { reject } from './reject.ts';

/** From the review to the end. Left while checks still ran, nothing is decided either. */
export async function decideAndLand(context: Context, session: Session): Promise<CloseoutResult> {
  try {
    return await decide(context, session);
  } catch (error) {
    const { signal } = context.options;
    if (signal?.aborted && error === signal.reason) return undecided(context.repo, session);
    throw error;
  }
}

async function decide(context: Context, session: Session): Promise<CloseoutResult> {
  const { repo, options, key, existing } = context;
  const look = (include: readonly string[] = []) => {
    const how = { ...options, policy: context.policy, include };
    if (existing) return prepareSealed(repo, session, existing, how);
    return options.lessonsOnly ? prepareLessons(repo, session, how) : prepare(repo, session, how);
  };
  options.onBegin?.(context, session);
  let prepared = await look(options.include);
  let again: string | null = null;
  for (;;) {
    refuseMoment(prepared, new Date());
    if (key) refuseOwnWork(prepared.policy.policy, key.approver, prepared.content.commits);
    const moves = await movesFor(context, prepared, { landed: prepared.tree, seal: existing?.seal.commit ?? prepared.session.tip });
    await refuseBlocked(repo, moves);
    const decision = await options.ask(prepared, { key, again, landing: previewOf(context, prepared, moves) });
    // What is abandoned already cannot be sent back to anybody.
    if (decision.verdict === 'leave' || (decision.verdict === 'reject' && prepared.lessonsOnly)) return undecided(repo, session);
    if (decision.verdict === 'reject') {
      return { state: 'active', session: session.id, rejected: await reject(repo, prepared.session, decision.reasons, decision.by) };
    }
    prepared = decision.prepared ?? prepared;
    refuseBlocking(prepared);
    if (!existing) refusePatterns(prepared, decision);
    const outcome = await carryOut(context, prepared, decision);
    if ('result' in outcome) return outcome.result;
    again = outcome.again;
    prepared = outcome.prepared ?? (await look());
  }
}

/** Nothing was decided: what was prepared stays as it is. */
async function undecided(repo: Repo, session: Session): Promise<CloseoutResult> {
  dropCloseout(repo.commonDir, session.id);
  const now = (await loadSession(repo, session.id)) ?? session;
  const state = await deriveState(repo, now);
  return { state: 'undecided', session: session.id, stays: state === 'closed' ? 'active' : state };
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

const LEARNED = 'Something was stored for later sessions since you looked.';

type Outcome = { result: CloseoutResult } | { prepared: Prepared | null; again: string };

/** Seals, signs and lands what was approved; where base has moved meanwhile, checks again and says whether it must be asked again. */
async function carryOut(context: Context, reviewed: Prepared, decision: Approval): Promise<Outcome> {
  const { repo, goal, options } = context;
  // Never from the private state of an earlier run: agents can write it. What was signed lands without a new question.
  const now = new Date().toISOString();
  const state: CloseoutState = {
    ...{ version: 1, session: reviewed.session.id, goal, step: 'approve', closedAt: now },
    ...{ landing: null, journal: null, children: [], startedAt: Date.now() },
  };
  await step(repo, state, 'approve', () => {});
  let current = reviewed;
  for (;;) {
    // Before anybody looks for what was stored: what comes later is not in the seal.
    state.journal = context.existing ? null : journalSize(repo.commonDir, state.session);
    if (await learnedSince(context, reviewed)) return { prepared: null, again: LEARNED };
    current = { ...current, policy: await samePolicy(repo, reviewed.policy) };
    const built = await build(context, state, current, decision, {
      approvedAt: now,
      reviewedBase: current.base.commit === reviewed.base.commit ? null : reviewed.base.commit,
    });
    if (built) return { result: resultOf(built.state, built.finished, false) };
    if (await learnedSince(context, reviewed)) return { prepared: null, again: LEARNED };
    if (storedSince(repo, state)) return { prepared: null, again: 'Something was stored in memory since you looked.' };
    // A request that has to wait is told by the next look.
    if (!context.existing && !reviewed.lessonsOnly && hasQueued(repo, reviewed.session.branch))
      return { prepared: null, again: 'The session has new work.' };
    const tip = await commitOf(repo, reviewed.lessonsOnly ? reviewed.session.ref : `refs/heads/${reviewed.session.branch}`);
    if (tip !== (context.existing?.tip ?? reviewed.session.tip)) return { prepared: null, again: 'The session has new commits.' };
    const base = await landingBase(repo, reviewed.session, reviewed.policy.policy.land.by);
    if (goal === 'land') await notBehind(repo, base);
    const moved = { ...reviewed, ...(await findGround(repo, reviewed.session, base)), base };
    const next = { ...moved, ...(await judge(repo, moved, options)) };
    const why = mustAskAgain(reviewed, next, decision.accepted);
    if (why) return { prepared: next, again: why };
    options.onProgress?.(`${base.branch} has moved; the change is the same and every required check passes on it.`);
    current = next;
  }
}

/** The policy in force now. Throws (exit 1) where other files are in force than during the review; the branch may have moved on. */
async function samePolicy(repo: Repo, reviewed: EffectivePolicy): Promise<EffectivePolicy> {
  const now = await initialisedPolicy(repo);
  if (now.source === reviewed.source && now.policy.presence === reviewed.policy.presence) return now;
  throw stateError({
    what: 'The policy has changed since you looked, so nothing was changed.',
    why: `Other approvers or rules are in force on ${now.branch}.`,
    next: 'Run the same command again.',
  });
}

/** Memory that outlives the session was written after the review: nobody has seen it. */
async function learnedSince({ repo, existing }: Context, { session, content, policy }: Prepared): Promise<boolean> {
  if (existing) return false;
  const known = new Set(content.records.map(({ id }) => id));
  const { records } = await sessionRecords(repo, session);
  return records.some((record) => isProjectMemory(record, policy.policy) && !known.has(record.id));
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
