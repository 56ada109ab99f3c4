/** Judging the sealed log against the documents. Pure. */

import type { Manifest } from '../closeout/manifest.ts';
import type { Backup, BackupMemory } from '../documents/backup.ts';
import type { Metrics } from '../documents/metrics.ts';
import { lands } from '../log/compact-log.ts';
import type { AnyRecord } from '../log/record.ts';
import { fullKey, scopeOf } from '../memory/key.ts';
import { valuePath, withValue } from '../memory/large-value.ts';
import { foldMemory, type MemoryEntry } from '../memory/memory.ts';
import type { Policy } from '../policy/policy.ts';
import { foldTasks } from '../session/tasks.ts';
import { sameJson } from '../text/json.ts';
import { oneLine } from '../text/text.ts';
import { type Finding, failed, listed, noted } from './finding.ts';

export interface RecordFacts {
  manifest: Manifest;
  /** The seal's log, sorted. */
  records: readonly AnyRecord[];
  /** The tip's log, sorted. */
  before: readonly AnyRecord[];
  /** Lines of the seal's log that could not be read. */
  bad: number;
  metrics: Metrics;
  backup: Backup;
  policy: Pick<Policy, 'memory'>;
  /** Texts of values too large for a line, by their digest: of the seal's log, and of the tip's. Only what has that digest. */
  values: { seal: ReadonlyMap<string, string>; tip: ReadonlyMap<string, string> };
}

/** Tasks and memory of the log agree with what the documents say. */
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
  return [...findings, ...judgeCompaction(facts), ...judgeTasks(facts), ...judgeValues(facts), ...judgeMemory(facts)];
}

/** The seal may leave out a session's own memory and dropped patterns, and nothing else. */
function judgeCompaction({ manifest, records, before, policy }: RecordFacts): Finding[] {
  const kept = new Set(records.map(({ id }) => id));
  const dropped = new Set(manifest.patterns.dropped);
  const lost = before.filter((record) => !kept.has(record.id) && lands(record, { policy, dropped, lessonsOnly: manifest.lessons_only }));
  if (lost.length === 0) return [];
  const what = lost.map(({ kind, at }) => `${kind} of ${oneLine(at, 30)}`);
  return [failed('record-lost', `The seal left records out of the log that belong there: ${listed(what)}.`)];
}

/**
 * The documents tell the tasks as they stood at the review or at a moment after it: agents may go on recording until the seal takes the
 * log, and lifecycle records do not make a person look again.
 */
function judgeTasks({ manifest, records, metrics, backup }: RecordFacts): Finding[] {
  const said = metrics.tasks.map((task, i) => ({
    task: task.task,
    description: task.description,
    agent: task.agent_type,
    status: task.status,
    started: backup.timings.tasks[i]?.started_at ?? null,
    finished: backup.timings.tasks[i]?.finished_at ?? null,
  }));
  const prepared = records.findLastIndex(({ kind, data }) => kind === 'closeout.prepared' && data.tip === manifest.tip);
  for (let end = records.length; end > prepared && end > records.length - MOST_LATE; end--) {
    if (differingTasks(said, recordedTasks(records.slice(0, end))).length === 0) return [];
  }
  const differing = differingTasks(said, recordedTasks(records));
  return [failed('tasks', `Metrics and backup tell other tasks than the sealed log: ${listed(differing)}.`)];
}

/** So many records after the review are looked at one by one. */
const MOST_LATE = 200;

type TaskRow = {
  task: string;
  description: string | null;
  agent: string | null;
  status: string;
  started: string | null;
  finished: string | null;
};

function recordedTasks(records: readonly AnyRecord[]): TaskRow[] {
  return foldTasks(records).map((task) => ({
    task: task.task,
    description: task.description,
    agent: task.agent.type,
    status: task.status,
    started: task.started_at,
    finished: task.finished_at,
  }));
}

/** Names of tasks that one side has otherwise than the other. */
function differingTasks(a: readonly TaskRow[], b: readonly TaskRow[]): string[] {
  const rows = (list: readonly TaskRow[]) => new Set(list.map((row) => JSON.stringify(row)));
  const names = (list: readonly TaskRow[], other: Set<string>) =>
    list.filter((row) => !other.has(JSON.stringify(row))).map(({ task }) => oneLine(task, 80));
  return [...new Set([...names(a, rows(b)), ...names(b, rows(a))])];
}

/** What outlives the session must be in the snapshot as the log has it; what does not is in the snapshot alone. */
function judgeMemory({ manifest, records, before, backup, policy, values }: RecordFacts): Finding[] {
  const id = (namespace: string, key: string) => `${namespace} ${key}`;
  const textOf = ({ blob }: MemoryEntry) => (blob && (values.seal.get(blob.sha256) ?? values.tip.get(blob.sha256))) ?? null;
  const folded = foldMemory([...records, ...before], Date.parse(manifest.closed_at));
  const memory = folded.map((entry) => (entry.blob ? withValue(entry, textOf(entry)) : entry));
  const recorded = new Map(memory.map((entry) => [id(entry.namespace, entry.key), entry]));
  const saved = new Map<string, BackupMemory>();
  for (const [namespace, entries] of Object.entries(backup.memory_snapshot)) {
    for (const entry of entries) saved.set(id(namespace, entry.key), entry);
  }
  const differing: string[] = [];
  for (const [place, entry] of saved) {
    const record = recorded.get(place);
    const strict = scopeOf(place.slice(0, place.indexOf(' ')), policy) === 'project';
    // A session's own entries leave the log at the seal: only the very record of the entry can contradict it.
    if (record && (strict || record.at === entry.at) ? !sameJson(record.value, entry.value) : strict) differing.push(place);
  }
  const dropped = new Set(backup.dropped_patterns);
  for (const [place, entry] of recorded) {
    if (!saved.has(place) && scopeOf(entry.namespace, policy) === 'project' && !dropped.has(entry.key)) differing.push(place);
  }
  if (differing.length === 0) return [];
  return [
    failed('memory', `The backup's memory snapshot is not what the log says: ${listed(differing.map((place) => oneLine(place, 120)))}.`),
  ];
}

/** Every record's large value is where the log keeps it, and is what the record says. */
function judgeValues({ manifest, records, before, values }: RecordFacts): Finding[] {
  const missing = (list: readonly AnyRecord[], there: ReadonlyMap<string, string>) =>
    list.flatMap((record) => {
      if (record.kind !== 'memory.stored' || !record.data.blob || there.has(record.data.blob.sha256)) return [];
      return [`${oneLine(fullKey(record.data), 120)} (${valuePath(manifest.session, record.data.blob.sha256)})`];
    });
  const landed = missing(records, values.seal);
  // What leaves the tip with the seal is history: it is told, and contradicts nothing that landed.
  const left = missing(before, values.tip).filter((name) => !landed.includes(name));
  return [
    ...(landed.length > 0
      ? [failed('value', `Values are missing from the sealed log, or are not what their records say: ${listed(landed)}.`)]
      : []),
    ...(left.length > 0
      ? [noted('value-left', `Values are missing from the log before the seal, or are not what their records say: ${listed(left)}.`)]
      : []),
  ];
}
