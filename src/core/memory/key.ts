/** Where a value of memory lives: its namespace and key, and how long that namespace lives. Pure; hot path. */

import { usageError } from '../errors.ts';
import type { AnyRecord } from '../log/record.ts';
import { DEFAULT_POLICY, type Policy } from '../policy/policy.ts';
import { hasUnsafe, oneLine } from '../text/text.ts';

export interface MemoryPlace {
  namespace: string;
  key: string;
}

/** Keys of these beginnings are things learned, and belong to the project unless a namespace is named. */
const LEARNED = /^(?:pattern|trajectory)\//;
export const LEARNED_NAMESPACE = 'reasoning-bank';
export const SESSION_NAMESPACE = 'coordination';

const MAX_KEY = 500;
const MAX_NAMESPACE = 100;

/**
 * The namespace and key that a caller means. A key may carry its namespace in front (`reasoning-bank/pattern/...`), where it is the one
 * named or, with none named, one that policy knows. Otherwise `pattern/...` and `trajectory/...` belong to `reasoning-bank`, and the rest
 * to `coordination`. Throws (exit 2) on an empty, too long or unprintable one.
 */
export function placeOf(given: string, namespace?: string, policy: Pick<Policy, 'memory'> = DEFAULT_POLICY): MemoryPlace {
  checkName('key', given, MAX_KEY);
  checkSegments(given);
  // The same word may be written in two ways (é as one character or two): one key.
  const key = given.normalize('NFC');
  if (namespace !== undefined) {
    checkNamespace(namespace);
    const named = namespace.normalize('NFC');
    return { namespace: named, key: inside(key, named) ?? key };
  }
  for (const known of Object.keys(scopesOf(policy))) {
    const rest = inside(key, known);
    if (rest !== null) return { namespace: known, key: rest };
  }
  return { namespace: LEARNED.test(key) ? LEARNED_NAMESPACE : SESSION_NAMESPACE, key };
}

/** Whether a namespace outlives its session. One that neither policy nor its defaults name does not. */
export function scopeOf(namespace: string, policy: Pick<Policy, 'memory'>): 'session' | 'project' {
  const named = scopesOf(policy);
  return Object.hasOwn(named, namespace) && named[namespace] === 'project' ? 'project' : 'session';
}

/** Namespaces that policy or its defaults name, written as keys are. */
function scopesOf(policy: Pick<Policy, 'memory'>): Record<string, 'session' | 'project'> {
  const known = scopes.get(policy);
  if (known) return known;
  const named = Object.entries(policy.memory?.namespaces ?? {}).map(([name, scope]) => [name.normalize('NFC'), scope] as const);
  const all = { ...DEFAULT_POLICY.memory.namespaces, ...Object.fromEntries(named) };
  scopes.set(policy, all);
  return all;
}

/** Asked once a record. */
const scopes = new WeakMap<object, Record<string, 'session' | 'project'>>();

/** A record that writes memory which outlives its session. */
export function isProjectMemory(record: AnyRecord, policy: Pick<Policy, 'memory'>): boolean {
  const writes = record.kind === 'memory.stored' || record.kind === 'memory.deleted';
  return writes && scopeOf(record.data.namespace, policy) === 'project';
}

/** True for the place of a pattern. */
export function isPattern({ namespace, key }: MemoryPlace): boolean {
  return namespace === LEARNED_NAMESPACE && key.startsWith('pattern/');
}

/** Tags as they are stored, each once. Throws (exit 2) on one that is too long or unprintable. */
export function plainTags(given: readonly string[]): string[] {
  const tags = [...new Set(given.map((tag) => tag.trim()))].filter(Boolean);
  if (tags.every((tag) => tag.length <= 100 && oneLine(tag) === tag)) return tags;
  throw usageError({
    what: 'A tag is too long or holds characters that are no text.',
    next: 'Use a few plain words, for example: api, contract',
  });
}

/** True for the place of a session's decisions. */
export function isTrajectory({ namespace, key }: MemoryPlace): boolean {
  return namespace === LEARNED_NAMESPACE && key.startsWith('trajectory/');
}

/** The namespace and key as one path, as people write it. */
export function fullKey({ namespace, key }: MemoryPlace): string {
  return `${namespace}/${key}`;
}

/** Throws (exit 2) where the text cannot be a namespace. */
function checkNamespace(namespace: string): void {
  checkName('namespace', namespace, MAX_NAMESPACE);
  if (namespace === '__proto__')
    throw usageError({ what: 'No namespace can be called __proto__.', why: 'Not every reader of JSON keeps a field of that name.' });
  if (!/[\s/]/.test(namespace)) return;
  throw usageError({ what: 'A namespace is one word without slashes or spaces.', next: 'Use for example: reasoning-bank' });
}

function inside(key: string, namespace: string): string | null {
  return key.startsWith(`${namespace}/`) && key.length > namespace.length + 1 ? key.slice(namespace.length + 1) : null;
}

function checkSegments(key: string): void {
  if (key.split('/').every((part) => part !== '' && part !== '.' && part !== '..')) return;
  throw usageError({
    what: 'The key has an empty segment, or one that is "." or "..".',
    why: 'A key is a name with slashes in it, and no path of a file.',
    next: 'Use a path of plain words, for example: swarm/shared/api-contract',
  });
}

function checkName(what: 'key' | 'namespace', text: string, max: number): void {
  const next = what === 'key' ? 'Use a path of plain words, for example: swarm/shared/api-contract' : undefined;
  if (text.trim() === '') throw usageError({ what: `The ${what} is empty.`, next });
  if (text.length > max)
    throw usageError({ what: `The ${what} is too long.`, why: `It has ${text.length} characters; the limit is ${max}.`, next });
  if (hasUnsafe(text) || !text.isWellFormed()) throw usageError({ what: `The ${what} holds control or invisible characters.`, next });
  if (text !== text.trim()) throw usageError({ what: `The ${what} begins or ends with a space.`, next });
}
