/** Makes a commit out of file contents without an index, a checkout or a moved ref: one `git fast-import`. */

import { stateError } from '../core/errors.ts';
import { authorIdent } from './author.ts';
import { dropCrashReports } from './fast-import.ts';
import type { TreeEdit } from './objects.ts';
import { quoted } from './quote.ts';
import { type Repo, runGit } from './run.ts';

/** A file put into the tree: this text as it is (no filters), or a blob that exists; null removes it. */
export type FileEdit = { path: string; content: string | null } | TreeEdit;

export interface CommitDraft {
  /** Full id of the parent. */
  parent: string;
  files: FileEdit[];
  /** Whole message, with its last newline. */
  message: string;
  /** As `committerIdent` gives it. */
  ident: string;
}

/**
 * Who commits and when, as git itself would say: `Name <address> <seconds> <zone>`.
 * Throws (exit 1) where git does not know who that is.
 */
export async function committerIdent(repo: Repo): Promise<string> {
  const said = await runGit(repo, ['var', 'GIT_COMMITTER_IDENT'], { ok: [0, 128] });
  if (said.code === 0) return said.out.trim();
  throw stateError({
    what: 'git does not know who you are.',
    why: 'Every commit carries a name and an address.',
    next: 'git config user.name "Your Name"\ngit config user.email you@example.com',
  });
}

let serial = 0;

/** The id of the new commit: `parent` with the files put in. No ref names it yet. Throws GitError. */
export async function buildCommit(repo: Repo, draft: CommitDraft): Promise<string> {
  // fast-import builds on a branch; a `reset` to nothing at the end makes it forget the name and keep the objects.
  const scratch = `refs/git-session/build-${process.pid}-${serial++}`;
  const parts: Buffer[] = [
    // A stream that is cut short then changes nothing.
    line('feature done'),
    line(`commit ${scratch}\nmark :1\nauthor ${await authorIdent(repo, draft.ident)}\ncommitter ${draft.ident}`),
    data(draft.message),
    line(`from ${draft.parent}`),
    ...draft.files.flatMap(fileLines),
    line(`\nget-mark :1\nreset ${scratch}\n\ndone`),
  ];
  try {
    return (await runGit(repo, ['fast-import', '--quiet'], { input: Buffer.concat(parts) })).out.trim();
  } catch (error) {
    dropCrashReports(repo, scratch, error);
    throw error;
  }
}

function fileLines(edit: FileEdit): Buffer[] {
  const path = quoted(edit.path);
  if ('content' in edit && edit.content !== null) return [line(`M 100644 inline ${path}`), data(edit.content)];
  if ('oid' in edit && edit.oid !== null) return [line(`M ${edit.mode ?? '100644'} ${edit.oid} ${path}`)];
  return [line(`D ${path}`)];
}

const line = (text: string) => Buffer.from(`${text}\n`);

function data(content: string): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([line(`data ${bytes.length}`), bytes, line('')]);
}
