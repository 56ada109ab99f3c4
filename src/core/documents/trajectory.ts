/** What a session decided and how it came out, as a memory that later sessions can read. Pure. */

import type { Json } from '../json.ts';
import { oneLine } from '../text.ts';
import type { CloseoutFacts } from './facts.ts';
import { checkScore } from './figures.ts';

/** The most tasks and patterns that are listed: a record must fit on one line of the log. */
const MOST = 60;

/** The value of `trajectory/<session>/decisions`: goal, tasks with their outcomes in order, patterns kept, checks. */
export function decisionsOf(facts: CloseoutFacts): Json {
  const { passed, needed } = checkScore(facts.checks);
  return {
    session: facts.id,
    topic: facts.topic,
    goal: facts.goal === null ? null : oneLine(facts.goal, 500),
    closed_at: facts.closed_at,
    steps: facts.tasks.slice(0, MOST).map((task) => ({
      task: oneLine(task.task, 80),
      description: task.description === null ? null : oneLine(task.description, 160),
      agent: task.agent.type,
      outcome: task.status,
      files: task.files.length,
      ...(task.note === null ? {} : { note: oneLine(task.note, 160) }),
    })),
    patterns: facts.patterns
      .filter((pattern) => pattern.kept)
      .slice(0, MOST)
      .map((pattern) => oneLine(pattern.key, 120)),
    checks: { passed, needed },
  };
}
