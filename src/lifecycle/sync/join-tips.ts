/** Two clones' branches of one session as one commit, made as an object; no ref moves. */

import { stateError } from '../../core/errors.ts';
import { joinOpen, joinSealed, type LogFiles } from '../../core/log/join-logs.ts';
import { isMemory } from '../../core/log/record.ts';
import { parseMetadata, type SessionMetadata, sessionPaths } from '../../core/session/metadata.ts';
import { fileJson } from '../../core/text/json.ts';
import { count, oneLine } from '../../core/text/text.ts';
import { mergeBase } from '../../git/ancestry.ts';
import { scratchCommit } from '../../git/checkout-tree.ts';
import { commitTree } from '../../git/commit-tree.ts';
import { mergeTree } from '../../git/merge-tree.ts';
import { diffTrees, editTree, type TreeEdit } from '../../git/objects.ts';
import { firstParentChanges } from '../../git/path-history.ts';
import type { Repo } from '../../git/run.ts';
import { writeBlobs } from '../../git/write-blobs.ts';
import { eventMessage } from '../checkpoint/event-commit.ts';
import { logAt } from '../session/records.ts';
import type { Session } from '../session/session.ts';

export interface Joined {
  commit: string;
  /** The session was sealed on one side, and what the other did since makes it active again. */
  unsealed: boolean;
  /** Records that only they had. */
  records: number;
}

/** Throws (exit 1) where both changed a file in different ways, or the branches share no commit. */
export async function joinTips(repo: Repo, session: Session, theirs: string, name: string, now: Date): Promise<Joined> {
  const ours = session.tip;
  const fork = await mergeBase(repo, ours, theirs);
  if (!fork) throw stateError({ what: `${oneLine(name, 120)} is another session's: it shares no commit with ${session.branch}.` });
  const [forked, own, other] = await Promise.all([fork, ours, theirs].map((commit) => sideOf(repo, session, commit)));
  if (!forked || !own || !other) throw new TypeError('three sides');
  const sealed = own.sealed === other.sealed ? null : own.sealed ? 'ours' : 'theirs';
  const open = sealed === 'ours' ? other : own;
  const unsealed = sealed !== null && (await wentOn(repo, session, fork, open));
  const files = await logOf(repo, session, { fork: forked, own, other, sealed, unsealed });
  const metadata = unsealed ? open.metadata : sealed === 'theirs' || own.metadata.status === 'abandoned' ? other.metadata : own.metadata;
  const edits = await settled(repo, session, [forked, own, other], files, metadata);
  const tree = await merged(repo, session, [fork, ours, theirs], edits, name);
  const commit = await commitTree(repo, {
    tree,
    parents: [ours, theirs],
    message: eventMessage(`bring ${session.metadata.topic} together`, session.id, 'sync'),
    date: now.toISOString(),
  });
  const known = new Set(own.records.map((record) => record.id));
  return { commit, unsealed, records: other.records.filter((record) => !known.has(record.id)).length };
}

/** The log as both know it. Where the seal is void, what it had left out of the log is in it again. */
async function logOf(
  repo: Repo,
  { id }: Session,
  { fork, own, other, sealed, unsealed }: { fork: Side; own: Side; other: Side; sealed: 'ours' | 'theirs' | null; unsealed: boolean },
): Promise<LogFiles> {
  if (sealed === null) return joinOpen(own.files, other.files);
  const [kept, open] = sealed === 'ours' ? [own, other] : [other, own];
  if (!unsealed) return joinSealed(id, fork.files, kept.files, open.files);
  const [seal] = await firstParentChanges(repo, kept.commit, [sessionPaths(id).metadata], [fork.commit]);
  const before = seal ? (await logAt(repo, `${seal.commit}^`, id)).files : [];
  const whole = new Map(before.map(({ path, text }) => [path, text]));
  return joinSealed(id, new Map(), kept.files, joinOpen(whole, open.files));
}

async function sideOf(repo: Repo, session: Session, commit: string) {
  const { files, parsed, metadata, values } = await logAt(repo, commit, session.id);
  const read = parseMetadata(metadata ?? '') ?? session.metadata;
  const texts: LogFiles = new Map(files.map(({ path, text }) => [path, text]));
  return {
    commit,
    files: texts,
    paths: [...texts.keys(), ...values],
    records: parsed.records,
    metadata: read,
    sealed: read.status === 'closed',
  };
}

type Side = Awaited<ReturnType<typeof sideOf>>;

/** True where a side changed more since the fork than a seal bears: files outside the log, or memory. */
async function wentOn(repo: Repo, { id }: Session, fork: string, { commit, records }: Side): Promise<boolean> {
  const changes = await diffTrees(repo, fork, commit);
  if (changes.some(({ path }) => !path.startsWith(`${sessionPaths(id).log}/`))) return true;
  const before = new Set((await logAt(repo, fork, id)).parsed.records.map((record) => record.id));
  return records.some((record) => isMemory(record.kind) && !before.has(record.id));
}

/** Log and metadata as they will be: put into all three trees, so that git has nothing to merge there. Values of either side stay. */
async function settled(
  repo: Repo,
  { id }: Session,
  sides: readonly Side[],
  files: ReadonlyMap<string, string>,
  metadata: SessionMetadata,
): Promise<TreeEdit[]> {
  const texts = [[sessionPaths(id).metadata, fileJson(metadata)] as const, ...files];
  const oids = await writeBlobs(
    repo,
    texts.map(([, text]) => text),
  );
  const gone = new Set(sides.flatMap((side) => [...side.files.keys()]).filter((path) => !files.has(path)));
  return [...texts.map(([path], n) => ({ path, oid: oids[n] ?? null })), ...[...gone].map((path) => ({ path, oid: null }))];
}

async function merged(repo: Repo, { id }: Session, commits: string[], edits: TreeEdit[], name: string): Promise<string> {
  const trees: string[] = [];
  for (const commit of commits) trees.push(await editTree(repo, commit, edits));
  const [fork = '', ours = '', theirs = ''] = trees;
  const root = await scratchCommit(repo, fork, []);
  const [left, right] = await Promise.all([scratchCommit(repo, ours, [root]), scratchCommit(repo, theirs, [root])]);
  const result = await mergeTree(repo, left, right);
  if ('tree' in result) return result.tree;
  const paths = result.conflicts.map((path) => oneLine(path));
  throw stateError({
    what: `${count(paths.length, 'file')} changed on both sides, so nothing was brought together.`,
    why: paths.slice(0, 20).join('\n'),
    next:
      `Make ${paths.length === 1 ? 'it' : 'them'} alike first: commit here what ${oneLine(name, 120)} has, or what both should have, and run the same command again.\n` +
      `See theirs with: git diff HEAD ${oneLine(name, 120)} -- ${paths[0]?.startsWith('sessions/') ? `sessions/${id}` : '.'}`,
  });
}
