/** What a person would do next in a session, as one sentence. Pure. */

import type { SessionState } from '../../core/session/metadata.ts';
import { count } from '../../core/text/text.ts';

/** Files that no commit holds, without drafts and without what was changed before the session started. */
export interface Uncommitted {
  /** `hooks session-end` would commit them. */
  swept: number;
  /** Staged, or outside the session's folder and claimed by no record: a person's to decide. */
  others: number;
}

export interface NextStepFacts {
  state: SessionState;
  initialised: boolean;
  operation: string | null;
  /** Ids of the open tasks. */
  openTasks: readonly string[];
  /** Commits of the session beyond its base. */
  commits: number | null;
  uncommitted: Uncommitted;
  /** How far base has moved. */
  behind: number | null;
  /** A person sent it back, and no closeout was prepared since. */
  sentBack: boolean;
}

/** The one suggestion that matters most. */
export function nextStep(facts: NextStepFacts): string {
  if (facts.operation) return `Finish the ${facts.operation} that is in progress.`;
  if (facts.state === 'closed') return 'It has landed. Start the next one with: git session start <topic>';
  if (facts.state === 'abandoned') return 'Bring it back with: git session restore <id>';
  if (facts.state === 'sealed') return 'It waits for its signature or its landing: git session approve';
  if (facts.state === 'review') return 'Review and close it with: git session closeout';
  if (facts.openTasks.length > 0) return tasksFirst(facts.openTasks);
  if (facts.sentBack) return 'It was sent back: work on the reasons, then: git session closeout';
  const { swept, others } = facts.uncommitted;
  if (others > 0)
    return `Commit ${count(others, 'file')} of your own, or set ${others === 1 ? 'it' : 'them'} aside: nothing takes ${others === 1 ? 'it' : 'them'} into the session by itself.`;
  if (swept > 0) return `Have ${count(swept, 'uncommitted file')} of the session committed with: git session hooks session-end`;
  // The first commit is the start itself.
  if ((facts.commits ?? 0) <= 1) return 'Put work into the artifact folders, or change the product; then commit.';
  if (!facts.initialised) return 'Set up policy and an approver before closing: git session init';
  return 'When the work is done, close it with: git session closeout';
}

/** Only a plain word may stand in a command line that somebody will type. */
function tasksFirst([only = '', ...more]: readonly string[]): string {
  const id = more.length === 0 && /^[A-Za-z0-9][\w.:@+-]{0,79}$/.test(only) ? only : '<task>';
  const what = more.length === 0 ? 'the open task' : `${more.length + 1} open tasks`;
  return `Let ${what} finish${more.length === 0 ? ' with' : ', each with'}: git session hooks post-task --task-id ${id}`;
}
