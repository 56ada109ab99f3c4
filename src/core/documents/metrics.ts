/** `metrics.json`: time, edits, lines and results by agent, task and check. Pure. */

import type { CheckStatus } from '../log/record.ts';
import type { ArtifactKind } from '../session/metadata.ts';
import type { Task } from '../session/tasks.ts';
import type { CloseoutFacts } from './facts.ts';
import {
  activeMinutes,
  agentsOf,
  entriesByNamespace,
  filesCreated,
  taskMinutes,
  testCoverage,
  unknownPlaces,
  wallMinutes,
} from './figures.ts';
import { namesByKind } from './inventory.ts';

export interface TaskMetrics {
  task: string;
  description: string | null;
  agent_type: string | null;
  status: Task['status'];
  started_at: string;
  /** Left out while the task is open. */
  finished_at?: string;
  /** Left out while the task is open. */
  duration_minutes?: number | null;
  /** Edits that were recorded, and the files that they were made in. */
  edits: number;
  files_edited: number;
  /** Lines of the files whose last recorded edit is this task's; null where a file is binary or no longer there. */
  lines_added: number | null;
  lines_removed: number | null;
  model: string | null;
  tokens: number | null;
  tool_calls: number | null;
}

export interface AgentMetrics {
  type: string | null;
  /** Left out where the client gave none. */
  id?: string;
  tasks: string[];
  /** What became of them. */
  outcomes: Record<Task['status'], number>;
  /** When its first task started. */
  started_at: string;
  /** When its last task ended; left out while one is open. */
  finished_at?: string;
  duration_minutes: number | null;
  edits: number;
  files_edited: number;
  lines_added: number | null;
  lines_removed: number | null;
  tokens: number | null;
  tool_calls: number | null;
}

export interface CheckMetrics {
  name: string;
  required: boolean;
  status: CheckStatus;
  duration_ms: number | null;
  coverage: number | null;
  tests: { total: number; passed: number; failed: number; skipped: number } | null;
}

export interface Metrics {
  version: 1;
  session_id: string;
  created_at: string;
  closed_at: string;
  duration_minutes: number | null;
  active_minutes: number | null;
  agents_spawned: number;
  files_created: number;
  artifacts: Record<ArtifactKind, number>;
  workspace: { added: number; modified: number; deleted: number };
  lines_added: number | null;
  lines_removed: number | null;
  memory_entries: number;
  memory: Record<string, number>;
  test_coverage: number | null;
  agents: AgentMetrics[];
  tasks: TaskMetrics[];
  checks: CheckMetrics[];
  records: { total: number; bad: number; unknown: number };
  not_recorded: string[];
}

/** The metrics of a session. */
export function metricsOf(facts: CloseoutFacts): Metrics {
  const files = [...facts.artifacts, ...facts.workspace];
  const lines = (of: typeof files, side: 'added' | 'removed') => sum(of.map((file) => file.lines?.[side] ?? null));
  const linesOf = (tasks: readonly string[]) => {
    const own = files.filter(({ task }) => task !== null && tasks.includes(task));
    return { lines_added: lines(own, 'added'), lines_removed: lines(own, 'removed') };
  };
  const names = Object.entries(namesByKind(facts));
  const changes = (status: string) => facts.workspace.filter((change) => change.status === status).length;
  const body = {
    version: 1 as const,
    session_id: facts.id,
    created_at: facts.created_at,
    closed_at: facts.closed_at,
    duration_minutes: wallMinutes(facts),
    active_minutes: activeMinutes(facts),
    agents_spawned: agentsOf(facts).length,
    files_created: filesCreated(facts),
    artifacts: Object.fromEntries(names.map(([kind, list]) => [kind, list.length])) as Record<ArtifactKind, number>,
    workspace: { added: changes('added'), modified: changes('modified'), deleted: changes('deleted') },
    lines_added: lines(files, 'added'),
    lines_removed: lines(files, 'removed'),
    memory_entries: facts.memory.length,
    memory: Object.fromEntries(entriesByNamespace(facts)),
    test_coverage: testCoverage(facts.checks),
    agents: agentsOf(facts).map(({ type, id, tasks }) => ({
      type,
      ...(id === null ? {} : { id }),
      tasks: tasks.map(({ task }) => task),
      outcomes: outcomesOf(tasks),
      ...spanOf(tasks),
      duration_minutes: sum(tasks.map(taskMinutes)),
      edits: tasks.reduce((n, { edits }) => n + edits, 0),
      files_edited: new Set(tasks.flatMap((task) => task.files)).size,
      ...linesOf(tasks.map(({ task }) => task)),
      tokens: sum(tasks.map((task) => task.tokens)),
      tool_calls: sum(tasks.map((task) => task.tool_calls)),
    })),
    tasks: facts.tasks.map((task) => ({
      task: task.task,
      description: task.description,
      agent_type: task.agent.type,
      status: task.status,
      started_at: task.started_at,
      ...(task.finished_at === null ? {} : { finished_at: task.finished_at, duration_minutes: taskMinutes(task) }),
      edits: task.edits,
      files_edited: new Set(task.files).size,
      ...linesOf([task.task]),
      model: task.model,
      tokens: task.tokens,
      tool_calls: task.tool_calls,
    })),
    checks: facts.checks.map(({ name, required, status, duration_ms, coverage, tests }) => ({
      name,
      required,
      status,
      duration_ms,
      coverage,
      tests,
    })),
    records: facts.records,
  };
  return { ...body, not_recorded: unknownPlaces(body, ['checks[].coverage', 'checks[].tests', 'checks[].duration_ms']) };
}

function outcomesOf(tasks: readonly Task[]): AgentMetrics['outcomes'] {
  const of = (status: Task['status']) => tasks.filter((task) => task.status === status).length;
  return { completed: of('completed'), failed: of('failed'), cancelled: of('cancelled'), open: of('open') };
}

/** From the first start to the last end; no end while a task is open. Times of records sort as text. */
function spanOf(tasks: readonly Task[]): Pick<AgentMetrics, 'started_at' | 'finished_at'> {
  const ends = tasks.map(({ finished_at }) => finished_at);
  const [started_at = ''] = tasks.map((task) => task.started_at).sort();
  return { started_at, ...(ends.every((end) => end !== null) ? { finished_at: ends.sort().at(-1) ?? '' } : {}) };
}

/** The sum, or null where any part is unknown. */
function sum(parts: readonly (number | null)[]): number | null {
  return parts.some((part) => part === null) ? null : Math.round(parts.reduce<number>((total, part) => total + (part ?? 0), 0) * 10) / 10;
}
