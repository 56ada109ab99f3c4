/** What the documents of a closeout are made from: records, objects and results of commands, nothing else. Pure. */

import type { Actor } from '../log/record.ts';
import { LEARNED_NAMESPACE } from '../memory/key.ts';
import type { MemoryEntry } from '../memory/memory.ts';
import type { PatternFields } from '../pattern/pattern.ts';
import { differences, type PatternDecision, type Proposal } from '../pattern/proposal.ts';
import type { CheckResult } from '../policy/policy.ts';
import type { ArtifactKind } from '../session/metadata.ts';
import type { SessionId } from '../session/session-id.ts';
import type { Task } from '../session/tasks.ts';
import type { RecordedCheck } from './recorded-checks.ts';

/** Who made a file last, as far as the records say. */
export interface Origin {
  task: string | null;
  actor: Actor | null;
  /** Names of all whose edits of it were recorded, each once, in the order of their first. */
  authors: string[];
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

/** What the session would change in the reasoning bank: a proposal until the closeout keeps, drops or edits it. */
export interface PatternFact extends Proposal {
  pattern_id: string;
  title: string;
  kept: boolean;
  /** What lands is the person's own version. */
  edited: boolean;
  reusable: boolean | null;
  /** Outcomes counted at closeouts, of a pattern that was approved before: k of n; null where none was counted yet. */
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
  /** It was abandoned, and only what it learned lands; null: it was not. */
  abandoned: { reason: string | null } | null;
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
  /** The last run of each check that the log tells of: nothing rests on it, and it is told where `checks` is empty. */
  recorded: RecordedCheck[];
  /** Times (ms) at which something was recorded or committed, sorted. */
  moments: number[];
  records: { total: number; bad: number; unknown: number };
}

/** A proposal as nobody has decided on it yet. */
export function patternFact(proposal: Proposal, measured: PatternFact['measured']): PatternFact {
  return { ...proposal, kept: true, edited: false, measured, ...saidBy(proposal.fields ?? proposal.before) };
}

function saidBy(fields: PatternFields | null) {
  return {
    pattern_id: fields?.id ?? '',
    title: fields?.title ?? '',
    reusable: fields?.claimed.reusable ?? null,
    claimed: fields?.claimed.success_rate ?? null,
  };
}

/** The facts with what a person made of the proposals. An edited value becomes memory when the seal writes it. */
export function decidePatterns(facts: CloseoutFacts, { dropped, edited }: PatternDecision): CloseoutFacts {
  const decided = facts.patterns.map((pattern): PatternFact => {
    const fields = edited?.patterns.get(pattern.key);
    const kept = pattern.kept && !dropped.has(pattern.key);
    if (!kept || !fields) return { ...pattern, kept };
    const changes = pattern.before ? differences(pattern.before, fields) : [];
    return { ...pattern, fields, differences: changes, by: edited?.by ?? pattern.by, edited: true, ...saidBy(fields) };
  });
  const memory = facts.memory.filter(({ namespace, key }) => namespace !== LEARNED_NAMESPACE || !dropped.has(key));
  return { ...facts, patterns: decided, memory };
}
