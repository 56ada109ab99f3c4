/** Inputs of a check that the session changed, and base's copies of them. */

import { describeChange, type InputChange } from '../../core/check-inputs/describe.ts';
import { inputKind } from '../../core/check-inputs/kinds.ts';
import { linesRun, scriptsOf, withScriptsOf } from '../../core/check-inputs/manifest.ts';
import { namedBy } from '../../core/check-inputs/programs.ts';
import type { CheckPolicy } from '../../core/policy/policy.ts';
import { count } from '../../core/text/text.ts';
import { readMany } from '../../git/batch.ts';
import { type Change, editTree, readAt, type TreeEdit, writeBlob } from '../../git/objects.ts';
import type { Repo } from '../../git/run.ts';

export interface CheckInputs {
  /** What the session did to them, in words. */
  changed: string[];
  /** The tree to put on disk: the checked tree, or with `inputs: base` that tree with base's copies. */
  tree: string;
  /** How many files are base's copies. */
  fromBase: number;
}

interface Compared {
  base: string;
  /** The checked tree. */
  tree: string;
  /** The difference between base and that tree. */
  changes: Change[];
  /** Policy's `setup_outputs`. */
  outputs: readonly string[];
}

export async function checkInputs(repo: Repo, check: CheckPolicy, compared: Compared): Promise<CheckInputs> {
  const { tree, changes } = compared;
  const touched = await inputChanges(repo, check, compared);
  const told = touched.filter((input) => describeChange(input).length > 0);
  const changed = wordsOf(told);
  if (check.inputs !== 'base') return { changed, tree, fromBase: 0 };
  const edits = await Promise.all(told.map((input) => baseCopy(repo, input, changes)));
  return { changed, tree: edits.length > 0 ? await editTree(repo, tree, edits) : tree, fromBase: edits.length };
}

/** Installed files are told one by one up to this many. */
const FEW = 5;

function wordsOf(told: readonly InputChange[]): string[] {
  const installed = told.filter(({ kind }) => kind === 'installed');
  if (installed.length <= FEW) return told.flatMap(describeChange);
  const more = `${count(installed.length - FEW, 'more file')} where programs are installed`;
  return [...told.filter((input) => !installed.slice(FEW).includes(input)).flatMap(describeChange), more];
}

async function inputChanges(repo: Repo, check: CheckPolicy, { base, tree, changes, outputs }: Compared): Promise<InputChange[]> {
  const manifest = check.cwd === '.' ? 'package.json' : `${check.cwd.replace(/^\.\/|\/+$/g, '')}/package.json`;
  const manifests = await Promise.all([base, tree].map((treeish) => readAt(repo, treeish, manifest)));
  const scripts = manifests.flatMap((text) => scriptsOf(text ?? ''));
  const run = manifests.flatMap((text) => linesRun(check.run, text ?? ''));
  const programs = namedBy([check.run, ...scripts], run, check.cwd);
  const globs = check.inputs === 'base' ? [] : check.inputs;
  const found = changes.flatMap((change) => {
    const kind = inputKind(change.path, { globs, programs, outputs });
    return kind === null ? [] : [{ change, kind }];
  });
  const sides = await readMany(
    repo,
    found.flatMap(({ change }) => [change.oldOid, change.newOid]),
  );
  const text = (n: number) => {
    const object = sides[n];
    return object?.type === 'blob' ? object.body.toString('utf8') : null;
  };
  return found.map(({ change, kind }, i) => ({
    path: change.path,
    kind,
    status: change.status,
    before: text(2 * i),
    after: text(2 * i + 1),
    movedTo: change.status === 'D' ? movedTo(change, changes) : null,
  }));
}

/** Where the same content was added as a test. */
function movedTo(gone: Change, changes: Change[]): string | null {
  const to = changes.find((change) => change.status === 'A' && change.newOid === gone.oldOid);
  return to && inputKind(to.path, { globs: [], programs: () => false, outputs: [] }) === 'test' ? to.path : null;
}

/** The edit that puts base's copy into the tree; of a manifest, only its scripts and runner settings. */
async function baseCopy(repo: Repo, input: InputChange, changes: Change[]): Promise<TreeEdit> {
  const change = changes.find((one) => one.path === input.path);
  if (input.kind === 'manifest' && input.after !== null) {
    const text = withScriptsOf(input.before ?? '{}', input.after);
    if (text !== null) return { path: input.path, oid: await writeBlob(repo, text) };
  }
  if (!change || input.before === null) return { path: input.path, oid: null };
  return { path: input.path, oid: change.oldOid, mode: change.oldMode as NonNullable<TreeEdit['mode']> };
}
