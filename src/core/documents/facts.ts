/** What the documents of a closeout are made from: records, objects and results of commands, nothing else. Pure. */

import type { MemoryEntry } from '../memory.ts';
import { LEARNED_NAMESPACE } from '../memory-key.ts';
import type { ArtifactKind } from '../metadata.ts';
import type { CheckResult } from '../policy.ts';
import type { Actor } from '../record.ts';
import type { SessionId } from '../session-id.ts';
import type { Task } from '../tasks.ts';

/** Who made a file last, as far as the records say. */
export interface Origin {
  task: string | null;
  actor: Actor | null;
}

export interface ArtifactFact extends Origin {
  kind: ArtifactKind;
  /** Path in the tree. */
  path: string;
  blob: string;
  /** Bytes. */
  size: number;
  /** One line from the file's own heading or comment; null where it has none. */
  about: string | null;
  /** Lines added and removed; null for a binary file. */
  lines: { added: number; removed: number } | null;
}

export interface WorkspaceFact extends Origin {
  path: string;
  status: 'added' | 'modified' | 'deleted';
  /** Null for a deletion. */
  blob: string | null;
  size: number | null;
  lines: { added: number; removed: number } | null;
}

/** A `pattern/…` entry of this session: a proposal until the closeout keeps or drops it. */
export interface PatternFact {
  /** Key of the memory entry, without its namespace. */
  key: string;
  pattern_id: string;
  title: string;
  kept: boolean;
  reusable: boolean | null;
  /** Outcomes counted at closeouts: k of n; null where none was counted yet. */
  measured: { k: number; n: number } | null;
  /** What the agent said, in percent; a claim and nothing more. */
  claimed: number | null;
}

export interface CloseoutFacts {
  id: SessionId;
  topic: string;
  goal: string | null;
  created_at: string;
  /** The moment of the closeout; a draft has the moment of drafting. */
  closed_at: string;
  continues: SessionId | null;
  base: string;
  tasks: Task[];
  /** Ids of tasks that no agent opened: people are no agents. */
  personTasks: ReadonlySet<string>;
  artifacts: ArtifactFact[];
  workspace: WorkspaceFact[];
  /** This session's own live entries; those of dropped patterns are left out. */
  memory: MemoryEntry[];
  patterns: PatternFact[];
  checks: CheckResult[];
  /** Times (ms) at which something was recorded or committed, sorted. */
  moments: number[];
  records: { total: number; bad: number; unknown: number };
}

/** The facts without the patterns whose keys are named. */
export function withoutPatterns(facts: CloseoutFacts, dropped: ReadonlySet<string>): CloseoutFacts {
  return {
    ...facts,
    patterns: facts.patterns.map((pattern) => ({ ...pattern, kept: pattern.kept && !dropped.has(pattern.key) })),
    memory: facts.memory.filter(({ namespace, key }) => namespace !== LEARNED_NAMESPACE || !dropped.has(key)),
  };
}
