/** What taking the whole set-up out would change on the policy branch, as data: files back to the byte, or without our part where they changed since. Looks only. */

import { connectedClients, planTakeOut } from '../../agents/setup/index.ts';
import { HOOK_FILE } from '../../agents/setup/pieces.ts';
import { GIT_HOOKS, withoutBlock } from '../../core/hooks/hook-block.ts';
import { withoutSimpleHooks } from '../../core/hooks/hook-call.ts';
import { withoutHusky, withoutLockedHusky } from '../../core/hooks/husky-package.ts';
import { type SetupEdge, setupEdges, undone } from '../../core/hooks/setup-commit.ts';
import { withBlock } from '../../core/text/text-block.ts';
import { withoutYamlBlocks } from '../../core/text/yaml-block.ts';
import { setupClaims } from '../../git/claims.ts';
import { listTree, readBlob } from '../../git/objects.ts';
import type { Repo } from '../../git/run.ts';
import { GPG_FOLDER, POLICY_FILE, POLICY_PATHS, SIGNERS_FILE } from '../../trust/approvers.ts';
import { branchFiles } from '../branch-files.ts';
import { LEFTHOOK, PRE_COMMIT, SIMPLE_HOOKS } from '../hooks/manager.ts';
import { IGNORE_FILES } from '../init/ignored.ts';

/** A file of the policy branch to put back. */
export interface TakenOut {
  path: string;
  before: string;
  /** Null: nothing is left of it. */
  after: string | null;
  /** The blob that it was before the set-up, to the byte; null where only our part goes. */
  blob: string | null;
}

/** Every file at `tip` that the set-up made or changed. `theirs`: paths that others changed since, so that only our part goes. */
export async function planFiles(repo: Repo, tip: string): Promise<{ changes: TakenOut[]; theirs: string[] }> {
  const edges = new Map<string, SetupEdge[]>();
  for (const edge of (await setupClaims(repo, tip)).flatMap(setupEdges)) edges.set(edge.path, [...(edges.get(edge.path) ?? []), edge]);
  const rows = new Map((await listTree(repo, tip, [...new Set([...edges.keys(), ...KNOWN])])).map((row) => [row.path, row]));
  const changes: TakenOut[] = [];
  /** What files were before the set-ups whose commits say so. */
  const earlier = new Map<string, string | null>();
  const theirs: string[] = [];
  for (const [path, row] of rows) {
    const own = edges.get(path) ?? [];
    const known = undone(row.oid, own);
    const before = (await readBlob(repo, row.oid)) ?? '';
    if (known !== 'unknown') {
      const was = known.blob === null ? null : await readBlob(repo, known.blob);
      const after = !was || !BLOCKED.includes(path) ? was : withoutOurs(path, was, undefined);
      earlier.set(path, after);
      if (known.blob !== row.oid || after !== was) changes.push({ path, before, after, blob: after === was ? known.blob : null });
      continue;
    }
    const after = withoutOurs(path, before, await earlierText(repo, own.at(-1)));
    if (after !== before) changes.push({ path, before, after, blob: null });
    if (own.length > 0) theirs.push(path);
  }
  // A squash may have hidden the first set-up: then what the later ones were made on is ours still.
  const branch = branchFiles(repo, tip);
  const read = async (path: string) => {
    const real = (await branch.real(path)) ?? path;
    return earlier.has(real) ? (earlier.get(real) ?? null) : branch.read(path);
  };
  const clients = await planTakeOut(await connectedClients(read), read);
  for (const change of clients.changes) {
    const { before, after } = change;
    const path = (await branch.real(change.path)) ?? change.path;
    if (before === null || (earlier.has(path) && !NAME.test(before))) continue;
    const at = changes.findIndex((one) => one.path === path);
    if (at < 0) changes.push({ path, before, after, blob: null });
    else if (earlier.has(path)) changes[at] = { ...(changes[at] as TakenOut), after, blob: null };
  }
  return { changes: changes.sort((a, b) => (a.path < b.path ? -1 : 1)), theirs };
}

/** What every file with something of ours says somewhere. */
const NAME = /git[- ]session|\.swarm\/hook\.sh/;

const HUSKY = GIT_HOOKS.map((hook) => `.husky/${hook}`);
const YAML = [...LEFTHOOK, ...PRE_COMMIT].filter((path) => /\.ya?ml$/.test(path));
const BLOCKS = ['.gitattributes', '.gitignore', ...IGNORE_FILES];
/** Where it can be told from anything of a person's. */
const BLOCKED: readonly string[] = [HOOK_FILE, ...BLOCKS, ...HUSKY, ...YAML];
/** Where our part can be told without a commit that says so, as where a squash hid it. */
const KNOWN = [...POLICY_PATHS, ...BLOCKS, ...HUSKY, ...YAML];

/** What the file was before the first set-up; null where it was made, undefined where no commit tells. */
async function earlierText(repo: Repo, oldest: SetupEdge | undefined): Promise<string | null | undefined> {
  if (!oldest) return undefined;
  return oldest.before === null ? null : readBlob(repo, oldest.before);
}

/** The text without what is ours in it. `earlier`: before the set-up. */
function withoutOurs(path: string, text: string, earlier: string | null | undefined): string | null {
  if (path === HOOK_FILE) return null;
  if (path === POLICY_FILE || path === SIGNERS_FILE || path.startsWith(`${GPG_FOLDER}/`)) return earlier ?? null;
  if (BLOCKS.includes(path)) return withBlock(text, []) || (typeof earlier === 'string' ? '' : null);
  if (path === 'package.json') return withoutSimpleHooks(withoutHusky(text, earlier ?? ''), ['simple-git-hooks']);
  if (SIMPLE_HOOKS.includes(path)) return withoutSimpleHooks(text, []);
  if (YAML.includes(path)) return withoutYamlBlocks(text);
  if (path === 'package-lock.json') return withoutLockedHusky(text, earlier ?? '');
  return withoutBlock(text);
}
