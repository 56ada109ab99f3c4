/** Prepare: everything brought in, checks run on what would land, the facts of the documents gathered. No person needed; nothing signed. */

import { createHash } from 'node:crypto';
import type { FailedOutput, Since } from '../../core/closeout/review.ts';
import { stateError } from '../../core/errors.ts';
import { type RecordDraft, TOOL } from '../../core/log/record.ts';
import type { CheckResult } from '../../core/policy/policy.ts';
import { type SensitiveChange, sensitiveChanges } from '../../core/policy/sensitive.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { canonicalJson } from '../../core/text/json.ts';
import { oneLine } from '../../core/text/text.ts';
import { treeOf } from '../../git/commit-tree.ts';
import { patchId } from '../../git/patch-id.ts';
import type { Repo } from '../../git/run.ts';
import { apartNote, branchesApart } from '../../lifecycle/apart.ts';
import { findStrays } from '../../lifecycle/files/strays.ts';
import { valueMissing } from '../../lifecycle/memory/values.ts';
import { sessionRecords } from '../../lifecycle/session/records.ts';
import type { Session } from '../../lifecycle/session/session.ts';
import { type WentOn, wentOnElsewhere } from '../../lifecycle/sync/elsewhere.ts';
import { beginAct } from '../../store/acts.ts';
import { appendRecord } from '../../store/journal.ts';
import { refuseForeignBase } from '../../trust/other-policy.ts';
import { type EffectivePolicy, effectivePolicy } from '../../trust/policy-chain.ts';
import { checkedTree, isFine, lastLines, logPath, type OnCheck, runChecks } from '../checks/index.ts';
import { type Base, forkPoint, landingBase, notBehind } from './base.ts';
import { type BroughtIn, bringIn, type Progress } from './bring-in.ts';
import { contentOf, readTree, type SessionContent, type TreeReading } from './facts.ts';
import { lessonsTree, notNeededForLessons, pitfallsOnly } from './lessons.ts';
import { changesSince } from './since.ts';

export interface PrepareOptions {
  /** The policy in force, where the caller has just read it. */
  policy?: EffectivePolicy;
  onProgress?: Progress;
  /** Told everything that the review shows but the results of checks, as soon as it is known. */
  onFound?: (found: Found) => void;
  /** Told what the checks do while they run. */
  onCheck?: OnCheck;
  /** Ends the checks that run, and fails with the signal's reason. */
  signal?: AbortSignal;
  /** Uncommitted paths outside the session's folder that belong to the session all the same. */
  include?: readonly string[];
}

/** What the checks run on, and what the session's tip holds. */
export interface Ground {
  mergeBase: string;
  /** The checked tree. */
  tree: string;
  reading: TreeReading;
}

/** Everything that is known before a check has run. */
export interface Found extends Ground, BroughtIn {
  policy: EffectivePolicy;
  /** The base that is checked against. */
  base: Base;
  content: SessionContent;
  /** Files that routing would refuse, and where they belong. */
  strays: { path: string; use: string | null; why: string }[];
  /** Branches of remotes that went on with the session. */
  elsewhere: WentOn[];
  sensitive: SensitiveChange[];
  /** What changed since the review that was sent back last. */
  since: Since | null;
  /** It is sealed already: nothing can be dropped, and leaving leaves it sealed. */
  sealed: boolean;
  /** It was abandoned, and only its lessons land. */
  lessonsOnly: boolean;
}

export interface Prepared extends Found {
  patchId: string | null;
  checks: CheckResult[];
  /** The end of what checks that did not pass printed, by name. */
  outputs: ReadonlyMap<string, FailedOutput>;
  /** Hex sha256 of what the review rests on: tip's tree, checked tree, results. */
  digest: string;
}

/** Brings everything in and checks it. Throws (exit 1) on a conflict with base, or a base that could not be pushed. Moves only the session's own branch, by checkpoints. */
export async function prepare(repo: Repo, session: Session, options: PrepareOptions = {}): Promise<Prepared> {
  const tell = options.onProgress ?? (() => {});
  const policy = options.policy ?? (await initialisedPolicy(repo, tell));
  const brought = await bringIn(repo, session, options.include ?? [], tell);
  for (const branch of await branchesApart(repo, brought.session)) tell(apartNote(branch));
  const base = await landingBase(repo, brought.session, policy.policy.land.by);
  await refuseForeignBase(repo, policy, base);
  if (policy.policy.land.by === 'local') await notBehind(repo, base);
  const ground = await findGround(repo, brought.session, base);
  const content = await contentNow(repo, brought.session, base, ground, []);
  const found: Found = {
    ...ground,
    ...brought,
    policy,
    base,
    content,
    sealed: false,
    lessonsOnly: false,
    strays: await findStrays(repo, brought.session, brought.session.tip),
    elsewhere: await wentOnElsewhere(repo, brought.session),
    since: await changesSince(repo, brought.session, content),
    sensitive: sensitiveChanges(
      content.changes.map((change) => change.path),
      session.id,
    ),
  };
  options.signal?.throwIfAborted();
  options.onFound?.(found);
  return withDigest(repo, { ...found, ...(await judge(repo, found, options)) });
}

/** With its digest, which is also recorded: that is what a review rests on from now. */
export async function withDigest(repo: Repo, prepared: Omit<Prepared, 'digest'>): Promise<Prepared> {
  const digest = await digestOf(repo, prepared);
  const { session, tree } = prepared;
  const record: RecordDraft = { kind: 'closeout.prepared', actor: TOOL, data: { tree, tip: session.tip, digest } };
  const says = { undone: { kind: 'session.undone' as const, actor: TOOL, data: { act: 'prepare' } }, again: record };
  const act = beginAct(repo.commonDir, { name: 'prepare', session: session.id, top: session.worktree, effects: { says } });
  appendRecord(repo.commonDir, session.id, record);
  act.done();
  return { ...prepared, digest };
}

/** The policy in force, read anew. Throws (exit 1) where the repository was never set up. */
export async function initialisedPolicy(repo: Repo, tell: Progress = () => {}): Promise<EffectivePolicy> {
  const policy = await effectivePolicy(repo, { fresh: true, onPinned: tell });
  for (const line of policy.notes) tell(line);
  if (policy.initialised) return policy;
  throw stateError({
    what: 'Nobody has said yet who may approve here.',
    why: `${policy.branch} holds no policy and no approvers.`,
    next: 'Set the repository up with: git session init',
  });
}

const isAbandoned = ({ metadata }: Session) => metadata.status === 'abandoned';

/** The merge with base, and what the tip holds; of an abandoned session only its own files come to base. Throws (exit 1) on a conflict. */
export async function findGround(repo: Repo, session: Session, base: Base): Promise<Ground> {
  const mergeBase = await forkPoint(repo, base, session.tip);
  const merged = isAbandoned(session)
    ? { tree: await lessonsTree(repo, session.id, base.commit, session.tip) }
    : await checkedTree(repo, base.commit, session.tip);
  if ('conflicts' in merged) throw conflict(session.id, base, merged.conflicts);
  return { mergeBase, tree: merged.tree, reading: await readTree(repo, session, mergeBase) };
}

/** What the session holds by its records as they are now. */
export async function contentNow(
  repo: Repo,
  session: Session,
  base: Base,
  { mergeBase, reading }: Ground,
  checks: CheckResult[],
): Promise<SessionContent> {
  const request = { session, mergeBase, base: base.branch, landsOn: base.commit, checks, closedAt: new Date().toISOString() };
  const content = await contentOf(repo, request, reading, await sessionRecords(repo, session));
  return isAbandoned(session) ? { ...content, facts: pitfallsOnly(content.facts) } : content;
}

type Judged = Pick<Prepared, 'patchId' | 'checks' | 'outputs' | 'content'>;

/** Every check on the checked tree, and what the session holds afterwards. Of an abandoned one nothing lands that a command could check. */
export async function judge(repo: Repo, on: Ground & Pick<Found, 'session' | 'base' | 'policy'>, options: PrepareOptions): Promise<Judged> {
  const { session, base, tree } = on;
  const { policy } = on.policy;
  const tell = options.onProgress ?? (() => {});
  const { list } = policy.checks;
  const lessonsOnly = isAbandoned(session);
  const ran = await runChecks(repo, {
    ...{ tree, base, tip: session.tip, session },
    policy: lessonsOnly ? { ...policy, checks: { ...policy.checks, list: [] } } : policy,
    onProgress: (progress) => {
      options.onCheck?.(progress);
      if (progress.phase === 'planned' || progress.phase === 'output') return;
      const { check, phase } = progress;
      // Our own are done in a moment; a command may take its time.
      if (phase === 'started' && policy.checks.list.some(({ name }) => name === check)) tell(`Check ${oneLine(check, 80)} …`);
      else if (phase === 'finished' && progress.result) tell(`Check ${oneLine(check, 80)}: ${progress.result.status}`);
    },
    ...(options.signal ? { signal: options.signal } : {}),
  });
  const checks = lessonsOnly ? [...ran, ...list.map((one) => notNeededForLessons(one, tree))] : ran;
  const content = await contentNow(repo, session, base, on, checks);
  const missing = content.facts.memory.find(({ blob }) => blob);
  if (missing) throw valueMissing(missing);
  return {
    patchId: await patchId(repo, base.commit, tree),
    checks,
    outputs: outputsOf(repo, checks),
    content,
  };
}

/** The end of what checks that did not pass printed, by name. */
export function outputsOf({ commonDir }: Repo, checks: readonly CheckResult[]): Map<string, FailedOutput> {
  const printed = new Map<string, FailedOutput>();
  for (const check of checks) {
    const { name, log_sha256: log } = check;
    if (log !== null && !isFine(check)) printed.set(name, { lines: lastLines(commonDir, log), log: logPath(commonDir, log) });
  }
  return printed;
}

function conflict(id: SessionId, base: Base, paths: readonly string[]) {
  return stateError({
    what: `The session conflicts with ${base.branch}.`,
    why:
      paths
        .slice(0, 20)
        .map((path) => oneLine(path))
        .join('\n') + (paths.length > 20 ? `\nand ${paths.length - 20} more` : ''),
    next: `On the session branch: git merge ${base.branch}, resolve, commit, and close out again (git session switch ${id} brings you there).`,
  });
}

/** Required checks that keep the session from being approved. */
export function blocking(checks: readonly CheckResult[]): CheckResult[] {
  return checks.filter((check) => check.required && !isFine(check));
}

/** What the review of this rests on, as hex sha256. */
export async function digestOf(repo: Repo, prepared: Omit<Prepared, 'digest'>): Promise<string> {
  const rests = canonicalJson({
    session: prepared.session.id,
    tip: await treeOf(repo, prepared.session.tip),
    tree: prepared.tree,
    checks: prepared.checks.map(({ name, status }) => [name, status]),
    memory: prepared.content.facts.memory.map((entry) => entry.record),
  });
  return createHash('sha256').update(rests).digest('hex');
}
