/** Takes git-session out again: one commit on the policy branch, and this clone as it was before. */

import { setupMessage } from '../../core/hooks/setup-commit.ts';
import { count } from '../../core/text/text.ts';
import { editTree, listTree, readAt, type TreeEdit, writeBlob } from '../../git/objects.ts';
import { readStatus } from '../../git/porcelain.ts';
import { listRefNames } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { makeCommit } from '../../git/sign.ts';
import { changesPolicy } from '../../trust/approvers.ts';
import { hasLocalPolicy } from '../../trust/local-policy.ts';
import { effectivePolicy } from '../../trust/policy-chain.ts';
import { lastApprovers } from '../../trust/policy-steps.ts';
import type { Signer } from '../../trust/signer.ts';
import { signedCommit } from '../../trust/signing.ts';
import { advance } from '../checkout/advance.ts';
import { isGoverned, refuseNobody } from '../init/guard.ts';
import { type InitPlace, initPlace } from '../init/place.ts';
import { keyInUse, mustCount, refuseDirty } from '../init/plan.ts';
import { prefixOf } from '../session/session.ts';
import { planFiles, type TakenOut } from './files.ts';
import { type HerePlan, planHere } from './here.ts';

export interface UninstallPlan {
  /** Null where only this clone is cleared: as it was asked for, or since nothing else was set up. */
  place: InitPlace | null;
  files: TakenOut[];
  /** Who signs the commit; null where it needs no signature. */
  signer: Signer | null;
  here: HerePlan;
  notes: string[];
}

/**
 * The whole plan; `local` leaves the branch alone, `dry` only looks. Throws (exit 3) where it is to be carried out, approvers are named and no person is there, (exit 4) where the
 * change of policy would not count, (exit 1) where there is no branch to commit to.
 */
export async function planUninstall(repo: Repo, { local, dry }: { local: boolean; dry: boolean }): Promise<UninstallPlan> {
  const own = hasLocalPolicy(repo) ? await effectivePolicy(repo, { fresh: true, pin: false }) : null;
  const place = local || own?.local ? null : await initPlace(repo);
  const effective = place?.effective ?? own ?? (await effectivePolicy(repo, { fresh: true, pin: false }));
  const tip = place?.tip ?? effective.commit;
  const { changes, theirs } = place ? await planFiles(repo, tip) : { changes: [], theirs: [] };
  const key = await keyInUse(repo);
  const signer = key.kind === 'key' ? key.signer : null;
  if (!dry) refuseNobody({ effective }, signer);
  const signs = place !== null && isGoverned(place) && changesPolicy(changes);
  if (place && signs) await mustCount(repo, place, key, await lastApprovers(repo, effective.sources));
  const here = await planHere(repo, await projectAfter(repo, tip, changes));
  const notes = theirs.map((path) => `${path} was changed since: only what git-session put into it goes.`);
  return { place, files: changes, signer: signs ? signer : null, here, notes: [...notes, ...here.notes, ...(await openBranches(repo))] };
}

async function openBranches(repo: Repo): Promise<string[]> {
  const refs = await listRefNames(repo, [`refs/heads/${prefixOf(repo)}`]);
  const names = refs.map((ref) => ref.slice('refs/heads/'.length));
  if (names.length === 0) return [];
  const more = names.length > 3 ? `, and ${names.length - 3} more` : '';
  return [
    `${count(names.length, 'session branch', 'session branches')} ${names.length === 1 ? 'stays' : 'stay'}: ${names.slice(0, 3).join(', ')}${more}`,
  ];
}

/** What decides whether the project has husky of its own. */
async function projectAfter(repo: Repo, tip: string, changes: readonly TakenOut[]) {
  const gone = new Map(changes.map((change) => [change.path, change.after]));
  const manifest = gone.has('package.json') ? (gone.get('package.json') ?? null) : tip ? await readAt(repo, tip, 'package.json') : null;
  const rows = tip ? await listTree(repo, tip, ['.husky/']) : [];
  return { manifest, huskyFiles: rows.filter(({ path }) => gone.get(path) !== null).length };
}

/** The one commit, its files brought into the checkout. Throws (exit 1) where a file of it has uncommitted changes, or the branch moved. */
export async function commitTakenOut(repo: Repo, place: InitPlace, files: readonly TakenOut[], subject: string, signer: Signer | null) {
  const { branch, checkout, tip } = place;
  const paths = new Set(files.map(({ path }) => path));
  if (checkout) {
    const changed = (await readStatus(checkout)).map(({ path }) => path);
    refuseDirty(
      files,
      changed.filter((path) => paths.has(path)),
    );
  }
  const rows = new Map((await listTree(repo, tip, [...paths])).map((row) => [row.path, row]));
  const edits: TreeEdit[] = [];
  for (const { path, after, blob } of files) {
    const mode = rows.get(path)?.mode as TreeEdit['mode'];
    edits.push({ path, oid: blob ?? (after === null ? null : await writeBlob(repo, after)), ...(mode ? { mode } : {}) });
  }
  const message = setupMessage(
    subject,
    edits.map(({ path, oid }) => ({ path, before: rows.get(path)?.oid ?? null, after: oid })),
  );
  const draft = { tree: await editTree(repo, tip, edits), parents: [tip], message };
  const to = signer ? await signedCommit(repo, draft, signer) : await makeCommit(repo, draft);
  await advance(repo, { branch, checkout, from: tip, to, why: 'uninstall' });
  return to;
}
