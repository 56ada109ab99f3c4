/** Questions about refs and branches. */

import { existsSync } from 'node:fs';
import { readHead } from './locate.ts';
import { realTop } from './main-top.ts';
import { ask, askOrNull, type Repo, runGit } from './run.ts';

/** The object id that a full ref name or expression stands for, or null. */
export async function oidOf(repo: Repo, expression: string): Promise<string | null> {
  return askOrNull(repo, ['rev-parse', '--quiet', '--verify', '--end-of-options', expression]);
}

/** The commit that an expression peels to, or null. */
export function commitOf(repo: Repo, expression: string): Promise<string | null> {
  return oidOf(repo, `${expression}^{commit}`);
}

/** Short name of the checked-out branch (also an unborn one), or null when HEAD is detached. */
export async function currentBranch(repo: Repo): Promise<string | null> {
  const head = readHead(repo.gitDir);
  if (head !== 'unreadable') return 'branch' in head ? head.branch : null;
  const ref = await askOrNull(repo, ['symbolic-ref', '--quiet', 'HEAD']);
  return ref?.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null;
}

/** The full name of the ref that a symbolic ref stands for, or null where it is none. */
export function symbolicRef(repo: Repo, ref: string): Promise<string | null> {
  return askOrNull(repo, ['symbolic-ref', '--quiet', ref]);
}

export interface RefRow {
  /** Full name. */
  ref: string;
  oid: string;
  /** Where an annotated tag points; else empty. */
  peeled: string;
  /** Path of the worktree that has the branch checked out; else empty, also where its folder is gone. */
  worktree: string;
  /** Committer or tagger date, ISO strict. */
  date: string;
}

/** Refs under prefixes such as `refs/heads/session/`, sorted by name. */
export async function listRefs(repo: Repo, prefixes: string[]): Promise<RefRow[]> {
  const format = '%(refname)%00%(objectname)%00%(*objectname)%00%(worktreepath)%00%(creatordate:iso-strict)';
  const out = await ask(repo, ['for-each-ref', `--format=${format}`, ...prefixes]);
  const rows = out
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [ref = '', oid = '', peeled = '', worktree = '', date = ''] = line.split('\0');
      return { ref, oid, peeled, worktree: worktree && existsSync(worktree) ? worktree : '', date };
    });
  // One at most has the main worktree.
  const main = rows.find(({ worktree }) => worktree === repo.commonDir);
  if (main) main.worktree = await realTop(repo, main.worktree);
  return rows;
}

/** Full names of refs under prefixes, sorted; nothing of what they point at is read, so that ten thousand are cheap. */
export async function listRefNames(repo: Repo, prefixes: string[]): Promise<string[]> {
  return (await ask(repo, ['for-each-ref', '--format=%(refname)', ...prefixes])).split('\n').filter(Boolean);
}

/** True where `ancestor` is reachable from `descendant`. */
export async function isAncestor(repo: Repo, ancestor: string, descendant: string): Promise<boolean> {
  return (await runGit(repo, ['merge-base', '--is-ancestor', ancestor, descendant], { ok: [0, 1, 128] })).code === 0;
}

/** One ref moved under compare-and-swap; `expected` of zeros means "must not exist". Throws GitError when it was elsewhere. */
export async function moveRef(repo: Repo, ref: string, to: string, expected: string, reason: string): Promise<void> {
  await runGit(repo, ['update-ref', '--create-reflog', '-m', reason, ref, to, expected]);
}

/** A ref to move: from where it stands (null: it must not exist) to another object (null: it is deleted). */
export interface RefMove {
  ref: string;
  from: string | null;
  to: string | null;
}

/** All of these moves or none, each under compare-and-swap. Throws GitError when one was elsewhere. */
export async function moveRefs(repo: Repo, moves: RefMove[], reason: string): Promise<void> {
  const zero = zeroOid(repo);
  const lines = moves.map(({ ref, from, to }) => (to === null ? `delete ${ref} ${from ?? zero}` : `update ${ref} ${to} ${from ?? zero}`));
  const input = ['start', ...lines, 'prepare', 'commit', ''].join('\n');
  await runGit(repo, ['update-ref', '--create-reflog', '-m', reason, '--stdin'], { input });
}

/** The null object id of this repository. */
export function zeroOid(repo: Repo): string {
  return '0'.repeat(repo.objectFormat === 'sha256' ? 64 : 40);
}

/** Full names of the refs under a prefix that have a commit. */
export async function refsContaining(repo: Repo, commit: string, prefix: string): Promise<string[]> {
  const out = await askOrNull(repo, ['for-each-ref', '--format=%(refname)', `--contains=${commit}`, prefix]);
  return (out ?? '').split('\n').filter(Boolean);
}

/** When the ref was last moved, by its reflog, ISO 8601; null where it has none, or holds a tag object. */
export async function loggedAt(repo: Repo, ref: string): Promise<string | null> {
  const out = await askOrNull(repo, ['log', '-g', '-1', '--format=%gd', '--date=iso-strict', '--end-of-options', ref]);
  return /@\{(.+)\}$/.exec(out ?? '')?.[1] ?? null;
}

/** First lines of the messages of what refs under prefixes hold, by full name. */
export async function refSubjects(repo: Repo, prefixes: string[]): Promise<Map<string, string>> {
  const out = await ask(repo, ['for-each-ref', '--format=%(refname)%00%(contents:subject)', ...prefixes]);
  const rows = out.split('\n').filter(Boolean);
  return new Map(rows.map((row) => row.split('\0') as [string, string]));
}

/** How many commits an object reaches that no branch, remote-tracking branch or tag does. */
export async function commitsOnlyIn(repo: Repo, oid: string): Promise<number> {
  return Number(await ask(repo, ['rev-list', '--count', oid, '--not', '--branches', '--remotes', '--tags']));
}
