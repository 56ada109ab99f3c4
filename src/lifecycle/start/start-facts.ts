/** What a start asks of refs, base's tree and the file system, with the refusals that follow from the answers. Reads only. */

import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { type SessionError, stateError } from '../../core/errors.ts';
import { idOfBranch, idParts, makeSessionId, type SessionId } from '../../core/session/session-id.ts';
import { oneLine, visible } from '../../core/text/text.ts';
import { statMany } from '../../git/batch.ts';
import { readWorktrees } from '../../git/porcelain.ts';
import { listRefs } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { modesAt, SUBMODULE } from '../../git/tree-links.ts';

interface RefQuestion {
  base: string;
  head: string | null;
  prefix: string;
  topic: string;
  now: Date;
}

/** Base's commit, the ids in use, and open sessions of the topic; refuses a base that is none, and a branch in the way of session branches. */
export async function refFacts(repo: Repo, { base, head, prefix, topic, now }: RefQuestion) {
  const wanted = `refs/heads/${base}`;
  const folders = prefixFolders(prefix);
  // Patterns: the folders' own names without what lies below them, and the sessions of this minute or topic only, however many there are.
  const minute = makeSessionId('x', now).slice('session-'.length, 'session-YYYYMMDD-HHMM'.length);
  const patterns = [...folders.map((ref) => `${ref.slice(0, -1)}[${ref.at(-1)}]`), `refs/heads/${prefix}${minute}*`];
  const ofTopic = `refs/heads/${prefix}*-${topic}`;
  const tags = [`refs/tags/backup/session-${minute}*`, `refs/tags/backup/session-*-${topic}`];
  const rows = await listRefs(repo, [wanted, ...patterns, ofTopic, ...tags]);
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
  const sameTopic: SessionId[] = [];
  const landed = new Set<SessionId>();
  for (const { ref } of rows) {
    const isOpen = ref.startsWith('refs/heads/');
    const id = idOfBranch(isOpen ? ref.slice('refs/heads/'.length) : ref.replace('refs/tags/backup/session-', prefix), prefix);
    if (id) taken.add(id);
    if (id && !isOpen) landed.add(id);
    if (id && isOpen && idParts(id).topic === topic) sameTopic.push(id);
  }
  // Some branches stay when their session has landed.
  return { baseCommit, taken, sameTopic: sameTopic.filter((id) => !landed.has(id)) };
}

/** `refs/heads/a`, `refs/heads/a/b` of the prefix `a/b/`: none of them may be a branch. */
function prefixFolders(prefix: string): string[] {
  const parts = prefix.split('/').slice(0, -1);
  return parts.map((_, i) => `refs/heads/${parts.slice(0, i + 1).join('/')}`);
}

/** For a detached HEAD: where the branches are that a session could start from, since git gives each to one checkout alone. */
export async function noBranch(repo: Repo, prefix: string): Promise<SessionError> {
  const rows = (await readWorktrees(repo)).flatMap(({ branch, path }) => (branch && !idOfBranch(branch, prefix) ? [{ branch, path }] : []));
  const where = rows.slice(0, 3).map(({ branch, path }) => `${oneLine(branch, 120)} is checked out in ${visible(path)}.`);
  return stateError({
    what: 'HEAD is detached: there is no branch to start from.',
    ...(where.length > 0 ? { why: where.join('\n') } : {}),
    next: `Name one with --base ${rows.length === 1 ? oneLine(rows[0]?.branch ?? '', 120) : '<branch>'}.`,
  });
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

/** Whether base holds logs of other sessions. Refuses (exit 1) a base that holds a file or a submodule where sessions need a folder. */
export async function hasLogs(repo: Repo, base: string, commit: string): Promise<boolean> {
  const folders = ['sessions', '.swarm', '.swarm/log'];
  const found = await statMany(
    repo,
    [...folders, '.gitmodules'].map((path) => `${commit}:${path}`),
  );
  const blocked = folders.find((_, i) => found[i] && found[i]?.type !== 'tree');
  if (blocked) throw noFolder(base, blocked, found[folders.indexOf(blocked)]?.type === 'commit' ? 'submodule' : 'file');
  // A submodule's commit is seldom one of this repository's objects.
  const modes = found[folders.length] ? await modesAt(repo, commit, folders) : new Map<string, string>();
  const module = folders.find((path) => modes.get(path) === SUBMODULE);
  if (module) throw noFolder(base, module, 'submodule');
  return Boolean(found[folders.indexOf('.swarm/log')]);
}

function noFolder(base: string, path: string, kind: 'file' | 'submodule'): SessionError {
  return stateError({
    what: `${oneLine(base, 120)} holds a ${kind} called "${path}", where sessions need a folder.`,
    next: `Give that ${kind} another name first: git mv ${path} ${path}-${kind}`,
  });
}

/** Refuses (exit 1) a repository that this user cannot write. */
export function refuseReadOnly(repo: Repo): void {
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
