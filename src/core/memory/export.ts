/** Memory as lines that another session, clone or project can take: one entry a line, with where it comes from. Pure. */

import { SessionError } from '../errors.ts';
import { type Actor, type Origin, RECORD_TIME } from '../log/record.ts';
import type { Policy } from '../policy/policy.ts';
import { asSessionId } from '../session/session-id.ts';
import { asObject, isDeeper, parseJson } from '../text/json.ts';
import { hasUnsafe, oneLine } from '../text/text.ts';
import { placeOf } from './key.ts';
import { MAX_DEPTH } from './large-value.ts';
import type { MemoryEntry } from './memory.ts';

/** An entry as a file says it. Who, when and where are those of the first record: an import keeps them. */
export interface ExportedEntry {
  namespace: string;
  key: string;
  value: unknown;
  tags: string[];
  /** ISO; null: never. */
  expires_at: string | null;
  task: string | null;
  origin: Origin;
}

const VERSION = 1;
const FIELDS = ['v', 'namespace', 'key', 'value', 'tags', 'expires_at', 'task', 'at', 'by', 'session', 'record'];

/** The entry as a line with its LF. Its value must be there. */
export function exportLine(entry: MemoryEntry): string {
  const { namespace, key, value, tags, expires_at, task } = entry;
  const { session, record, at, by } = entry.origin ?? entry;
  const until = expires_at === null ? null : new Date(expires_at).toISOString();
  return `${JSON.stringify({ v: VERSION, namespace, key, value, tags, expires_at: until, task, at, by, session, record })}\n`;
}

export interface Problem {
  /** Counted from 1. */
  line: number;
  /** Safe to print. */
  what: string;
}

/** The entries of a file's lines, oldest first, each record once; and what is wrong with the others. Empty lines are none. `null`: no text. */
export function parseExport(
  lines: readonly (string | null)[],
  policy: Pick<Policy, 'memory'>,
): { entries: (ExportedEntry & { line: number })[]; problems: Problem[] } {
  const found = new Map<string, ExportedEntry & { line: number; text: string }>();
  const problems: Problem[] = [];
  for (const [n, raw] of lines.entries()) {
    const line = n + 1;
    if (raw?.trim() === '') continue;
    const entry = raw === null ? 'is not UTF-8 text' : entryOf(raw, policy);
    if (typeof entry === 'string') {
      problems.push({ line, what: entry });
      continue;
    }
    const { record } = entry.origin;
    const text = JSON.stringify(entry);
    const before = found.get(record);
    if (!before) found.set(record, { ...entry, line, text });
    else if (before.text !== text) problems.push({ line, what: `has the record of line ${before.line} with other content` });
  }
  const entries = [...found.values()].sort((a, b) => (a.origin.at < b.origin.at ? -1 : a.origin.at > b.origin.at ? 1 : a.line - b.line));
  return { entries: entries.map(({ text: _, ...entry }) => entry), problems };
}

/** The entry of a line, or what is wrong with it. */
function entryOf(raw: string, policy: Pick<Policy, 'memory'>): ExportedEntry | string {
  if (isDeeper(raw, MAX_DEPTH + 1)) return `is nested more than ${MAX_DEPTH} deep`;
  const row = asObject(parseJson(raw));
  if (!row) return 'is no JSON object';
  if (row.v !== VERSION) return 'is not of a version that this program knows';
  const strange = Object.keys(row).find((name) => !FIELDS.includes(name));
  if (strange !== undefined) return `has a field that it should not have: ${oneLine(strange, 40)}`;
  const missing = FIELDS.find((name) => row[name] === undefined);
  if (missing !== undefined) return `has no ${missing}`;
  const { namespace, key, value, tags, expires_at, task, at, by, session, record } = row;
  if (typeof namespace !== 'string' || typeof key !== 'string') return 'has a namespace or key that is no text';
  const wrong = placeProblem(namespace, key, policy);
  if (wrong !== null) return wrong;
  if (!Array.isArray(tags) || tags.length > 100 || !tags.every(isName)) return 'has tags that are no short words';
  if (expires_at !== null && !isTime(expires_at)) return 'has an expires_at that is no time';
  if (task !== null && !isName(task)) return 'has a task that is no short name';
  if (!isTime(at)) return 'has no time at which it was stored';
  const actor = asActor(by);
  if (!actor) return 'does not say who stored it';
  if (typeof session !== 'string' || !asSessionId(session)) return 'has a session that is no id of one';
  if (!isName(record)) return 'has a record that is no id of one';
  return { namespace, key, value, tags, expires_at, task, origin: { session, record, at, by: actor } };
}

function placeProblem(namespace: string, key: string, policy: Pick<Policy, 'memory'>): string | null {
  try {
    const place = placeOf(key, namespace, policy);
    return place.key === key && place.namespace === namespace
      ? null
      : 'has a namespace or key that is not written as this program writes it';
  } catch (error) {
    if (error instanceof SessionError) return `has a place that cannot be: ${error.message}`;
    throw error;
  }
}

function asActor(value: unknown): Actor | null {
  const { kind, name, id, ...rest } = asObject(value) ?? {};
  if (!['person', 'agent', 'subagent', 'tool'].includes(kind as string) || !isName(name) || Object.keys(rest).length > 0) return null;
  if (id !== undefined && !isName(id)) return null;
  return { kind: kind as Actor['kind'], name, ...(id === undefined ? {} : { id }) };
}

const isTime = (value: unknown): value is string => typeof value === 'string' && RECORD_TIME.test(value);
const isName = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= 200 && !hasUnsafe(value) && value.isWellFormed();
