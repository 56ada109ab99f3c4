/** What there is to tell about the session of a checkout: the facts of `status`, shaped as its schema says. */

import { openRejection, reasonFacts } from '../../core/session/reason.ts';
import type { Task } from '../../core/session/tasks.ts';
import { readStatus, type StatusRow } from '../../git/porcelain.ts';
import { commitOf, currentBranch } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { operationInProgress } from '../../git/switch.ts';
import { readOrNull } from '../../store/files.ts';
import { privatePaths } from '../../store/paths.ts';
import { queuedIds } from '../../store/queue.ts';
import { isInUse } from '../../store/set-up.ts';
import { isDraft } from '../checkpoint/file-gate.ts';
import { hookState } from '../hooks/install.ts';
import type { PolicyNow } from '../policy-now.ts';
import { openSessions } from './list-sessions.ts';
import { nextStep } from './next-step.ts';
import { overviewOf, unpushedLandings } from './overview.ts';
import type { Session } from './session.ts';
import { sessionFacts } from './session-facts.ts';
import { uncommittedOf } from './uncommitted.ts';

export type StatusFacts = Awaited<ReturnType<typeof statusFacts>>;

/** What `status` tells; `session` null outside of one. `notes` are sentences that came up on the way; `reading` is git's status where it was begun already. */
export async function statusFacts(
  repo: Repo,
  session: Session | null,
  { initialised, local }: Pick<PolicyNow, 'initialised' | 'local'>,
  notes: string[],
  now: Date,
  reading: Promise<StatusRow[]> = readStatus(repo),
) {
  const branch = session?.metadata.base ?? (await currentBranch(repo));
  const [hooks, rows, operation, unpushed, overview, open] = await Promise.all([
    hookState(repo),
    reading,
    operationInProgress(repo),
    branch ? unpushedLandings(repo, branch) : [],
    session ? overviewOf(repo, session, now) : null,
    session ? [] : openSessions(repo),
  ]);
  const work = rows.filter((row) => !isDraft(row.path));
  const uncommitted = work.map((row) => ({ path: row.path, how: howOf(row) }));
  const rejection = openRejection(overview?.records.records ?? []);
  const tasks = overview?.tasks ?? [];
  const next =
    session && overview
      ? nextStep({
          state: overview.state,
          initialised,
          operation,
          openTasks: tasks.filter((task) => task.status === 'open').map((task) => task.task),
          commits: overview.base.ahead,
          uncommitted: await uncommittedOf(repo, session, work, overview.records.records),
          behind: overview.base.behind,
          sentBack: rejection !== null,
        })
      : open.length > 0
        ? 'Check one out with: git session switch <id>, or start another: git session start <topic>'
        : (await commitOf(repo, 'HEAD')) === null && branch !== null
          ? `Make the first commit: ${branch} has none yet, and a session starts from one. Then: git session start <topic>`
          : !initialised
            ? 'Set this repository up with: git session init. Then: git session start <topic>'
            : isInUse(repo.commonDir)
              ? 'Start a session with: git session start <topic>'
              : 'Set this clone up with: git session init. Then: git session start <topic>';
  return {
    session: session && overview ? sessionFacts(session, overview.state) : null,
    base: overview?.base ?? null,
    tasks: tasks.map(taskFacts),
    artifacts: (overview?.artifacts ?? []).map(({ kind, path, size }) => ({ kind, path, size })),
    workspace_changes: overview ? (overview.workspace?.map(({ status, path }) => ({ status, path })) ?? null) : [],
    uncommitted,
    queued_checkpoints: queuedIds(repo.commonDir).length,
    memory_entries: overview?.memory.length ?? 0,
    records: {
      total: overview?.records.records.length ?? 0,
      bad: overview?.records.bad ?? 0,
      unknown: overview?.records.unknown ?? 0,
      // After the landing its own log says what was to stay.
      uncommitted: session?.metadata.status === 'active' ? (overview?.records.uncommitted ?? 0) : 0,
    },
    rejection: rejection && { at: rejection.at, reasons: rejection.reasons.map(reasonFacts) },
    hooks,
    initialised,
    local_policy: local,
    unpushed_landings: unpushed,
    awaiting: (readOrNull(privatePaths(repo.commonDir).awaiting) ?? '').split('\n').filter(Boolean),
    open_sessions: open.map((row) => sessionFacts(row.session, row.state)),
    notes,
    next,
  };
}

/** One word for people: what kind of uncommitted change it is. */
function howOf({ staged, unstaged }: StatusRow): string {
  if (staged === '?') return 'untracked';
  if (staged === 'U') return 'unmerged';
  if (unstaged === '.') return 'staged';
  return staged === '.' ? 'modified' : 'staged and modified';
}

/** What people call the agent of a task. */
export const agentOf = (task: Task) => task.agent.type ?? task.agent.name;

export function taskFacts(task: Task) {
  const { description, status, started_at, finished_at, note } = task;
  return {
    task: task.task,
    description,
    agent: agentOf(task),
    status,
    started_at,
    finished_at,
    files: task.files.length,
    note,
  };
}
