/** `metrics.json`: time, edits, lines and results by agent, task and check. Pure. */

import type { ArtifactKind } from '../metadata.ts';
import type { CheckStatus } from '../record.ts';
import type { Task } from '../tasks.ts';
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
  /** Files that the task edited. */
  files_edited: number;
  /** Lines of the files whose last recorded edit is this task's; null where a file is binary or no longer there. */
  lines_added: number | null;
  lines_removed: number | null;
  tokens: number | null;
  tool_calls: number | null;
}

export interface AgentMetrics {
  type: string | null;
  /** Left out where the client gave none. */
  id?: string;
  tasks: string[];
  duration_minutes: number | null;
  files_edited: number;
  tokens: number | null;
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
  const lines = (of: typeof files, side: 'added' | 'removed') =>
    of.some((file) => file.lines === null) ? null : of.reduce((sum, file) => sum + (file.lines?.[side] ?? 0), 0);
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
    agents: agentsOf(facts).map((agent) => ({
      type: agent.type,
      ...(agent.id === null ? {} : { id: agent.id }),
      tasks: agent.tasks.map((task) => task.task),
      duration_minutes: sum(agent.tasks.map(taskMinutes)),
      files_edited: new Set(agent.tasks.flatMap((task) => task.files)).size,
      tokens: sum(agent.tasks.map((task) => task.tokens)),
    })),
    tasks: facts.tasks.map((task) => {
      const own = files.filter((file) => file.task === task.task);
      return {
        task: task.task,
        description: task.description,
        agent_type: task.agent.type,
        status: task.status,
        started_at: task.started_at,
        ...(task.finished_at === null ? {} : { finished_at: task.finished_at, duration_minutes: taskMinutes(task) }),
        files_edited: new Set(task.files).size,
        lines_added: lines(own, 'added'),
        lines_removed: lines(own, 'removed'),
        tokens: task.tokens,
        tool_calls: task.tool_calls,
      };
    }),
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

/** The sum, or null where any part is unknown. */
function sum(parts: readonly (number | null)[]): number | null {
  return parts.some((part) => part === null) ? null : Math.round(parts.reduce<number>((total, part) => total + (part ?? 0), 0) * 10) / 10;
}
