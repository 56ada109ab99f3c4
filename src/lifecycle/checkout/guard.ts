/** What keeps a checkout's HEAD where it is: an agent at work, or an operation that is not finished. */

import { stateError } from '../../core/errors.ts';
import { foldTasks } from '../../core/session/tasks.ts';
import { oneLine } from '../../core/text/text.ts';
import type { Repo } from '../../git/run.ts';
import { operationInProgress } from '../../git/switch.ts';
import { LIVE_MS, liveTasks } from '../session/live.ts';
import { sessionRecords } from '../session/records.ts';
import type { Session } from '../session/session.ts';

/** Refuses (exit 1) while an agent is at work in the session that this checkout holds. `instead`: a command that leaves the checkout alone. */
export async function refuseWhileLive(repo: Repo, session: Session, now: Date, instead: string | null): Promise<void> {
  if (session.metadata.status !== 'active') return;
  const { records } = await sessionRecords(repo, session);
  const open = foldTasks(records).filter((task) => task.status === 'open');
  const [live] = liveTasks(open, records, now.getTime());
  if (!live) return;
  const who = oneLine(live.agent.type ?? live.agent.name, 60);
  const finish = 'If that task is over, say so: git session hooks post-task --task-id <task> --status cancelled';
  throw stateError({
    what: `An agent is at work in this checkout: ${who}, on task "${oneLine(live.task, 80)}".`,
    why: `Switching branches would move its files away. It was heard of within the last ${LIVE_MS / 60_000} minutes.`,
    next: instead ? `Work beside it: ${instead}\n${finish}` : `Wait for it to finish.\n${finish}`,
  });
}

/** Refuses (exit 1) in the middle of a merge, rebase, cherry-pick, revert, bisect or am. */
export async function refuseMidOperation(repo: Repo, instead: string | null): Promise<void> {
  const operation = await operationInProgress(repo);
  if (!operation) return;
  throw stateError({
    what: `A ${operation} is in progress in this checkout.`,
    why: 'This would switch branches.',
    next: instead ? `Finish the ${operation} first, or work beside it: ${instead}` : `Finish the ${operation} first.`,
  });
}
