/** What a session decided and how it came out, as a memory that later sessions can read. Pure. */

import { TOOL } from '../log/record.ts';
import { LEARNED_NAMESPACE } from '../memory/key.ts';
import type { Json } from '../text/json.ts';
import { oneLine } from '../text/text.ts';
import type { CloseoutFacts } from './facts.ts';
import { checkScore } from './figures.ts';

/** The most tasks and patterns that are listed: a record must fit on one line of the log. */
const MOST = 60;

/** Where a session's decisions are remembered. */
const keyOf = (facts: Pick<CloseoutFacts, 'id'>) => `trajectory/${facts.id}/decisions`;

/** The facts with the decisions among the memory, as the seal will write them: what is reviewed counts what is signed. */
export function withDecisions(facts: CloseoutFacts): CloseoutFacts {
  const others = facts.memory.filter((entry) => !isDecisions(facts, entry));
  const entry = {
    ...{
      namespace: LEARNED_NAMESPACE,
      key: keyOf(facts),
      value: decisionsOf(facts),
      blob: null,
      at: facts.closed_at,
      by: TOOL,
      task: null,
    },
    ...{ session: facts.id, record: 'decisions', expires_at: null, tags: [], origin: null },
  };
  return { ...facts, memory: [...others, entry] };
}

/** True for the memory entry that holds the session's decisions. */
export function isDecisions(facts: Pick<CloseoutFacts, 'id'>, entry: { namespace: string; key: string }): boolean {
  return entry.namespace === LEARNED_NAMESPACE && entry.key === keyOf(facts);
}

/** The value of `trajectory/<session>/decisions`: goal, tasks with their outcomes in order, patterns kept, checks. */
export function decisionsOf(facts: CloseoutFacts): Json {
  const { passed, needed } = checkScore(facts.checks);
  return {
    session: facts.id,
    topic: facts.topic,
    goal: facts.goal === null ? null : oneLine(facts.goal, 500),
    closed_at: facts.closed_at,
    ...(facts.abandoned ? { abandoned: facts.abandoned.reason === null ? true : oneLine(facts.abandoned.reason, 500) } : {}),
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
