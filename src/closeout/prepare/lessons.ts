/** Of an abandoned session, what it learned comes to base and none of its changes: the session's own files alone. */

import { type CloseoutFacts, decidePatterns } from '../../core/documents/facts.ts';
import type { CheckPolicy, CheckResult } from '../../core/policy/policy.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { isSealPath } from '../../core/verify/seal.ts';
import { editTree, listTree } from '../../git/objects.ts';
import type { Repo } from '../../git/run.ts';
import { blankResult } from '../checks/result.ts';

/** The tree of `onto` with the files that a seal of the session writes as `from` has them, and nothing else of `from`. */
export async function lessonsTree(repo: Repo, id: SessionId, onto: string, from: string): Promise<string> {
  const at = sessionPaths(id);
  const own = async (treeish: string) =>
    (await listTree(repo, treeish, [at.root, at.log, at.backup])).filter(({ path }) => isSealPath(id, path));
  const [before, files] = await Promise.all([own(onto), own(from)]);
  const kept = new Set(files.map(({ path }) => path));
  const gone = before.filter(({ path }) => !kept.has(path)).map(({ path }) => ({ path, oid: null }));
  return editTree(repo, onto, [...gone, ...files.map(({ path, oid }) => ({ path, oid }))]);
}

/** A check of the policy, where nothing that it could look at lands. */
export function notNeededForLessons(check: CheckPolicy, tree: string): CheckResult {
  return { ...blankResult(check, 'policy', tree), status: 'not-needed', detail: 'None of the session\u2019s changes land.' };
}

/** Pitfalls stand; what else an abandoned session learned was never proven, and does not land. */
export function pitfallsOnly(facts: CloseoutFacts): CloseoutFacts {
  const unproven = facts.patterns.filter(({ fields }) => fields?.kind !== 'pitfall').map(({ key }) => key);
  return decidePatterns(facts, { dropped: new Set(unproven) });
}
