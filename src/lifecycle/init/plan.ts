/** What `git session init` would change, as data. Looks only. */

import type { SetupName } from '../../agents/setup/index.ts';
import { detectChecks } from '../../core/checks/detect/index.ts';
import { type Proposal, textsToRead } from '../../core/checks/detect/project.ts';
import { stateError, verificationError } from '../../core/errors.ts';
import { parseSigners } from '../../core/policy/signers.ts';
import { count, oneLine } from '../../core/text/text.ts';
import { blockLines, withBlock } from '../../core/text/text-block.ts';
import { withSettings } from '../../git/config.ts';
import { listTree, readAt } from '../../git/objects.ts';
import type { Repo } from '../../git/run.ts';
import { type Approvers, changesPolicy, nobody, POLICY_FILE, POLICY_PATHS, principalsOf } from '../../trust/approvers.ts';
import { hasLocalPolicy } from '../../trust/local-policy.ts';
import { lastApprovers } from '../../trust/policy-steps.ts';
import type { CheckEdit } from '../../trust/policy-text.ts';
import type { Signer } from '../../trust/signer.ts';
import { canSign, signingKey } from '../../trust/signing.ts';
import { branchFiles } from '../branch-files.ts';
import type { HookPlan } from '../hooks/hook-plan.ts';
import { planHooks } from '../hooks/plan.ts';
import { type KeptBack, keptBack } from '../uninstall/kept-back.ts';
import { type ApproverEntry, entryNamed, entryOf, withApprover } from './approver.ts';
import { planClients } from './clients.ts';
import { IGNORE_FILES, ignoredPlaces } from './ignored.ts';
import { type Chooser, chooseKey, type KeyChoice } from './key.ts';
import { linked, refuseLinks } from './links.ts';
import { sharedFrom } from './local-text.ts';
import { approverNotes, clientNotes, foundNotes } from './notes.ts';
import type { InitPlace } from './place.ts';
import { policyTemplate, policyText } from './policy-draft.ts';
import { texts } from './texts.ts';
import type { InitWish } from './wish.ts';

export interface FileChange {
  path: string;
  /** Null where there is no such file. */
  before: string | null;
  after: string;
  /** A new file is to be executable. */
  executable?: boolean;
}

export interface InitPlan {
  place: InitPlace;
  /** True: this clone alone is set up. */
  local: boolean;
  /** Files of the commit. */
  files: FileChange[];
  /** Files of this clone alone, by absolute path; scripts of hooks are in `hooks`. */
  own: FileChange[];
  /** What an earlier set-up of this clone alone goes back to; null where there was none. */
  back: KeptBack | null;
  key: KeyChoice;
  /** Who git signs as here, where that is known before the key is made. */
  signer: Signer | null;
  /** True: the commit must carry an approver's signature to count. */
  mustSign: boolean;
  /** Null where hooks are not wanted. */
  hooks: HookPlan | null;
  agents: readonly SetupName[];
  /** How sessions land, where this plan sets it; null: it stays. */
  land: 'local' | 'pr' | null;
  /** Checks that it names in the policy. */
  checks: readonly CheckEdit[];
  notes: string[];
}

export const ATTRIBUTES = [
  '.swarm/** linguist-generated text eol=lf',
  '.swarm/log/** merge=union',
  // Who may approve is no generated file: reviewers must see it change.
  '.swarm/allowed_signers -linguist-generated',
  '.swarm/approvers/** -linguist-generated',
  'sessions/*/metadata.json linguist-generated text eol=lf',
  'sessions/*/metrics.json linguist-generated text eol=lf',
  'sessions/*/inventory.json linguist-generated text eol=lf',
  'sessions/*/session-summary.md linguist-generated text eol=lf',
];

/** sh cannot read a script that git checked out with other line endings (core.autocrlf). */
const HUSKY_ATTRIBUTES = '.husky/* text eol=lf';

/** Checks that the project suggests by what it has, as of the policy branch; none where a policy is there already. */
export async function proposeChecks(repo: Repo, place: InitPlace): Promise<Proposal> {
  if (place.effective.initialised) return { setup: null, setup_inputs: [], checks: [] };
  const paths = (await listTree(repo, place.tip)).map(({ path }) => path);
  return detectChecks({ paths, texts: await texts(repo, place.tip, textsToRead(paths)) });
}

/** The plan. Throws (exit 1, 2) on what cannot be done and (exit 4) on a policy change that would not count. */
export async function planInit(repo: Repo, place: InitPlace, wish: InitWish, choose: Chooser): Promise<InitPlan> {
  const { effective, tip } = place;
  const governed = effective.initialised && !nobody(effective.approvers);
  const read = (path: string) => readAt(repo, tip, path);
  const key = governed && !wish.signingKey && !wish.newKey ? await keyInUse(repo) : await chooseKey(repo, wish, choose);
  const signer = key.kind === 'key' ? key.signer : null;
  const files: FileChange[] = [];
  const put = (path: string, before: string | null, after: string) => {
    if (before !== after) files.push({ path, before, after });
  };

  // What this clone had for itself becomes everybody's.
  const local = effective.local === null ? new Map<string, string>() : sharedFrom(repo, policyTemplate());
  const policy = await read(POLICY_FILE);
  const wanted = await policyText(policy ?? local.get(POLICY_FILE) ?? null, place, wish);
  put(POLICY_FILE, policy, wanted.text);
  for (const [path, text] of local) if (path !== POLICY_FILE) put(path, await read(path), text);
  const entries: ApproverEntry[] = [];
  if (!governed && signer) entries.push(await entryOf(signer));
  if (wish.approver) entries.push(await entryNamed(wish.approver.principal, wish.approver.key, repo.cwd));
  for (const entry of entries) {
    const change = await withApprover(entry, async (path) => files.findLast((file) => file.path === path)?.after ?? read(path));
    if (change) put(change.path, await read(change.path), change.after);
  }
  const attributes = await read('.gitattributes');
  const back = hasLocalPolicy(repo) ? await keptBack(repo) : null;
  const without = new Map(back?.files.map(({ path, after }) => [path, after]));
  const hooks = wish.hooks ? await planHooks(repo, read, { local: false, without, tree: tip }) : null;
  const husky = hooks?.activate === 'husky' || blockLines(attributes).includes(HUSKY_ATTRIBUTES);
  put('.gitattributes', attributes, withBlock(attributes, husky ? [...ATTRIBUTES, HUSKY_ATTRIBUTES] : ATTRIBUTES));
  const ignored = await ignoredPlaces(place.checkout ?? repo);
  if (ignored.length > 0) {
    const ignore = await read('.gitignore');
    put('.gitignore', ignore, withBlock(ignore, [...blockLines(ignore), ...ignored.flatMap(({ lines }) => lines)]));
  }
  for (const file of hooks?.refusal ? [] : (hooks?.files ?? [])) files.push(file);
  await refuseLinks(
    repo,
    place,
    files.map(({ path }) => path),
  );
  const ignores = await texts(repo, tip, IGNORE_FILES);
  // One that is a link stands for a file of another tool.
  const links = await linked(repo, tip, [...ignores.keys()]);
  for (const [path, text] of ignores) if (!links.includes(path)) put(path, text, withBlock(text, ['/sessions/', '/.swarm/']));
  const setup = await planClients(branchFiles(repo, tip), wish.agents, wanted.policy, files);
  for (const { path, before, after } of setup.changes) put(path, before, after);

  const last = [...new Map(files.map((file) => [file.path, file])).values()];
  // Where policy was taken out, those who could approve last say who is next.
  const judges = await lastApprovers(repo, effective.sources);
  const mustSign = !nobody(judges) && changesPolicy(last);
  if (mustSign) await mustCount(repo, place, key, judges);
  const notes = [
    ...effective.notes,
    ...ignored.map(({ place: path, by }) => `${path} is ignored (${by}); .gitignore will bring it back.`),
    ...(await foundNotes(repo, place, wish, hooks)),
    ...setup.notes,
    ...clientNotes(repo, place, wish),
    ...(await approverNotes(place, { governed, wish, key })),
  ];
  return {
    place,
    local: false,
    files: last,
    own: [],
    back,
    key,
    signer,
    mustSign,
    hooks: hooks?.refusal ? null : hooks,
    agents: wish.agents,
    checks: wish.checks,
    land: wanted.land,
    notes,
  };
}

/** Where approvers are named already, whatever git signs with here; nothing is chosen. */
export async function keyInUse(repo: Repo): Promise<KeyChoice> {
  try {
    return { kind: 'key', signer: await signingKey(repo), settings: [] };
  } catch {
    // Hooks can be set up in a clone whose owner signs nothing.
    return { kind: 'none' };
  }
}

/** A change of policy that nobody would follow is not made: throws (exit 4) where none of `approvers` would sign it. */
export async function mustCount(repo: Repo, { branch, effective, tip }: InitPlace, key: KeyChoice, approvers: Approvers): Promise<void> {
  const { ignored, source } = effective;
  const names = [
    ...new Set([...parseSigners(approvers.signers).flatMap((line) => line.principals), ...approvers.gpg.map((one) => one.fingerprint)]),
  ];
  const next = `Ask an approver to run the same command: ${oneLine(names.join(', '), 300)}`;
  if (ignored.length > 0) {
    throw verificationError({
      what: `${branch} holds ${count(ignored.length, 'policy change')} that no approver signed.`,
      why: 'A signed commit on top would put all of it in force.',
      next: `Look at it:    git diff ${source?.slice(0, 12)} ${tip.slice(0, 12)} -- ${POLICY_PATHS.join(' ')}\nTake it back:  git checkout ${source?.slice(0, 12)} -- ${POLICY_FILE} .swarm/allowed_signers`,
    });
  }
  if (key.kind !== 'key') {
    if (key.kind === 'new') throw verificationError({ what: 'A new key is no approver yet, so the change would not count.', next });
    throw verificationError({ what: 'The change needs an approver’s signature, and git has no key to sign with here.', next });
  }
  // A passphrase is asked for when it is time to sign, not to look at a plan.
  const verdict = key.signer.needsPassphrase ? null : await canSign(withSettings(repo, key.settings), approvers);
  const counts = verdict ? verdict.ok : principalsOf(approvers, key.signer.key).length > 0;
  if (!counts) {
    throw verificationError({
      what: 'Your key is not an approver’s, so the change would not count.',
      why: verdict ? `A try of it: ${verdict.why}.` : `It is the ${key.signer.describe}.`,
      next,
    });
  }
}

/** Refuses (exit 1) where a file that the plan changes is changed in the checkout too, or lies there untracked. */
export function refuseDirty(files: readonly { path: string }[], dirty: readonly string[]): void {
  const hit = files.map(({ path }) => path).filter((path) => dirty.includes(path));
  if (hit.length === 0) return;
  throw stateError({
    what: `${count(hit.length, 'file')} that would be written ${hit.length === 1 ? 'has' : 'have'} changes of yours.`,
    why: hit.join('\n'),
    next: 'Commit them or set them aside, and run the command again.',
  });
}
