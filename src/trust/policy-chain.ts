/** The policy in force and its approvers: read from the policy branch, following only changes that an approver signed. */

import { stateError, verificationError } from '../core/errors.ts';
import { type Own, withWishes } from '../core/policy/personal.ts';
import { DEFAULT_POLICY, type Policy } from '../core/policy/policy.ts';
import { count } from '../core/text/text.ts';
import { setLocalConfig } from '../git/config.ts';
import { shallowBoundary } from '../git/first-parents.ts';
import { readAt } from '../git/objects.ts';
import { GitError, type Repo } from '../git/run.ts';
import { compiledAt, compilePolicy } from '../store/compiled-policy.ts';
import { leavePolicyHint } from '../store/policy-hint.ts';
import { type VerdictCache, verdictCache } from '../store/verdicts.ts';
import { type Approvers, approversAt, nobody, POLICY_FILE } from './approvers.ts';
import { type LocalPolicy, localPath, readLocalPolicy } from './local-policy.ts';
import { type OtherRoot, OtherRootError, refuseOtherPolicy } from './other-policy.ts';
import { type PolicyBranch, type PolicyPlaces, policyPlaces } from './policy-branch.ts';
import { type PolicySteps, policySteps } from './policy-steps.ts';
import { verifyObject } from './signature.ts';

export interface EffectivePolicy {
  /** With what the person has tightened, or set for themselves, by `gitsession.*`, unless `at` was given. */
  policy: Policy;
  /** The person's own `gitsession.*`, in lower case without the section. */
  own: Own;
  approvers: Approvers;
  /** Tip of the policy branch that was judged. */
  commit: string;
  /** The commit whose files are in force; null where there is no policy yet. */
  source: string | null;
  /** Every commit whose files were in force up to here, the root first and `source` last. */
  sources: string[];
  /** Short name of the policy branch, and the full ref that was read. */
  branch: string;
  ref: string;
  /** The first commit that named an approver, or held policy where nobody did; empty where there is none. */
  root: string;
  /** Commits since `source` that changed policy and do not count. */
  ignored: string[];
  /** Digest of this clone's own policy where that judges, since the branch has none; it has no source and no root. Else null. */
  local: string | null;
  /** False: there is no policy, the defaults are in force and nobody can approve. */
  initialised: boolean;
  /** Sentences that a person should read once. */
  notes: string[];
}

export interface PolicyOptions {
  /** Decide nothing from caches: for approvals and audits. */
  fresh?: boolean;
  /** The policy in force at an earlier commit of the policy branch. */
  at?: { branch?: string; commit: string };
  /** False: leave this clone's configuration and compiled policy alone. */
  pin?: boolean;
  /** Told once, when this clone first sees its policy branch and root. */
  onPinned?: (text: string) => void;
}

/**
 * The policy in force. Also leaves it compiled for the hot path, and pins branch and root in this clone's configuration on first sight.
 * Throws (exit 4) where the branch has another root than the pinned one, and with `fresh` where a branch of the project's holds another policy, (exit 1) where a shallow clone hides the root or the file in force is not valid.
 */
export async function effectivePolicy(repo: Repo, options: PolicyOptions = {}): Promise<EffectivePolicy> {
  const found = await policyPlaces(repo);
  const cache = verdictCache(repo.commonDir, 'policy-steps', { blind: options.fresh === true });
  const read = await readPlaces(repo, found, cache, options);
  cache.save();
  const place = read?.place ?? found.places[0] ?? NOWHERE;
  const steps = read?.steps ?? NO_STEPS;
  const root = read && checkRoot(repo, place, steps, found.pinnedRoot);
  if (options.fresh && !options.at) await refuseOtherPolicy(repo, { place, steps }, found.project, cache);
  const source = steps.sources[steps.sources.length - 1] ?? null;
  if (!read || !source || !root) {
    // What once had a policy of its branch is never judged by a file of the clone.
    const local = options.at || found.pinnedRoot ? null : readLocalPolicy(repo);
    return local ? ofThisClone(repo, found, place, local, options) : none(found, read ? place : undefined);
  }
  if (!options.at && !found.pinnedRoot) await refuseUnnamed(repo, place, { root, source });
  const keep = !options.at && options.pin !== false;
  const approvers = await approversAt(repo, source);
  // A policy without approvers is no beginning of trust yet.
  if (keep && !nobody(approvers)) await pin(repo, found, place, root, options.onPinned ?? (() => {}));
  const policy = await policyAt(repo, source, options);
  if (keep) {
    compilePolicy(repo.commonDir, policy, source);
    leavePolicyHint(repo.commonDir, steps);
  }
  return {
    commit: place.tip,
    branch: place.name,
    ref: place.ref,
    root,
    source,
    sources: steps.sources,
    ignored: steps.ignored,
    approvers,
    policy: options.at ? policy : withWishes(policy, found.own),
    own: found.own,
    local: null,
    // A source that took the policy out holds none.
    initialised: !nobody(approvers) || (await readAt(repo, source, POLICY_FILE)) !== null,
    notes: [...read.notes, ...ignoredNote(steps, place)],
  };
}

/** Throws (exit 4) where this clone has named approvers of its own, and none of them began the policy of the branch: a person accepts it first. */
async function refuseUnnamed(repo: Repo, place: PolicyBranch, { root, source }: { root: string; source: string }): Promise<void> {
  const own = readLocalPolicy(repo);
  if (!own || nobody(own.approvers) || (await verifyObject(repo, root, own.approvers)).ok) return;
  const text = {
    what: `${place.name} holds a policy now, and nobody whom this clone has named as an approver signed its beginning.`,
    why: `It begins at ${root}. Until a person has accepted it, neither it nor the policy of this clone decides.`,
  };
  throw new OtherRootError(text, { branch: place.name, root, source });
}

/** The policy of this clone alone: as its files stand, with nothing before them. */
async function ofThisClone(
  repo: Repo,
  found: PolicyPlaces,
  place: PolicyBranch,
  { text, approvers, digest }: LocalPolicy,
  options: PolicyOptions,
): Promise<EffectivePolicy> {
  const named = `local ${digest}`;
  const { parsePolicy } = await import('./policy-file.ts');
  const policy = (options.fresh ? null : compiledAt(repo.commonDir, named)) ?? parsePolicy(text, localPath(repo.commonDir, POLICY_FILE));
  if (options.pin !== false) compilePolicy(repo.commonDir, policy, named);
  const { name: branch, ref, tip: commit } = place;
  const judged = { policy: withWishes(policy, found.own), own: found.own, approvers, local: digest, initialised: true };
  return { ...judged, commit, branch, ref, source: null, sources: [], root: '', ignored: [], notes: [] };
}

const NOWHERE: PolicyBranch = { name: 'no branch', ref: '', tip: '', remote: null };
const NO_STEPS: PolicySteps = { root: null, sources: [], ignored: [] };

interface Read {
  place: PolicyBranch;
  steps: PolicySteps;
  notes: string[];
}

/** The first place that holds any policy; the first place at all where none does. */
async function readPlaces(repo: Repo, found: PolicyPlaces, cache: VerdictCache, options: PolicyOptions): Promise<Read | null> {
  const at = options.at;
  if (at) {
    const name = at.branch ?? found.pinnedBranch ?? found.places[0]?.name ?? '';
    const place = { name, ref: `refs/heads/${name}`, tip: at.commit, remote: null };
    return { place, steps: await stepsOf(repo, at.commit, cache), notes: [] };
  }
  let first: Read | null = null;
  for (const place of found.places) {
    const steps = await stepsOf(repo, place.tip, cache);
    const before = first?.place;
    const unpushed = before?.remote
      ? [`The policy is read from ${place.name}: ${before.remote}/${before.name} has none yet (push it to share it).`]
      : [];
    if (steps.root) return { place, steps, notes: unpushed };
    first ??= { place, steps, notes: [] };
  }
  return first;
}

/** A tip whose every change counted needs no second walk; a shallow clone may learn more of it. */
async function stepsOf(repo: Repo, tip: string, cache: VerdictCache): Promise<PolicySteps> {
  const known = repo.shallow ? undefined : (cache.get(`tip ${tip}`) as PolicySteps | undefined);
  if (known) return known;
  const steps = await policySteps(repo, tip, cache);
  if (!repo.shallow && steps.root && steps.ignored.length === 0) cache.set(`tip ${tip}`, steps);
  return steps;
}

/** The root, which must be the pinned one. */
function checkRoot(repo: Repo, place: PolicyBranch, steps: PolicySteps, pinned: string | null): string | null {
  if (steps.root !== null && steps.root !== pinned && shallowBoundary(repo).has(steps.root)) {
    throw stateError({
      what: 'This clone is shallow, and the beginning of its policy is not in it.',
      why: 'Who may approve is judged from the first commit that held policy.',
      next: 'git fetch --unshallow',
    });
  }
  if (pinned && steps.root !== pinned) {
    const text = {
      what: `The policy on ${place.name} does not begin where this clone has seen it begin.`,
      why: `It begins at ${steps.root ?? 'no commit'}, and was pinned at ${pinned}. Somebody may have replaced the branch.`,
    };
    const source = steps.sources[steps.sources.length - 1];
    if (steps.root === null || !source) throw verificationError({ ...text, next: `Bring the branch ${place.name} back.` });
    throw new OtherRootError(text, { branch: place.name, root: steps.root, source });
  }
  return steps.root;
}

async function pin(repo: Repo, found: PolicyPlaces, place: PolicyBranch, root: string, tell: (text: string) => void): Promise<void> {
  if (found.pinnedRoot === root && found.pinnedBranch === place.name) return;
  try {
    await setLocalConfig(repo, 'gitsession.policyBranch', place.name);
    await setLocalConfig(repo, 'gitsession.policyRoot', root);
  } catch (error) {
    // Another command holds the configuration, or it cannot be written: the next one pins.
    if (error instanceof GitError) return;
    throw error;
  }
  const shown = place.remote ? `${place.remote}/${place.name}` : place.name;
  tell(`This clone now reads its policy from ${shown}, beginning at ${root.slice(0, 12)}.`);
}

/** The policy that another root would put in force, and its approvers: for a person to look at. */
export async function lookAt(repo: Repo, other: OtherRoot): Promise<{ policy: Policy; approvers: Approvers }> {
  return { policy: await policyAt(repo, other.source, { fresh: true }), approvers: await approversAt(repo, other.source) };
}

/** Follows the policy of a branch from a root that a person has accepted: pins both in this clone. */
export async function acceptRoot(repo: Repo, other: OtherRoot): Promise<void> {
  await setLocalConfig(repo, 'gitsession.policyBranch', other.branch);
  await setLocalConfig(repo, 'gitsession.policyRoot', other.root);
}

/** The policy file of a source; what was compiled from the same commit stands in, except where nothing may. */
async function policyAt(repo: Repo, source: string, options: PolicyOptions): Promise<Policy> {
  const compiled = options.fresh ? null : compiledAt(repo.commonDir, source);
  if (compiled) return compiled;
  const text = await readAt(repo, source, POLICY_FILE);
  const { parsePolicy } = await import('./policy-file.ts');
  return text === null ? DEFAULT_POLICY : parsePolicy(text, `${POLICY_FILE} (${source.slice(0, 12)})`);
}

function ignoredNote(steps: PolicySteps, place: PolicyBranch): string[] {
  const n = steps.ignored.length;
  if (n === 0) return [];
  return [
    `${count(n, 'policy change')} on ${place.name} ${n === 1 ? 'does' : 'do'} not count: no approver signed (${steps.ignored.map((c) => c.slice(0, 12)).join(', ')}).`,
  ];
}

/** No policy at all: the defaults, and nobody can approve. */
function none(found: PolicyPlaces, place = found.places[0]): EffectivePolicy {
  if (found.pinnedRoot) {
    throw verificationError({
      what: 'The policy branch is gone, or holds no policy any more.',
      why: `This clone has seen policy beginning at ${found.pinnedRoot}.`,
      next: `Bring the branch ${found.pinnedBranch ?? place?.name ?? ''} back.`,
    });
  }
  const empty = {
    commit: place?.tip ?? '',
    branch: place?.name ?? '',
    ref: place?.ref ?? '',
    root: '',
    ignored: [],
    sources: [],
    notes: [],
  };
  return {
    ...empty,
    own: found.own,
    policy: withWishes(DEFAULT_POLICY, found.own),
    approvers: { signers: '', gpg: [] },
    source: null,
    local: null,
    initialised: false,
  };
}
