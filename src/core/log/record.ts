/**
 * One immutable line of the log (design "Records, journal, log, memory"). Types and the guard; no I/O.
 * Hot path: no npm package here.
 */

import type { SessionId } from '../session/session-id.ts';
import { asObject } from '../text/json.ts';

/** Who acts. `agent` is a chat's main agent, `subagent` one that it spawned, `tool` is git-session itself. */
export interface Actor {
  kind: 'person' | 'agent' | 'subagent' | 'tool';
  /** What people read: an agent type ("backend-dev") or a person's name. */
  name: string;
  /** The client's own id of the agent, where it gives one. */
  id?: string;
}

/** Payloads by kind. Optional fields are left out when not seen; nothing is guessed. */
export interface RecordData {
  'session.started': { topic: string; goal: string | null; base: string; base_commit: string; continues: string | null };
  /** Its branch was checked out again; `from`: the commit that was checked out before. */
  'session.resumed': { from: string | null };
  'session.abandoned': { reason: string | null };
  'session.restored': { from: string | null };
  /** A person took back what `act` had done: a preparation, a seal, an approval or a landing. */
  'session.undone': { act: string };
  'task.started': { task: string; description: string | null; agent_type: string | null };
  'task.finished': {
    task: string;
    status: 'completed' | 'failed' | 'cancelled';
    note?: string;
    /** As the agent's client names it. */
    model?: string;
    tokens?: number;
    tool_calls?: number;
    duration_ms?: number;
  };
  /** `blob` is null for a deletion. `via`: a hook or command said so, or a person's or agent's commit showed it. `from`: where it was moved from. */
  'file.edited': {
    path: string;
    blob: string | null;
    task: string | null;
    via: 'hook' | 'commit' | 'adopt' | 'promote' | 'sweep';
    commit?: string;
    from?: string;
  };
  'check.ran': {
    name: string;
    status: CheckStatus;
    tree: string;
    exit_code: number | null;
    duration_ms: number;
    tests?: number;
    failed?: number;
    coverage?: number;
  };
  'closeout.prepared': { tree: string; tip: string; digest: string };
  'closeout.rejected': { reasons: { text: string; path?: string; line?: number }[] };
  'memory.stored': {
    namespace: string;
    key: string;
    /** Any JSON; left out where `blob` names a file that holds it. */
    value?: unknown;
    blob?: BlobRef;
    /** Milliseconds since the epoch after which the key is absent. */
    expires_at?: number;
    tags?: string[];
    if_absent?: true;
    task?: string;
    /** Where it was imported from. */
    origin?: Origin;
  };
  'memory.deleted': { namespace: string; key: string };
  /** The agent was asked what the session taught; `tasks`: how many it was told of. */
  'pattern.asked': { tasks: number };
  'pattern.offered': { pattern: string; to: string };
  'pattern.used': { pattern: string; outcome: 'success' | 'failure'; note?: string };
}

/** A value too large for a line: a file of the log's folder `blobs/`, by its content. */
export interface BlobRef {
  /** Hex. */
  sha256: string;
  bytes: number;
}

/** The record that an imported value comes from. What a file said: nobody has proved it. */
export interface Origin {
  session: string;
  record: string;
  /** ISO 8601 UTC, as records have it. */
  at: string;
  by: Actor;
}

/** What a check came to. Only `passed` is a pass. */
export type CheckStatus = 'passed' | 'failed' | 'timed-out' | 'not-recorded' | 'not-needed' | 'not-run';

export type RecordKind = keyof RecordData;

export interface SessionRecord<K extends RecordKind = RecordKind> {
  v: 1;
  /** Sortable and unique. */
  id: string;
  /** Hybrid time: ISO 8601 UTC in milliseconds, never behind what the writer had seen ... */
  at: string;
  /** ... and a counter within one millisecond (0 when absent). */
  n?: number;
  session: SessionId;
  actor: Actor;
  kind: K;
  data: RecordData[K];
}

/** A record of any kind as a discriminated union: switch on `kind`, and `data` is typed. */
export type AnyRecord = { [K in RecordKind]: SessionRecord<K> }[RecordKind];

/** A line of a kind or version that this program does not know: kept, never interpreted. */
export interface UnknownRecord {
  v: number;
  id: string;
  at: string;
  n?: number;
  session: string;
  kind: string;
  [field: string]: unknown;
}

/** What a writer hands in; id and time are added on append. */
export type RecordDraft = { [K in RecordKind]: { kind: K; actor: Actor; data: RecordData[K] } }[RecordKind];

/** The tool itself as an actor. */
export const TOOL: Actor = { kind: 'tool', name: 'git-session' };

/** Kinds that are memory; a change of these takes a session out of review. */
export function isMemory(kind: string): boolean {
  return kind.startsWith('memory.');
}

/** The one form of this version's times: what `toISOString` writes for the years 0 to 9999. Its text sorts as time does. */
export const RECORD_TIME = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** The envelope of a parsed line, or null where it is no record. Payloads are checked by who uses them. */
export function asRecord(value: unknown): AnyRecord | UnknownRecord | null {
  const raw = asObject(value);
  if (!raw || typeof raw.v !== 'number' || typeof raw.id !== 'string' || !raw.id) return null;
  if (typeof raw.at !== 'string' || (!RECORD_TIME.test(raw.at) && Number.isNaN(Date.parse(raw.at)))) return null;
  if (typeof raw.kind !== 'string' || typeof raw.session !== 'string') return null;
  return raw as unknown as AnyRecord | UnknownRecord;
}
