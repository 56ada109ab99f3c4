/** Sessions started in-process: as fast as the git that it takes. */

import type { RecordDraft } from '../../src/core/log/record.ts';
import type { SessionId } from '../../src/core/session/session-id.ts';
import { loadSession, type Session } from '../../src/lifecycle/session/session.ts';
import { runStart } from '../../src/lifecycle/start/start.ts';
import { planStart, type StartRequest } from '../../src/lifecycle/start/start-plan.ts';
import { appendRecord } from '../../src/store/journal.ts';
import type { TestRepo } from './repo.ts';

const PERSON = { kind: 'person', name: 'dana' } as const;

/** A session started in the repository, checked out there unless a worktree is asked for. */
export async function startSession(repo: TestRepo, topic: string, request: Partial<StartRequest> = {}, at = new Date()): Promise<Session> {
  const opened = await repo.open();
  const plan = await planStart(opened, { topic, actor: PERSON, ...request }, at);
  return reload(repo, { id: (await runStart(opened, plan, at)).id });
}

/** The session as it stands now. */
export async function reload(repo: TestRepo, { id }: Pick<Session, 'id'>): Promise<Session> {
  const session = await loadSession(await repo.open(), id);
  if (!session) throw new Error(`no session ${id}`);
  return session;
}

/** A record in the session's journal; `ms` its time since the epoch. */
export async function record(repo: TestRepo, { id }: { id: string }, draft: Omit<RecordDraft, 'actor'>, ms?: number): Promise<void> {
  const { commonDir } = await repo.open();
  const full = { actor: { kind: 'subagent', name: 'backend-dev', id: 'a1' }, ...draft } as RecordDraft;
  appendRecord(commonDir, id as SessionId, full, ms === undefined ? undefined : { id: `test${ms}.${Math.random()}`, ms });
}
