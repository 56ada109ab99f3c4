/** What there is to tell about one session, gathered from refs, trees and records. Reads only. */

import type { AnyRecord } from '../../core/log/record.ts';
import { foldMemory, type MemoryEntry } from '../../core/memory/memory.ts';
import type { SessionState } from '../../core/session/metadata.ts';
import { foldTasks, type Task } from '../../core/session/tasks.ts';
import { aheadBehind, upstreamOf } from '../../git/ancestry.ts';
import { type Change, changesSinceFork } from '../../git/objects.ts';
import { firstParentChanges } from '../../git/path-history.ts';
import { commitOf } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { type Artifact, listArtifacts } from '../files/artifacts.ts';
import { type RecordSet, sessionRecords } from './records.ts';
import { isLandedOnly, type Session } from './session.ts';
import { deriveState } from './state.ts';

/** How base stands to the session; nulls where base is not in this clone, or shares nothing with it. */
export interface BaseFacts {
  name: string;
  commit: string | null;
  /** Commits of the session that base has not, and the other way round. */
  ahead: number | null;
  behind: number | null;
}

export interface Overview {
  state: SessionState;
  base: BaseFacts;
  tasks: Task[];
  artifacts: Artifact[];
  /** Changes outside `sessions/` and `.swarm/` since the session left base; null where that cannot be told. */
  workspace: Change[] | null;
  /** Live entries of the session's own records. */
  memory: MemoryEntry[];
  records: RecordSet;
}

export async function overviewOf(repo: Repo, session: Session, now: Date): Promise<Overview> {
  const [records, base, artifacts] = await Promise.all([
    sessionRecords(repo, session),
    baseFacts(repo, session),
    listArtifacts(repo, session.id, session.tip),
  ]);
  const [state, workspace] = await Promise.all([
    deriveState(repo, session, records.records),
    workspaceChanges(repo, session, base, records.records),
  ]);
  return {
    state,
    base,
    tasks: foldTasks(records.records),
    artifacts,
    workspace,
    memory: foldMemory(records.records, now.getTime()),
    records,
  };
}

async function baseFacts(repo: Repo, session: Session): Promise<BaseFacts> {
  const name = session.metadata.base;
  const commit = await commitOf(repo, `refs/heads/${name}`);
  const counts = commit ? await aheadBehind(repo, session.tip, commit) : null;
  return { name, commit, ahead: counts?.ahead ?? null, behind: counts?.behind ?? null };
}

/** Against base as it is now; after landing, and where base is gone, against the commit that the session started from. */
async function workspaceChanges(repo: Repo, session: Session, base: BaseFacts, records: readonly AnyRecord[]): Promise<Change[] | null> {
  // Read from a branch that it landed on, its own commits are not known here.
  if (isLandedOnly(session)) return null;
  const started = records.find((record) => record.kind === 'session.started');
  const origin = started?.kind === 'session.started' ? started.data.base_commit : '';
  const from = base.commit && base.ahead !== 0 ? base.commit : /^[0-9a-f]{40,64}$/.test(origin) ? await commitOf(repo, origin) : null;
  if (!from) return null;
  const changes = await changesSinceFork(repo, from, session.tip);
  return changes?.filter(({ path }) => !path.startsWith('sessions/') && !path.startsWith('.swarm/')) ?? null;
}

/** Ids of sessions that landed on a branch and are not on its upstream as last fetched, newest first; empty without an upstream. */
export async function unpushedLandings(repo: Repo, branch: string): Promise<string[]> {
  const upstream = await upstreamOf(repo, branch);
  if (!upstream?.commit) return [];
  const arrived = await firstParentChanges(repo, `refs/heads/${branch}`, ['sessions/*/metadata.json'], [upstream.commit]);
  return [...new Set(arrived.flatMap((change) => (change.after ? (change.path.split('/')[1] ?? []) : [])))];
}
