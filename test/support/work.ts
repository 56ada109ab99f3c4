/** A session in a test repository, and what agents do in it, in-process. */

import { execFileSync } from 'node:child_process';
import { lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Actor } from '../../src/core/log/record.ts';
import type { SessionId } from '../../src/core/session/session-id.ts';
import { repoAt } from '../../src/git/repo.ts';
import type { Repo } from '../../src/git/run.ts';
import { loadSession, type Session } from '../../src/lifecycle/session/session.ts';
import { runStart } from '../../src/lifecycle/start/start.ts';
import { planStart } from '../../src/lifecycle/start/start-plan.ts';
import { appendRecord } from '../../src/store/journal.ts';
import type { TestRepo } from './repo.ts';

export const DEV: Actor = { kind: 'agent', name: 'backend-dev' };

export interface Work {
  /** The repository as the session's worktree sees it. */
  repo: Repo;
  id: SessionId;
  /** Full ref of the session branch. */
  ref: string;
  /** The session as it is now. */
  now(): Promise<Session>;
  /** A task that starts. */
  begin(task: string, description?: string): void;
  /** A file that an agent has edited; content null: deleted. Its blob is recorded as git sees it. */
  edited(task: string | null, path: string): void;
  /** A task that ends. */
  end(task: string): void;
}

/** Starts a session in the repository's checkout, or in a linked worktree. */
export async function startWork(at: TestRepo, topic = 'auth-system', worktree?: string): Promise<Work> {
  const opened = await at.open();
  const started = await runStart(opened, await planStart(opened, { topic, worktree, actor: DEV }, new Date()), new Date());
  const repo = worktree === undefined ? opened : repoAt(opened, started.top);
  return workOf(at, repo, started.id, started.branch);
}

export function workOf(at: TestRepo, repo: Repo, id: SessionId, branch: string): Work {
  const hash = (path: string) => {
    try {
      const full = join(repo.top, path);
      if (lstatSync(full).isSymbolicLink()) return writeLink(repo.top, readlinkSync(full));
      return at.git('-C', repo.top, 'hash-object', '--', path);
    } catch {
      return null;
    }
  };
  return {
    repo,
    id,
    ref: `refs/heads/${branch}`,
    now: async () => {
      const session = await loadSession(repo, id);
      if (!session) throw new Error(`no session ${id}`);
      return session;
    },
    begin: (task, description = `Do ${task}`) => {
      const data = { task, description, agent_type: 'backend-dev' };
      appendRecord(repo.commonDir, id, { kind: 'task.started', actor: DEV, data });
    },
    edited: (task, path) => {
      const data = { path, blob: hash(path), task, via: 'hook' as const };
      appendRecord(repo.commonDir, id, { kind: 'file.edited', actor: DEV, data });
    },
    end: (task) => {
      appendRecord(repo.commonDir, id, { kind: 'task.finished', actor: DEV, data: { task, status: 'completed' } });
    },
  };
}

const writeLink = (cwd: string, target: string) =>
  execFileSync('git', ['hash-object', '--stdin'], { cwd, input: target, encoding: 'utf8' }).trim();
