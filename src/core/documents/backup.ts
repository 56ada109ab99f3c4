/** `.swarm/backups/<id>.json`: the seed's "Backup Structure", every field under its name, and what stands behind them. Pure. */

import { compareText } from '../log/clock.ts';
import type { Origin } from '../log/record.ts';
import type { ArtifactKind } from '../session/metadata.ts';
import type { Task } from '../session/tasks.ts';
import type { CloseoutFacts, PatternFact } from './facts.ts';
import { activeMinutes, agentsOf, filesCreated, taskMinutes, testCoverage, unknownPlaces, wallMinutes } from './figures.ts';
import { type Inventory, inventoryOf, namesByKind } from './inventory.ts';

export interface BackupMemory {
  key: string;
  value: unknown;
  at: string;
  by: string;
  task: string | null;
  /** ISO time; left out where the entry does not expire. */
  expires_at?: string;
  tags: string[];
  /** Left out where it was stored in this session. */
  origin?: Origin;
}

export interface Backup {
  version: 1;
  session_id: string;
  created_at: string;
  closed_at: string;
  duration_minutes: number | null;
  topic: string;
  goal: string | null;
  agents: { type: string | null; task: string | null; status: Task['status']; duration_minutes: number | null }[];
  /** Names below each kind's folder. */
  artifacts: Record<ArtifactKind, string[]>;
  memory_snapshot: Record<string, BackupMemory[]>;
  metrics: { test_coverage: number | null; files_created: number; memory_entries: number; agents_spawned: number };
  learned_patterns: {
    pattern_id: string;
    key: string;
    /** Percent, measured at closeouts; null where nothing was measured yet. */
    success_rate: number | null;
    /** Success in k of n closeouts; null where n is 0. */
    measured: { k: number; n: number } | null;
    /** What the agent said; left out where it said nothing. */
    claimed_success_rate?: number;
    reusable: boolean | null;
    change: PatternFact['change'];
    /** It landed in the approver's own version. */
    edited: boolean;
  }[];
  /** Keys of patterns that the closeout did not keep. */
  dropped_patterns: string[];
  timings: { active_minutes: number | null; tasks: { task: string; started_at: string; finished_at: string | null }[] };
  inventory: Pick<Inventory, 'artifacts' | 'workspace'>;
  not_recorded: string[];
}

/** The backup of a session. */
export function backupOf(facts: CloseoutFacts): Backup {
  const { artifacts, workspace } = inventoryOf(facts);
  const body = {
    version: 1 as const,
    session_id: facts.id,
    created_at: facts.created_at,
    closed_at: facts.closed_at,
    duration_minutes: wallMinutes(facts),
    topic: facts.topic,
    goal: facts.goal,
    agents: facts.tasks.map((task) => ({
      type: task.agent.type,
      task: task.description,
      status: task.status,
      duration_minutes: taskMinutes(task),
    })),
    artifacts: namesByKind(facts),
    memory_snapshot: snapshotOf(facts),
    metrics: {
      test_coverage: testCoverage(facts.checks),
      files_created: filesCreated(facts),
      memory_entries: facts.memory.length,
      agents_spawned: agentsOf(facts).length,
    },
    learned_patterns: facts.patterns
      .filter((pattern) => pattern.kept)
      .map(({ pattern_id, key, measured, claimed, reusable, change, edited }) => ({
        pattern_id,
        key,
        success_rate: measured === null ? null : percent(measured),
        measured,
        ...(claimed === null ? {} : { claimed_success_rate: claimed }),
        reusable,
        change,
        edited,
      })),
    dropped_patterns: facts.patterns.filter((pattern) => !pattern.kept).map((pattern) => pattern.key),
    timings: {
      active_minutes: activeMinutes(facts),
      tasks: facts.tasks.map(({ task, started_at, finished_at }) => ({ task, started_at, finished_at })),
    },
    inventory: { artifacts, workspace },
  };
  return { ...body, not_recorded: unknownPlaces(body, MEANINGFUL_NULLS) };
}

/** Places where null does not stand for something unknown, or where values are not ours. */
const MEANINGFUL_NULLS = ['memory_snapshot', 'inventory.workspace[].blob', 'inventory.workspace[].size', 'learned_patterns[].measured'];

function percent({ k, n }: { k: number; n: number }): number {
  return Math.round((k / n) * 1000) / 10;
}

function snapshotOf(facts: CloseoutFacts): Record<string, BackupMemory[]> {
  const snapshot = new Map<string, BackupMemory[]>();
  const sorted = [...facts.memory].sort((a, b) => compareText(a.namespace, b.namespace) || compareText(a.key, b.key));
  for (const entry of sorted) {
    const entries = snapshot.get(entry.namespace) ?? [];
    entries.push({
      key: entry.key,
      value: entry.value,
      at: entry.at,
      by: entry.by.name,
      task: entry.task,
      ...(entry.expires_at === null ? {} : { expires_at: new Date(entry.expires_at).toISOString() }),
      tags: entry.tags,
      ...(entry.origin === null ? {} : { origin: entry.origin }),
    });
    snapshot.set(entry.namespace, entries);
  }
  return Object.fromEntries(snapshot);
}
