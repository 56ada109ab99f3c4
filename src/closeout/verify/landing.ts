/** The commit that landed a seal: our signed merge, wherever it lies on the way to base, or what a forge made. */

import type { Manifest } from '../../core/closeout/manifest.ts';
import { noted, short } from '../../core/verify/finding.ts';
import { isLandingOf, type JudgedLanding, judgeForge, judgeMerge } from '../../core/verify/merge.ts';
import { judgeSignature } from '../../core/verify/signature.ts';
import { pathBetween } from '../../git/ancestry.ts';
import { oidOf } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { readSigned, type SignedObject } from '../../git/signed.ts';
import { verifySigned } from '../../trust/signature.ts';
import type { Landing } from '../landed/landings.ts';
import { commitsAfter, editedPaths } from './compare.ts';
import type { Judges } from './policy-line.ts';

/** A landing with its commit as signed bytes. */
export interface ReadLanding extends Landing {
  signed: SignedObject | null;
}

export interface LandingFacts {
  manifest: Manifest;
  manifestSha256: string;
  landing: ReadLanding;
  judges: Judges;
}

/** How the session landed, and what is wrong with that. */
export async function judgeLanding(repo: Repo, facts: LandingFacts): Promise<JudgedLanding> {
  const merge = await mergeOf(repo, facts.manifest, facts.landing);
  if (!merge) return judgeForeign(repo, facts);
  const { manifest, manifestSha256, landing, judges } = facts;
  const signed = merge === landing.commit ? landing.signed : await readSigned(repo, merge);
  const findings = judgeMerge({ commit: merge, payload: signed?.payload.toString('utf8') ?? null, manifest, manifestSha256 });
  const verdict = signed && (await verifySigned(signed, judges.approvers, { expected: manifest.approver.principal }));
  const signature = verdict ?? { ok: false, principal: null, key: null, why: 'it is not in this clone' };
  // A forge's merge commit has the same parents, and nobody's signature: the tag speaks for it.
  if (judges.policy.land.by === 'pr' && !signed?.signature) return judgeForeign(repo, facts);
  findings.push(...judgeSignature(`The merge commit ${short(merge)}`, 'merge', signature, manifest.approver));
  if (merge !== landing.commit)
    findings.push(noted('landed-through', `The merge ${short(merge)} came to base with ${short(landing.commit)}.`));
  return { as: 'signed merge', paths: [], findings };
}

/** The merge of base and seal that the manifest describes: the arrival itself, or what another branch brought along. */
async function mergeOf(repo: Repo, manifest: Manifest, landing: Landing): Promise<string | null> {
  const isMerge = (parents: readonly string[]) => isLandingOf(manifest, parents);
  if (isMerge(landing.parents)) return landing.commit;
  // The seal of lessons alone is no ancestor of base: nothing leads from it to a commit that another branch brought along.
  if (manifest.lessons_only) return null;
  const between = await pathBetween(repo, manifest.seal, landing.commit);
  return between.find(({ parents }) => isMerge(parents))?.commit ?? null;
}

/** Landed by something else than our merge: compares what came with what was approved. */
async function judgeForeign(repo: Repo, { manifest, landing, judges }: LandingFacts): Promise<JudgedLanding> {
  const { commit, parents } = landing;
  const tree = (await oidOf(repo, `${commit}^{tree}`)) ?? '';
  const [before = '', merged] = parents;
  const [edited, after] = await Promise.all([
    tree === manifest.landed_tree ? [] : editedPaths(repo, manifest, landing, tree),
    merged === undefined ? [] : commitsAfter(repo, manifest.seal, merged, before),
  ]);
  const allowed = judges.policy.land.by === 'pr';
  return judgeForge({ commit, tree, landedTree: manifest.landed_tree, edited, after, allowed });
}
