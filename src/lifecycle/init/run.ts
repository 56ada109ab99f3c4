/** Carries an init plan out: one commit on the policy branch, the checkout brought along, hooks on. */

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SessionError, stateError } from '../../core/errors.ts';
import { setupMessage } from '../../core/hooks/setup-commit.ts';
import { getLocalConfig, setLocalConfig, withSettings } from '../../git/config.ts';
import { editTree, listTree, readAt, type TreeEdit, writeBlob } from '../../git/objects.ts';
import { readStatus } from '../../git/porcelain.ts';
import type { Repo } from '../../git/run.ts';
import { makeCommit } from '../../git/sign.ts';
import { privatePaths } from '../../store/paths.ts';
import { forgetKeptFiles, keepSetUp } from '../../store/set-up.ts';
import { effectivePolicy } from '../../trust/policy-chain.ts';
import type { Signer } from '../../trust/signer.ts';
import { announcement, signedCommit } from '../../trust/signing.ts';
import { advance } from '../checkout/advance.ts';
import { hookState, installHooks } from '../hooks/install.ts';
import { refreshPrivateHooks } from '../hooks/private.ts';
import { type KeptBack, putBack } from '../uninstall/kept-back.ts';
import { entryOf, withApprover } from './approver.ts';
import { hasBegun, refuseChange } from './guard.ts';
import { makeKey } from './key.ts';
import { type FileChange, type InitPlan, refuseDirty } from './plan.ts';

export interface InitDone {
  /** The commit on the policy branch; null where nothing was left to commit. */
  commit: string | null;
  signed: boolean;
  signer: Signer | null;
  hooks: 'active' | 'inactive' | 'absent' | 'foreign';
  /** Sentences for the person. */
  notes: string[];
}

/** Runs the plan. Throws (exit 3) where it takes a person, (exit 1) where the branch moved, files are in the way, or a signature that is needed cannot be made; nothing has changed then. */
export async function runInit(repo: Repo, plan: InitPlan, note: (text: string) => void): Promise<InitDone> {
  const { place, key } = plan;
  refuseChange(plan);
  const checkout = place.checkout;
  const here = goingHere(plan);
  if (checkout && plan.files.length > 0) {
    const dirty = await dirtyPaths(checkout, plan.files);
    refuseDirty(
      plan.files,
      dirty.filter((path) => !here.has(join(checkout.top, path))),
    );
  }
  const signer = key.kind === 'new' ? await makeKey(key) : plan.signer;
  const files = key.kind === 'new' && signer ? await withNewApprover(repo, plan, signer) : plan.files;
  const settings = key.kind === 'none' ? [] : key.settings;
  const there = withSettings(repo, settings);
  const notes: string[] = [];
  let made: { commit: string; signed: boolean } | null = null;
  if (files.length > 0) {
    const asks = signer && announcement(signer, 'the commit');
    if (asks) note(asks);
    made = await makeInitCommit(there, plan, files, signer, notes);
    const { branch, checkout, tip } = place;
    const to = made.commit;
    await without([...here], () => advance(repo, { branch, checkout, from: tip, to, why: 'init' }));
  }
  await keepSettings(repo, settings);
  if (plan.back) leaveLocal(repo, { ...plan.back, files: plan.back.files.filter(({ path }) => !here.has(path)) });
  await setLocalConfig(repo, 'gitsession.policyBranch', place.branch);
  await effectivePolicy(repo, { fresh: true, onPinned: (text) => notes.push(text) });
  // Clients find the program of this clone where the git hooks do.
  if (plan.agents.length > 0) refreshPrivateHooks(repo);
  return { commit: made?.commit ?? null, signed: made?.signed ?? false, signer, hooks: await hooksOn(repo, plan, notes), notes };
}

/** Files of this clone alone, absolute, in whose place the commit brings its own. */
function goingHere({ back, files, place }: InitPlan): Set<string> {
  const { checkout } = place;
  const coming = new Set(files.map(({ path }) => (checkout ? join(checkout.top, path) : '')));
  return new Set((back?.files ?? []).flatMap(({ path, after }) => (after === null && coming.has(path) ? [path] : [])));
}

/** Takes files away for an act that needs their place; where it fails they are back. */
async function without(paths: readonly string[], act: () => Promise<unknown>): Promise<void> {
  const texts = paths.map((path) => readFileSync(path));
  for (const path of paths) rmSync(path);
  try {
    await act();
  } catch (error) {
    paths.forEach((path, i) => {
      writeFileSync(path, texts[i] ?? '');
    });
    throw error;
  }
}

/** Sets settings of this clone, and keeps what they were. */
export async function keepSettings(repo: Repo, settings: readonly { key: string; value: string }[]): Promise<void> {
  for (const { key, value } of settings) {
    keepSetUp(repo.commonDir, { settings: [{ key, before: await getLocalConfig(repo, key), after: value }] });
    await setLocalConfig(repo, key, value);
  }
}

/** From here on the branch's policy counts: what was set up for this clone alone goes. */
function leaveLocal(repo: Repo, back: KeptBack): void {
  putBack(back);
  forgetKeptFiles(repo.commonDir);
  rmSync(privatePaths(repo.commonDir).local, { recursive: true, force: true });
}

/** Paths of the plan that differ from HEAD in the checkout, or lie there without being tracked. */
async function dirtyPaths(checkout: Repo, files: FileChange[]): Promise<string[]> {
  const changed = new Set((await readStatus(checkout)).map(({ path }) => path));
  return files
    .filter(({ path, before }) => changed.has(path) || (before === null && existsSync(join(checkout.top, path))))
    .map(({ path }) => path);
}

/** The plan's files with the line of the key that was just made. */
async function withNewApprover(repo: Repo, { files, place }: InitPlan, signer: Signer): Promise<FileChange[]> {
  const read = async (path: string) => files.find((file) => file.path === path)?.after ?? (await readAt(repo, place.tip, path));
  const change = await withApprover(await entryOf(signer), read);
  if (!change) return files;
  const before = await readAt(repo, place.tip, change.path);
  return [...files.filter(({ path }) => path !== change.path), { ...change, before }];
}

async function makeInitCommit(
  repo: Repo,
  plan: InitPlan,
  files: FileChange[],
  signer: Signer | null,
  notes: string[],
): Promise<{ commit: string; signed: boolean }> {
  const { tip } = plan.place;
  const paths = files.map(({ path }) => path);
  const rows = new Map((await listTree(repo, tip, paths)).map((row) => [row.path, row]));
  const edits: TreeEdit[] = [];
  for (const { path, after, executable } of files) {
    const mode = (rows.get(path)?.mode ?? (executable ? '100755' : undefined)) as TreeEdit['mode'];
    edits.push({ path, oid: await writeBlob(repo, after), ...(mode ? { mode } : {}) });
  }
  const edges = edits.map(({ path, oid }) => ({ path, before: rows.get(path)?.oid ?? null, after: oid }));
  const subject = hasBegun(plan.place) ? 'Update the set-up of git-session' : 'Set up git-session';
  const draft = { tree: await editTree(repo, tip, edits), parents: [tip], message: setupMessage(subject, edges) };
  if (!signer) return { commit: await makeCommit(repo, draft), signed: false };
  try {
    return { commit: await signedCommit(repo, draft, signer), signed: true };
  } catch (error) {
    if (!(error instanceof SessionError) || error.kind === 'person') throw error;
    if (!hasBegun(plan.place)) throw rootNotSigned(signer, error);
    if (plan.mustSign) throw error;
    // What is no policy needs no signature.
    notes.push(`The commit is not signed: ${error.why ?? error.message}`);
    return { commit: await makeCommit(repo, draft), signed: false };
  }
}

/** Everything later rests on the first policy: it is left unsigned only where somebody says so. */
function rootNotSigned(signer: Signer, error: SessionError): SessionError {
  return stateError(
    {
      what: 'The first policy could not be signed with your key, so nothing was changed.',
      why: signer.needsPassphrase ? `The ${signer.describe} is locked by a passphrase, which nobody could be asked for.` : error.why,
      next: [
        'Unlock the key (ssh-add <key>), or run the command in a terminal that can ask for its passphrase; or the same command with one of these:',
        '  --signing-key <path>   (another key)',
        '  --no-approver          (unsigned; nobody can approve until one is added)',
      ].join('\n'),
    },
    error,
  );
}

export async function hooksOn(repo: Repo, plan: InitPlan, notes: string[]): Promise<InitDone['hooks']> {
  if (plan.hooks) {
    try {
      await installHooks(repo, plan.hooks.hooksPath);
    } catch (error) {
      if (!(error instanceof SessionError)) throw error;
      notes.push([error.message, error.why, error.next].filter(Boolean).join(' '));
    }
  }
  const state = await hookState(repo);
  if (state === 'absent' && plan.hooks && plan.place.checkout?.top !== repo.top) {
    notes.push(`The branch that is checked out here does not hold the hooks yet: they run here after git merge ${plan.place.branch}.`);
  }
  return state;
}
