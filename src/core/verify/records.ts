/** Judging the sealed log against the documents. Pure. */

import type { Backup, BackupMemory } from '../documents/backup.ts';
import type { Metrics } from '../documents/metrics.ts';
import type { Manifest } from '../manifest.ts';
import type { MemoryEntry } from '../memory.ts';
import type { AnyRecord } from '../record.ts';
import { foldTasks } from '../tasks.ts';
import { oneLine } from '../text.ts';
import { type Finding, failed, listed, noted } from './finding.ts';

export interface RecordFacts {
  manifest: Manifest;
  /** The seal's log, sorted. */
  records: readonly AnyRecord[];
  /** Lines of the seal's log that could not be read. */
  bad: number;
  metrics: Metrics;
  backup: Backup;
  /** Live entries of that log at the closing, and those of the log before the seal, with their scopes. */
  memory: readonly MemoryEntry[];
  scopeOf: (namespace: string) => 'session' | 'project';
}

/** Tasks, memory and approvals of the log agree with what the documents say. */
export function judgeRecords(facts: RecordFacts): Finding[] {
  const { manifest, records } = facts;
  const findings: Finding[] = [];
  if (facts.bad > 0)
    findings.push(noted('log-bad-lines', `The sealed log has ${facts.bad} unreadable ${facts.bad === 1 ? 'line' : 'lines'}.`));
  const foreign = records.filter(({ session }) => session !== manifest.session);
  if (foreign.length > 0) {
    const ids = [...new Set(foreign.map(({ session }) => oneLine(session, 100)))];
    findings.push(failed('record-session', `The sealed log holds records of another session: ${listed(ids)}.`));
  }
  for (const record of records) {
    if (record.kind !== 'closeout.approved' || record.data.approver === manifest.approver.principal) continue;
    const what = `The log holds a record that ${oneLine(record.data.approver, 100)} approved; the tag says ${oneLine(manifest.approver.principal, 100)}.`;
    findings.push(failed('record-approval', what));
  }
  return [...findings, ...judgeTasks(facts), ...judgeMemory(facts)];
}

function judgeTasks({ records, metrics, backup }: RecordFacts): Finding[] {
  const said = metrics.tasks.map((task, i) => ({
    task: task.task,
    description: task.description,
    agent: task.agent_type,
    status: task.status,
    started: backup.timings.tasks[i]?.started_at ?? null,
    finished: backup.timings.tasks[i]?.finished_at ?? null,
  }));
  const recorded = foldTasks(records).map((task) => ({
    task: task.task,
    description: task.description,
    agent: task.agent.type,
    status: task.status,
    started: task.started_at,
    finished: task.finished_at,
  }));
  const rows = (list: readonly object[]) => new Set(list.map((row) => JSON.stringify(row)));
  const [a, b] = [rows(said), rows(recorded)];
  const names = (list: readonly { task: string }[], other: Set<string>) =>
    list.filter((row) => !other.has(JSON.stringify(row))).map(({ task }) => oneLine(task, 80));
  const differing = [...new Set([...names(said, b), ...names(recorded, a)])];
  if (differing.length === 0) return [];
  return [failed('tasks', `Metrics and backup tell other tasks than the sealed log: ${listed(differing)}.`)];
}

/** What outlives the session must be in the snapshot as the log has it; what does not is in the snapshot alone. */
function judgeMemory({ backup, memory, scopeOf }: RecordFacts): Finding[] {
  const id = (namespace: string, key: string) => `${namespace} ${key}`;
  const recorded = new Map(memory.map((entry) => [id(entry.namespace, entry.key), entry]));
  const saved = new Map<string, BackupMemory>();
  for (const [namespace, entries] of Object.entries(backup.memory_snapshot)) {
    for (const entry of entries) saved.set(id(namespace, entry.key), entry);
  }
  const differing: string[] = [];
  for (const [place, entry] of saved) {
    const record = recorded.get(place);
    const namespace = place.slice(0, place.indexOf(' '));
    if (record ? JSON.stringify(record.value) !== JSON.stringify(entry.value) : scopeOf(namespace) === 'project') differing.push(place);
  }
  const dropped = new Set(backup.dropped_patterns);
  for (const [place, entry] of recorded) {
    if (!saved.has(place) && scopeOf(entry.namespace) === 'project' && !dropped.has(entry.key)) differing.push(place);
  }
  if (differing.length === 0) return [];
  return [
    failed('memory', `The backup's memory snapshot is not what the log says: ${listed(differing.map((place) => oneLine(place, 120)))}.`),
  ];
}
