/** What a start would do: everything that can be known, or refused, before anything changes. Reads only. */

import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { stateError, usageError } from '../core/errors.ts';
import { branchOf, idOfBranch, makeSessionId, parseTopic, type SessionId } from '../core/session-id.ts';
import { oneLine } from '../core/text.ts';
import { statMany } from '../git/batch.ts';
import { committerIdent } from '../git/build-commit.ts';
import { currentBranch, listRefs } from '../git/refs.ts';
import type { Repo } from '../git/run.ts';
import { operationInProgress } from '../git/switch.ts';
import { type DirtyFiles, uncommitted } from './dirty.ts';
import { currentSession, prefixOf, resolveSession, type Session } from './session.ts';

export interface StartRequest {
  topic: string;
  goal?: string | undefined;
  base?: string | undefined;
  /** From a session branch: start from its tip. */
  stack?: boolean;
  /** A path, or true for the default place. */
  worktree?: string | true | undefined;
  /** The session to continue. */
  from?: string | undefined;
}

export interface StartPlan {
  topic: string;
  goal: string | null;
  prefix: string;
  /** Short name of the base branch and its commit. */
  base: string;
  baseCommit: string;
  /** Sessions that were started within this minute: their names are in use. */
  taken: Set<SessionId>;
  from: Session | null;
  worktree: string | true | null;
  dirty: DirtyFiles;
  /** Who commits, as git says it. */
  ident: string;
  /** The base carries a policy file. */
  initialised: boolean;
}

const MAX_GOAL = 4000;

/** Throws (exit 1 or 2) with the reason where a session cannot start here; nothing has changed then. */
export async function planStart(repo: Repo, request: StartRequest, now: Date): Promise<StartPlan> {
  const topic = parseTopic(request.topic);
  const goal = checkedGoal(request.goal);
  const prefix = prefixOf(repo);
  const head = await currentBranch(repo);
  const here = head !== null && idOfBranch(head, prefix) ? await currentSession(repo) : null;
  const base = baseName(request, head, here, prefix);
  const moves = request.worktree === undefined;
  if (moves) {
    await refuseMidOperation(repo);
  }
  const [{ baseCommit, taken }, ident, dirty, from] = await Promise.all([
    refFacts(repo, base, head, prefix, now),
    committerIdent(repo),
    moves ? uncommitted(repo) : new Map(),
    request.from === undefined ? null : resolveSession(repo, request.from),
  ]);
  const initialised = await treeFacts(repo, base, baseCommit);
  refuseReadOnly(repo);
  return { topic, goal, prefix, base, baseCommit, taken, from, worktree: request.worktree ?? null, dirty, ident, initialised };
}

function checkedGoal(raw: string | undefined): string | null {
  const goal = raw?.trim() ?? '';
  if (goal.length > MAX_GOAL) {
    throw usageError({
      what: 'The goal is too long.',
      why: `It has ${goal.length} characters; the limit is ${MAX_GOAL}.`,
      next: 'Say it in a few sentences, and put the rest in a note of the session.',
    });
  }
  if (!goal.isWellFormed() || goal.includes('\0')) throw usageError({ what: 'The goal holds characters that are no text.' });
  return goal === '' ? null : goal;
}

/** Short name of the branch to start from. */
function baseName(request: StartRequest, head: string | null, here: Session | null, prefix: string): string {
  if (request.base !== undefined) {
    const base = request.base.replace(/^refs\/heads\//, '');
    if (idOfBranch(base, prefix) && !request.stack) {
      throw stateError({
        what: `${oneLine(base, 120)} is a session's branch.`,
        why: 'A session lands on its base, and this one has not landed itself.',
        next: 'Add --stack to build on it knowingly, or name another base.',
      });
    }
    return base;
  }
  if (head === null) {
    throw stateError({
      what: 'HEAD is detached: there is no branch to start from.',
      next: 'Name one with --base <branch>.',
    });
  }
  if (!idOfBranch(head, prefix)) return head;
  if (request.stack) return head;
  if (here) return here.metadata.base;
  throw stateError({
    what: `${oneLine(head, 120)} looks like a session's branch, but holds no metadata of one.`,
    next: 'Name the base with --base <branch>.',
  });
}

async function refuseMidOperation(repo: Repo): Promise<void> {
  const operation = await operationInProgress(repo);
  if (!operation) return;
  throw stateError({
    what: `A ${operation} is in progress in this checkout.`,
    why: 'Starting a session switches branches.',
    next: `Finish the ${operation} first, or start beside it with --worktree.`,
  });
}

/** Base's commit and the ids in use; refuses a base that is none, and a branch in the way of session branches. */
async function refFacts(repo: Repo, base: string, head: string | null, prefix: string, now: Date) {
  const wanted = `refs/heads/${base}`;
  const folders = prefixFolders(prefix);
  // Patterns: the folders' own names without what lies below them, and the sessions of this minute only, however many there are.
  const minute = makeSessionId('x', now).slice('session-'.length, 'session-YYYYMMDD-HHMM'.length);
  const patterns = [...folders.map((ref) => `${ref.slice(0, -1)}[${ref.at(-1)}]`), `refs/heads/${prefix}${minute}*`];
  const rows = await listRefs(repo, [wanted, ...patterns, `refs/tags/backup/session-${minute}*`]);
  const inTheWay = rows.find((row) => folders.includes(row.ref));
  if (inTheWay) {
    const name = inTheWay.ref.slice('refs/heads/'.length);
    throw stateError({
      what: `The branch "${oneLine(name, 80)}" is in the way of session branches.`,
      why: `git cannot keep "${name}" and "${prefix}…" side by side.`,
      next: `Give that branch another name: git branch -m ${name} ${name}-old`,
    });
  }
  const baseCommit = rows.find((row) => row.ref === wanted)?.oid;
  if (!baseCommit) throw noBase(base, head);
  const taken = new Set<SessionId>();
  for (const { ref } of rows) {
    const id = ref.startsWith('refs/heads/')
      ? idOfBranch(ref.slice('refs/heads/'.length), prefix)
      : idOfBranch(ref.replace('refs/tags/backup/session-', prefix), prefix);
    if (id) taken.add(id);
  }
  return { baseCommit, taken };
}

/** `refs/heads/a`, `refs/heads/a/b` of the prefix `a/b/`: none of them may be a branch. */
function prefixFolders(prefix: string): string[] {
  const parts = prefix.split('/').slice(0, -1);
  return parts.map((_, i) => `refs/heads/${parts.slice(0, i + 1).join('/')}`);
}

function noBase(base: string, head: string | null) {
  const name = oneLine(base, 120);
  if (base === head) {
    return stateError({
      what: `The branch ${name} has no commit yet.`,
      why: 'A session starts from a commit and lands on it.',
      next: 'Make the first commit, then start the session.',
    });
  }
  return stateError({
    what: `There is no branch "${name}" in this clone.`,
    why: 'A session lands on its base, so that must be a local branch.',
    next: 'See the branches with: git branch --list',
  });
}

/** Whether base is set up; refuses a base that holds a file where sessions need a folder. */
async function treeFacts(repo: Repo, base: string, commit: string): Promise<boolean> {
  const folders = ['sessions', '.swarm', '.swarm/log'];
  const found = await statMany(
    repo,
    [...folders, '.sessionrc.yaml'].map((path) => `${commit}:${path}`),
  );
  const blocked = folders.find((_, i) => found[i] && found[i]?.type !== 'tree');
  if (blocked) {
    throw stateError({
      what: `${oneLine(base, 120)} holds a file called "${blocked}", where sessions need a folder.`,
      next: `Give that file another name first: git mv ${blocked} ${blocked}-file`,
    });
  }
  return found[folders.length]?.type === 'blob';
}

function refuseReadOnly(repo: Repo): void {
  try {
    for (const dir of ['.', 'objects', 'refs/heads']) accessSync(join(repo.commonDir, dir), constants.W_OK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return;
    throw stateError(
      {
        what: 'This repository cannot be written.',
        why: code === 'EROFS' ? 'The file system is read-only.' : `Permission was denied (${repo.commonDir}).`,
        next: 'Use a copy that you may write, or ask its owner.',
      },
      error,
    );
  }
}

/** The id and branch of this topic, at the first second from `at` on that no session has. */
export function freeName(plan: Pick<StartPlan, 'topic' | 'taken' | 'prefix'>, at: Date): { id: SessionId; branch: string } {
  for (let second = 0; ; second++) {
    const id = makeSessionId(plan.topic, new Date(at.getTime() + second * 1000));
    if (!plan.taken.has(id)) return { id, branch: branchOf(id, plan.prefix) };
  }
}
