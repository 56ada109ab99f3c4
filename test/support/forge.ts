/** Landed sessions made wrong on purpose: every object built anew, signed with whatever key, and put where the right ones were. */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import type { Manifest } from '../../src/core/closeout/manifest.ts';
import { manifestText, parseTagMessage } from '../../src/core/closeout/manifest-text.ts';
import { sessionPaths } from '../../src/core/session/metadata.ts';
import { mergeTree } from '../../src/git/merge-tree.ts';
import { editTree, writeBlob } from '../../src/git/objects.ts';
import { patchId } from '../../src/git/patch-id.ts';
import type { LandedSession } from './landed.ts';
import type { TestRepo } from './repo.ts';

export interface Forgery {
  /** Private key that signs tag and merge; null: unsigned. */
  key: string | null;
  /** Files of the seal: new text by path, null deletes. Digests and trees of the manifest follow. */
  seal?: Record<string, string | null>;
  /** Another commit to land on; trees and patch id of the manifest follow. */
  base?: string;
  /** Changes the manifest last. */
  manifest?: (manifest: Manifest) => void;
  /** Changes the merge commit's message last. */
  message?: (message: string) => string;
  /** Who signs the tag but not the merge, or the other way round. */
  mergeKey?: string | null;
  /** The branch that the merge goes to. */
  branch?: string;
  date?: string;
}

/** The manifest that was signed when the session landed. */
export function manifestOf(repo: TestRepo, session: Pick<LandedSession, 'tagOid'>): Manifest {
  const text = repo.git('cat-file', 'tag', session.tagOid);
  const parsed = parseTagMessage(text.slice(text.indexOf('\n\n') + 2));
  if (!parsed) throw new Error('no manifest');
  return parsed.manifest;
}

/** Replaces the landing of a session by a forged one; returns the merge. */
export async function forge(repo: TestRepo, session: LandedSession, forgery: Forgery): Promise<LandedSession> {
  const open = await repo.open();
  const manifest = structuredClone(manifestOf(repo, session));
  let { seal } = session;
  if (forgery.seal) {
    const edits = await Promise.all(
      Object.entries(forgery.seal).map(async ([path, text]) => ({ path, oid: text === null ? null : await writeBlob(open, text) })),
    );
    const tree = await editTree(open, session.seal, edits);
    seal = repo.git('commit-tree', '-p', manifest.tip, '-m', 'seal', tree);
    for (const [path, text] of Object.entries(forgery.seal)) {
      if (!(path in manifest.files) && !path.startsWith('.swarm/') && !path.startsWith(`sessions/${session.id}/`)) continue;
      if (text === null) delete manifest.files[path];
      else manifest.files[path] = sha256(text);
    }
  }
  if (forgery.base) manifest.base = forgery.base;
  const merged = async (theirs: string) => {
    const result = await mergeTree(open, manifest.base, theirs);
    if ('conflicts' in result) throw new Error('conflict');
    return result.tree;
  };
  Object.assign(manifest, { seal, checked_tree: await merged(manifest.tip), landed_tree: await merged(seal) });
  for (const check of manifest.checks) check.tree = manifest.checked_tree;
  manifest.patch_id = await patchId(open, manifest.base, manifest.checked_tree);
  const subject = repo.git('log', '-1', '--format=%B', session.merge);
  forgery.manifest?.(manifest);
  const backup = sessionPaths(session.id).backup;
  let message = subject
    .replace(/^(Session-Manifest: sha256:).*$/m, `$1${sha256(manifestText(manifest))}`)
    .replace(/^(Session-Approved-By: ).*$/m, `$1${manifest.approver.principal}`)
    .replace(/^(Session-Backup: \S+ sha256:).*$/m, `$1${manifest.files[backup] ?? ''}`);
  message = forgery.message?.(message) ?? message;
  const mergeKey = forgery.mergeKey === undefined ? forgery.key : forgery.mergeKey;
  const env = forgery.date ? { GIT_COMMITTER_DATE: forgery.date, GIT_AUTHOR_DATE: forgery.date } : {};
  const merge = sign(
    repo,
    mergeKey,
    ['commit-tree', '-p', manifest.base, '-p', seal, '-F', '-', manifest.landed_tree],
    '-S',
    `${message}\n`,
    env,
  );
  const name = session.tag.slice('refs/tags/'.length);
  repo.git('update-ref', '-d', session.tag);
  sign(
    repo,
    forgery.key,
    ['tag', '--cleanup=verbatim', '-F', '-', ...(forgery.key ? [] : ['-a']), name, seal],
    '-s',
    `Backup of ${session.id}\n\n${manifestText(manifest)}`,
    env,
  );
  repo.git('update-ref', `refs/heads/${forgery.branch ?? 'main'}`, merge);
  repo.git('reset', '-q', '--hard');
  return { ...session, seal, merge };
}

function sign(
  repo: TestRepo,
  key: string | null,
  [verb = '', ...args]: string[],
  flag: string,
  input: string,
  env: Record<string, string>,
): string {
  const config = key ? ['-c', 'gpg.format=ssh', '-c', `user.signingKey=${key}`] : ['-c', 'tag.gpgSign=false'];
  const options = { cwd: repo.dir, input, encoding: 'utf8' as const, env: { ...process.env, ...env } };
  return execFileSync('git', [...config, verb, ...(key ? [flag] : []), ...args], options).trim();
}

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
