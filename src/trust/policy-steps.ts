/** The policy's history along first parents: which commits changed it, and which of these count (design "Trust"). */

import { commitsTouching } from '../git/first-parents.ts';
import type { Repo } from '../git/run.ts';
import type { VerdictCache } from '../store/verdicts.ts';
import { type Approvers, approversAt, nobody, POLICY_FILE, POLICY_PATHS, SIGNERS_FILE } from './approvers.ts';
import { type PolicyState, policyStates } from './policy-state.ts';
import { verifyObject } from './signature.ts';
import { landedByRebase, landedBySquash } from './squash-landing.ts';

export interface PolicySteps {
  /** Where trust begins; null where there is no policy. */
  root: string | null;
  /** Commits whose files were in force one after another, the root first, the one in force last. */
  sources: string[];
  /** Commits since then that changed the files and do not count. */
  ignored: string[];
}

/** True where a state holds `.sessionrc.yaml` or `.swarm/allowed_signers`. */
function holdsPolicy(state: PolicyState): boolean {
  const ids = state.split(' ');
  return [POLICY_FILE, SIGNERS_FILE].some((path) => (ids[POLICY_PATHS.indexOf(path)] ?? '-') !== '-');
}

/** Walks from the root to `tip`; only commits that change the policy's paths are judged, each by the approvers in force before it. */
export async function policySteps(repo: Repo, tip: string, cache: VerdictCache): Promise<PolicySteps> {
  const commits = await commitsTouching(repo, tip, POLICY_PATHS);
  const states = await policyStates(repo, commits);
  const first = await beginning(repo, commits, states);
  const root = commits[first];
  if (root === undefined) return { root: null, sources: [], ignored: [] };
  const sources = [root];
  let state = states[first];
  let ignored: string[] = [];
  let approvers: Approvers | null = null;
  for (let i = first + 1; i < commits.length; i++) {
    const commit = commits[i] ?? '';
    if (states[i] === state) {
      // Back to what is in force: nothing is left that does not count.
      ignored = [];
      continue;
    }
    const source = sources[sources.length - 1] ?? root;
    const seen = `${commit} ${source}`;
    const known = cache.get(seen);
    let counted = proven.get(seen) ?? (known === true ? commit : typeof known === 'string' ? known : null);
    if (counted === null) {
      approvers ??= await lastApprovers(repo, sources);
      const next = commits[i + 1];
      const change = { commit, state: states[i] ?? '', before: state ?? '', until: next === undefined ? tip : `${next}^1` };
      counted = await countsFrom(repo, change, approvers);
      if (counted !== null) proven.set(seen, counted);
    }
    if (counted !== null) {
      // Only what counts is remembered: a tag that makes a landing count may still arrive.
      cache.set(seen, counted === commit ? true : counted);
      sources.push(counted);
      if (judges(states[i]) !== judges(state)) approvers = null;
      state = states[i];
      ignored = [];
    } else {
      ignored.push(commit);
    }
  }
  return { root, sources, ignored };
}

/** The approvers of the last of these commits that named any: where policy was taken out, they say who comes next. */
export async function lastApprovers(repo: Repo, sources: readonly string[]): Promise<Approvers> {
  for (const source of [...sources].reverse()) {
    const approvers = await approversAt(repo, source);
    if (!nobody(approvers)) return approvers;
  }
  return { signers: '', gpg: [] };
}

/** What this process itself has proven (and from which commit on it counts), as no file that others can write could say; ids say what they stand for, so it holds for every repository. */
const proven = new Map<string, string>();

/** The part of a state that names approvers. */
function judges(state: PolicyState | null | undefined): string {
  return (state ?? '').split(' ').slice(1).join(' ');
}

/**
 * Where trust begins: the first commit that names an approver. Before that nobody can approve anything, so there is nothing to protect;
 * where no approver was ever named, the first commit that holds policy. -1: there is none.
 */
async function beginning(repo: Repo, commits: string[], states: (PolicyState | null)[]): Promise<number> {
  const holding = commits.flatMap((commit, i) => (holdsPolicy(states[i] ?? '') ? [{ commit, i }] : []));
  for (const { commit, i } of holding) if (!nobody(await approversAt(repo, commit))) return i;
  return holding[0]?.i ?? -1;
}

interface PolicyChange {
  commit: string;
  state: PolicyState;
  /** The policy in force until then. */
  before: PolicyState;
  /** The last commit before the next change of policy. */
  until: string;
}

/** The commit from which on a change counts: its own, or the one with which its rebased session came whole; null: it does not. */
async function countsFrom(repo: Repo, { commit, state, before, until }: PolicyChange, approvers: Approvers): Promise<string | null> {
  if ((await verifyObject(repo, commit, approvers)).ok || (await landedBySquash(repo, commit, state, approvers))) return commit;
  return landedByRebase(repo, commit, until, { state, before }, approvers);
}
