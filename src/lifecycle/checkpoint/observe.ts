/** The next command's catch-up: what plain `git commit`s of a session did, as records, where no hook has reported it. */

import { createHash } from 'node:crypto';
import { type Actor, type AnyRecord, type RecordDraft, TOOL } from '../../core/log/record.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { foldTasks } from '../../core/session/tasks.ts';
import { parseTrailers } from '../../core/session/trailers.ts';
import { oneLine } from '../../core/text/text.ts';
import { statMany } from '../../git/batch.ts';
import { changesOf } from '../../git/commit-changes.ts';
import { type Change, type CommitInfo, listCommits } from '../../git/objects.ts';
import { listRefs } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { appendRecord } from '../../store/journal.ts';
import { noteObserved, observedTip } from '../../store/observed.ts';
import { dropNotes, resumedNotes } from '../../store/resumed.ts';
import { sessionRecords } from '../session/records.ts';
import type { Session } from '../session/session.ts';
import { isGenerated } from './file-gate.ts';

/** A record still to be written: its id says which commit it comes from, so that two processes observing at once write the same one. */
interface Observed {
  id: string;
  ms: number;
  draft: RecordDraft;
}

/**
 * Records what the session's own commits since the last look show: a task that is named for the first time, a file whose content no record
 * knows, the end of a task. Merges are others' work and give nothing. Returns the new records.
 */
export async function observeCommits(repo: Repo, session: Session): Promise<AnyRecord[]> {
  if (!session.ref.startsWith('refs/heads/')) return [];
  const resumed = await observeResumed(repo, session);
  return [...resumed, ...(await observeNew(repo, session))];
}

/** `git session start` checks its branch out itself, at most this long after its first record. */
const START_MS = 60_000;

/** What `post-checkout` noted, as records. The note of the start itself is none. */
async function observeResumed(repo: Repo, session: Session): Promise<AnyRecord[]> {
  const notes = resumedNotes(repo.commonDir, session.id);
  if (notes.length === 0) return [];
  const { records } = await sessionRecords(repo, session);
  const started = records.find((record) => record.kind === 'session.started');
  const base = started?.kind === 'session.started' ? started.data.base_commit : null;
  const known = new Set(records.map((record) => record.id));
  const found = notes.flatMap(({ ms, from, to }, n) => {
    if (n === 0 && started && ms - Date.parse(started.at) < START_MS && (from === null || from === base)) return [];
    const id = observedId(ms, 'r', to, `${from}`);
    const draft: RecordDraft = { kind: 'session.resumed', actor: TOOL, data: { from } };
    return known.has(id) ? [] : [appendRecord(repo.commonDir, session.id, draft, { id, ms }) as AnyRecord];
  });
  dropNotes(notes);
  return found;
}

async function observeNew(repo: Repo, session: Session): Promise<AnyRecord[]> {
  const last = observedTip(repo.commonDir, session.id);
  if (last === session.tip) return [];
  const { records } = await sessionRecords(repo, session);
  const commits = await ownCommits(repo, session, last, records);
  const changes = await changesOf(
    repo,
    commits.map((commit) => commit.oid),
  );
  const found = observations(session.id, commits, changes, records).map(
    ({ id, ms, draft }) => appendRecord(repo.commonDir, session.id, draft, { id, ms }) as AnyRecord,
  );
  noteObserved(repo.commonDir, session.id, session.tip);
  return found;
}

/** The session's commits that were not looked at yet, oldest first: neither base's, as known here or at the remotes, nor merges. */
async function ownCommits(repo: Repo, session: Session, last: string | null, records: readonly AnyRecord[]): Promise<CommitInfo[]> {
  const { base } = session.metadata;
  const started = records.find((record) => record.kind === 'session.started');
  const from = started?.kind === 'session.started' ? started.data.base_commit : null;
  const names = [last, from].map((oid) => (oid && /^[0-9a-f]{40,64}$/.test(oid) ? oid : ''));
  const [refs, there] = await Promise.all([listRefs(repo, [`refs/heads/${base}`, 'refs/remotes/']), statMany(repo, names)]);
  const bases = refs.filter(({ ref }) => ref === `refs/heads/${base}` || /^refs\/remotes\/[^/]+\/(.+)$/.exec(ref)?.[1] === base);
  const without = [...bases.map((row) => row.oid), ...there.flatMap((object) => (object?.type === 'commit' ? [object.oid] : []))];
  const commits = await listCommits(repo, [session.tip, ...without.map((oid) => `^${oid}`)]);
  return commits.filter((commit) => commit.parents.length < 2).reverse();
}

/** What the commits show that the records do not know. Pure but for the digest. */
function observations(
  id: SessionId,
  commits: readonly CommitInfo[],
  changes: ReadonlyMap<string, readonly Change[]>,
  records: readonly AnyRecord[],
): Observed[] {
  const ids = new Set(records.map((record) => record.id));
  const open = new Map(foldTasks(records).map((task) => [task.task, task.status === 'open']));
  const edits = new Set(records.flatMap((r) => (r.kind === 'file.edited' ? [`${r.data.blob} ${r.data.path}`] : [])));
  const found: Observed[] = [];
  let ms = Math.max(0, ...records.flatMap((r) => (isAnchor(r) ? [Date.parse(r.at)] : [])));
  for (const commit of commits) {
    const moment = Date.parse(commit.committerDate);
    // git counts whole seconds: commits of one second stay in their order, and after the session's start.
    ms = Math.max(moment, ms + 1);
    const said = parseTrailers(commit.message);
    const value = (key: string) => (said.get(key) ?? []).map((text) => oneLine(text)).filter(Boolean);
    const tasks = value('Session-Task');
    const agent = value('Session-Agent')[0] ?? null;
    const actor: Actor = agent ? { kind: 'agent', name: agent } : { kind: 'person', name: oneLine(commit.authorName) || 'unknown' };
    const at = ms;
    const add = (order: string, what: string, draft: RecordDraft) => {
      const record = observedId(moment, order, commit.oid, what);
      if (!ids.has(record)) found.push({ id: record, ms: at, draft });
    };
    for (const task of tasks) {
      if (open.has(task)) continue;
      open.set(task, true);
      const description = oneLine(commit.message.split('\n')[0] ?? '') || null;
      add('a', task, { kind: 'task.started', actor, data: { task, description, agent_type: agent } });
    }
    for (const [n, { path, status, newOid, newMode }] of (changes.get(commit.oid) ?? []).entries()) {
      const blob = status === 'D' ? null : newOid;
      const key = `${blob} ${path}`;
      if (edits.has(key) || newMode === '160000' || path.startsWith(`${sessionPaths(id).log}/`) || isOurs(path, id)) continue;
      edits.add(key);
      const data = { path, blob, task: tasks[0] ?? null, via: 'commit' as const, commit: commit.oid };
      add(`b${n.toString(36).padStart(4, '0')}`, path, { kind: 'file.edited', actor, data });
    }
    if (!value('Session-Event').includes('task-done')) continue;
    for (const task of tasks) {
      if (open.get(task) !== true) continue;
      open.set(task, false);
      add('c', task, { kind: 'task.finished', actor, data: { task, status: 'completed' } });
    }
  }
  return found;
}

/** Records that come before anything observed now. */
function isAnchor({ kind, data }: AnyRecord): boolean {
  return kind === 'session.started' || (kind === 'file.edited' && data.via === 'commit');
}

/** What git-session itself writes is no work of an agent. */
function isOurs(path: string, id: SessionId): boolean {
  return path.startsWith('.swarm/backups/') || isGenerated(path, id);
}

/** Sortable among the ids of `makeRecordId`; a task's start sorts before its edits, these in the order of their paths, and its end last. */
function observedId(ms: number, order: string, commit: string, what: string): string {
  const digest = createHash('sha256').update(`${commit}\0${order}\0${what}`).digest('hex').slice(0, 24);
  return `${Math.max(0, ms).toString(36).padStart(9, '0')}.${order}.${digest}`;
}
