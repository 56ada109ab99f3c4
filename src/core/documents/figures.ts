/** Figures that several documents share, so that each is computed once and in one way. Pure. */

import type { CheckResult } from '../policy/policy.ts';
import type { Task } from '../session/tasks.ts';
import type { CloseoutFacts } from './facts.ts';

/** A pause longer than this is no work: active time counts only gaps up to here. */
const LONGEST_WORKING_GAP_MS = 15 * 60_000;

/** Minutes with one decimal. */
function minutes(ms: number): number {
  return Math.max(0, Math.round(ms / 6000) / 10);
}

/** Wall-clock minutes of the session; null where a time cannot be read. */
export function wallMinutes(facts: Pick<CloseoutFacts, 'created_at' | 'closed_at'>): number | null {
  return minutesBetween(facts.created_at, facts.closed_at);
}

/**
 * Minutes between creation and close in which something was recorded at least every quarter of an hour; null with fewer than two
 * moments. Start and close are such moments too: what was read before the yes is work. What lies outside (a commit brought in from
 * before, a clock that is wrong) is no time of this session.
 */
export function activeMinutes(facts: Pick<CloseoutFacts, 'created_at' | 'closed_at' | 'moments'>): number | null {
  const [from, to] = [Date.parse(facts.created_at), Date.parse(facts.closed_at)];
  const recorded = facts.moments.filter((ms) => !(ms < from || ms > to));
  if (recorded.length < 2) return null;
  const moments = [from, ...recorded, to].filter(Number.isFinite);
  let total = 0;
  for (let i = 1; i < moments.length; i++) {
    const gap = (moments[i] ?? 0) - (moments[i - 1] ?? 0);
    if (gap <= LONGEST_WORKING_GAP_MS) total += gap;
  }
  return minutes(total);
}

/** Wall-clock minutes of a task; null while it is open. */
export function taskMinutes(task: Task): number | null {
  if (task.finished_at === null) return null;
  return minutesBetween(task.started_at, task.finished_at);
}

/** Null also where the clock went back in between: nobody knows then how long it was. */
function minutesBetween(from: string, to: string): number | null {
  const ms = Date.parse(to) - Date.parse(from);
  return ms >= 0 ? minutes(ms) : null;
}

export interface AgentFact {
  type: string | null;
  name: string;
  id: string | null;
  tasks: Task[];
}

/** The agents that worked, in the order of their first task: one per client id, and one per type (else name) where no id was given. */
export function agentsOf({ tasks, personTasks }: Pick<CloseoutFacts, 'tasks' | 'personTasks'>): AgentFact[] {
  const found = new Map<string, AgentFact>();
  for (const task of tasks) {
    if (personTasks.has(task.task)) continue;
    const { type, name, id } = task.agent;
    const key = id === null ? `type ${type ?? name}` : `id ${id}`;
    const agent = found.get(key);
    if (!agent) found.set(key, { type, name, id, tasks: [task] });
    else {
      agent.type ??= type;
      agent.tasks.push(task);
    }
  }
  return [...found.values()];
}

/** The types of agents, each once, in order; an agent whose type nobody recorded is "type not recorded". */
export function agentTypes(agents: readonly AgentFact[]): string[] {
  return [...new Set(agents.map((agent) => agent.type ?? 'type not recorded'))];
}

/** Percent of lines covered: the lowest that a passing check recorded; null where none did. */
export function testCoverage(checks: readonly CheckResult[]): number | null {
  const seen = checks.flatMap((check) => (check.status === 'passed' && check.coverage !== null ? [check.coverage] : []));
  return seen.length === 0 ? null : Math.min(...seen);
}

/** Checks that passed, of those that were needed. */
export function checkScore(checks: readonly Pick<CheckResult, 'status'>[]): { passed: number; needed: number } {
  const needed = checks.filter((check) => check.status !== 'not-needed');
  return { passed: needed.filter((check) => check.status === 'passed').length, needed: needed.length };
}

/** Artifacts and workspace files that the session added. */
export function filesCreated(facts: Pick<CloseoutFacts, 'artifacts' | 'workspace'>): number {
  return facts.artifacts.length + facts.workspace.filter((change) => change.status === 'added').length;
}

/** Number of live entries by namespace, namespaces sorted. */
export function entriesByNamespace(facts: Pick<CloseoutFacts, 'memory'>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { namespace } of facts.memory) counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Every place of a value that is null, as `tasks[].tokens`, each once, sorted; `skip` names subtrees where null means something else. */
export function unknownPlaces(value: unknown, skip: readonly string[] = []): string[] {
  const places = new Set<string>();
  const walk = (node: unknown, path: string) => {
    if (skip.includes(path)) return;
    if (node === null) places.add(path);
    else if (Array.isArray(node)) for (const item of node) walk(item, `${path}[]`);
    else if (typeof node === 'object') for (const [key, item] of Object.entries(node as object)) walk(item, path ? `${path}.${key}` : key);
  };
  walk(value, '');
  return [...places].sort();
}
