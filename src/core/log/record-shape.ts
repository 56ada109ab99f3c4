/** Which payloads a record of each kind must hold, so that whoever reads a record can trust its type. Pure; hot path. */

import { asSessionId } from '../session/session-id.ts';
import { asObject } from '../text/json.ts';
import { type AnyRecord, type CheckStatus, RECORD_TIME, type RecordKind, type UnknownRecord } from './record.ts';

type Test = (value: unknown) => boolean;

const text: Test = (value) => typeof value === 'string';
const textOrNull: Test = (value) => value === null || typeof value === 'string';
const number: Test = (value) => typeof value === 'number' && Number.isFinite(value);
const numberOrNull: Test = (value) => value === null || number(value);
const texts: Test = (value) => Array.isArray(value) && value.every(text);
const oneOf =
  (...words: unknown[]): Test =>
  (value) =>
    words.includes(value);
const optional =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);
const all =
  (...tests: Test[]): Test =>
  (value) =>
    tests.every((test) => test(value));
const shape = (fields: Record<string, Test>): Test => {
  const names = Object.keys(fields);
  const tests = Object.values(fields);
  return (value) => {
    const object = asObject(value);
    if (object === null) return false;
    // A plain loop: this runs for every field of every record.
    for (let i = 0; i < tests.length; i++) if (!tests[i]?.(object[names[i] ?? ''])) return false;
    return true;
  };
};

const STATUSES: CheckStatus[] = ['passed', 'failed', 'timed-out', 'not-recorded', 'not-needed', 'not-run'];

const actor = shape({ kind: oneOf('person', 'agent', 'subagent', 'tool'), name: text, id: optional(text) });
const time: Test = (value) => typeof value === 'string' && RECORD_TIME.test(value);
/** Milliseconds since the epoch, to the end of the year 9999. */
const moment: Test = (value) => typeof value === 'number' && value >= 0 && value <= 253_402_300_799_999;

/** Not every reader of JSON keeps a field of that name. */
const namespace: Test = (value) => typeof value === 'string' && value !== '__proto__';

type Shapes = { [K in RecordKind]: Test };

let shapes: Shapes | null = null;

/** Made when the first record is read: a hook that only writes one does not pay for it. */
const makeShapes = (): Shapes => ({
  'session.started': shape({ topic: text, goal: textOrNull, base: text, base_commit: text, continues: textOrNull }),
  'session.resumed': shape({ from: textOrNull }),
  'session.abandoned': shape({ reason: textOrNull }),
  'session.restored': shape({ from: textOrNull }),
  'session.undone': shape({ act: text }),
  'task.started': shape({ task: text, description: textOrNull, agent_type: textOrNull }),
  'task.finished': shape({
    task: text,
    status: oneOf('completed', 'failed', 'cancelled'),
    note: optional(text),
    model: optional(text),
    tokens: optional(number),
    tool_calls: optional(number),
    duration_ms: optional(number),
  }),
  'file.edited': shape({
    path: text,
    blob: textOrNull,
    task: textOrNull,
    via: oneOf('hook', 'commit', 'adopt', 'promote', 'sweep'),
    commit: optional(text),
    from: optional(text),
  }),
  'check.ran': shape({
    name: text,
    status: oneOf(...STATUSES),
    tree: text,
    exit_code: numberOrNull,
    duration_ms: number,
    tests: optional(number),
    failed: optional(number),
    coverage: optional(number),
  }),
  'closeout.prepared': shape({ tree: text, tip: text, digest: text }),
  'closeout.rejected': shape({
    reasons: (value) => Array.isArray(value) && value.every(shape({ text, path: optional(text), line: optional(number) })),
  }),
  'memory.stored': all(
    (data) => (asObject(data)?.value === undefined) !== (asObject(data)?.blob === undefined),
    shape({
      namespace,
      key: text,
      blob: optional(shape({ sha256: (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value), bytes: number })),
      expires_at: optional(moment),
      tags: optional(texts),
      if_absent: optional(oneOf(true)),
      task: optional(text),
      origin: optional(shape({ session: text, record: text, at: time, by: actor })),
    }),
  ),
  'memory.deleted': shape({ namespace, key: text }),
  'pattern.asked': shape({ tasks: number }),
  'pattern.offered': shape({ pattern: text, to: text }),
  'pattern.used': shape({ pattern: text, outcome: oneOf('success', 'failure'), note: optional(text) }),
});

/** The session id seen last: a log is of one session, and its id need not be tested a thousand times. */
let seenSession = '';

function isSession(text: string): boolean {
  if (text === seenSession) return true;
  if (!asSessionId(text)) return false;
  seenSession = text;
  return true;
}

/** `known`: the record can be used as its type says; `unknown`: of a kind or version of another program; `bad`: neither. */
export function classify(record: AnyRecord | UnknownRecord): 'known' | 'unknown' | 'bad' {
  shapes ??= makeShapes();
  if (record.v !== 1 || !Object.hasOwn(shapes, record.kind)) return 'unknown';
  if (!RECORD_TIME.test(record.at) || !isSession(record.session) || !actor(record.actor)) return 'bad';
  if (record.n !== undefined && !number(record.n)) return 'bad';
  return shapes[record.kind as RecordKind](record.data) ? 'known' : 'bad';
}
