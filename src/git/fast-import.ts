/** A chain of commits made by one `git fast-import`, which moves no ref: the objects are there, and nobody points at them yet. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FileMode } from '../core/session/checkpoint.ts';
import { authorIdent } from './author.ts';
import { quoted } from './quote.ts';
import { GitError, type Repo, runGit } from './run.ts';

export interface ChainedCommit {
  /** Whole, with its last newline. */
  message: string;
  /** ISO time of the author's date; the committer's is that of `ident`. */
  at: string;
  changes: readonly { path: string; oid: string | null; mode: FileMode }[];
  /** Files whose blobs are made along with it. */
  contents?: readonly { path: string; content: Buffer }[];
}

/** The id that git gives to a blob. */
export function blobId(repo: Pick<Repo, 'objectFormat'>, content: Buffer): string {
  return createHash(repo.objectFormat).update(`blob ${content.length}\0`).update(content).digest('hex');
}

let serial = 0;

/** The ids of the commits, each the parent of the next and the first a child of `tip`. `ident` as `committerIdent` gives it. Throws GitError. */
export async function importChain(repo: Repo, tip: string, ident: string, commits: readonly ChainedCommit[]): Promise<string[]> {
  if (commits.length === 0) return [];
  // fast-import builds on a branch; a `reset` to nothing at the end makes it forget the name and keep the objects.
  const scratch = `refs/git-session/drain-${process.pid}-${serial++}`;
  const author = await authorIdent(repo, ident);
  const parts: Buffer[] = [];
  const say = (text: string) => parts.push(Buffer.from(text));
  say('feature done\n');
  for (const [n, commit] of commits.entries()) {
    say(`commit ${scratch}\nmark :${n + 1}\nauthor ${dated(author, commit.at)}\ncommitter ${ident}\n`);
    say(`data ${Buffer.byteLength(commit.message)}\n${commit.message}\nfrom ${n === 0 ? tip : `:${n}`}\n`);
    // Deletions first: a file may become a folder of the same name.
    for (const { path, oid } of commit.changes) if (oid === null) say(`D ${quoted(path)}\n`);
    for (const { path, oid, mode } of commit.changes) if (oid !== null) say(`M ${mode} ${oid} ${quoted(path)}\n`);
    for (const { path, content } of commit.contents ?? []) {
      say(`M 100644 inline ${quoted(path)}\ndata ${content.length}\n`);
      parts.push(content);
      say('\n');
    }
    say('\n');
  }
  say(`reset ${scratch}\n\n${commits.map((_, n) => `get-mark :${n + 1}\n`).join('')}done\n`);
  try {
    const { out } = await runGit(repo, ['fast-import', '--quiet', '--done'], { input: Buffer.concat(parts) });
    return out.split('\n').filter(Boolean);
  } catch (error) {
    dropCrashReports(repo, scratch, error);
    throw error;
  }
}

/** A fast-import that fails leaves a report in the git dir; its reason is in what it said, and where it is, too: on a full disk the report is empty. */
export function dropCrashReports(repo: Repo, scratch: string, error: unknown): void {
  const named = error instanceof GitError ? error.said : '';
  for (const dir of new Set([repo.gitDir, repo.commonDir])) {
    for (const name of readdirSync(dir).filter((file) => file.startsWith('fast_import_crash_'))) {
      if (named.includes(name) || readFileSync(join(dir, name), 'utf8').includes(scratch)) rmSync(join(dir, name), { force: true });
    }
  }
}

/** The identity with another moment: `Name <address> <seconds> <zone>`. */
function dated(ident: string, iso: string): string {
  const zone = /[+-]\d{4}$/.exec(ident)?.[0] ?? '+0000';
  return `${ident.replace(/ \d+ [+-]\d{4}$/, '')} ${Math.floor(Date.parse(iso) / 1000)} ${zone}`;
}
