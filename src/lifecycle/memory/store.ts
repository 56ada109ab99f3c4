/** Storing and deleting one key of memory in a session, with everything that is refused. Hot path: no npm package. */

import { SessionError, stateError } from '../../core/errors.ts';
import type { Actor, BlobRef, SessionRecord } from '../../core/log/record.ts';
import { fullKey, isPattern, type MemoryPlace, scopeOf } from '../../core/memory/key.ts';
import { MAX_DEPTH, MAX_INLINE_BYTES, MAX_VALUE_BYTES, valueFile } from '../../core/memory/large-value.ts';
import { type MemoryEntry, valueText } from '../../core/memory/memory.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { notAllowed, scanSecrets } from '../../core/secrets/scan.ts';
import { isDeeper } from '../../core/text/json.ts';
import { oneLine, timeText } from '../../core/text/text.ts';
import { appendRecord } from '../../store/journal.ts';
import { keepValue } from '../../store/values.ts';
import { type Here, refuseEnded } from '../session/here.ts';
import { timeBefore } from './before.ts';

export interface MemoryDraft {
  place: MemoryPlace;
  /** Any JSON. */
  value: unknown;
  actor: Actor;
  task: string | null;
  /** Milliseconds from now after which the key is absent; null: never. */
  ttlMs: number | null;
  tags: string[];
  /** Refuse where the key is there already. */
  ifAbsent: boolean;
  /** When what it replaces was stored, ISO, where that is known. */
  replaces?: string | undefined;
}

/** How a writer looks whether a key is there. */
export type Look = (place: MemoryPlace) => Promise<MemoryEntry | null>;

/** Loaded when it is asked: who only stores looks at nothing. */
const lookIn =
  (here: Here): Look =>
  async (place) =>
    (await import('./lookup.ts')).lookUp(here, place);

/**
 * Stores a value in the session's memory; when this returns, it is written. Throws (exit 1), with nothing written, where the session has
 * ended, the value or key holds a secret, the value is too large or too deep, or `ifAbsent` finds the key taken.
 */
export async function storeMemory(here: Here, draft: MemoryDraft, look: Look = lookIn(here)): Promise<SessionRecord> {
  await refuseEnded(here);
  const json = checkedJson(draft);
  refuseSecrets(here.policy, draft);
  if (!draft.ifAbsent) return append(here, { ...draft, replaces: draft.replaces ?? (await landedAt(here, draft.place, look)) }, json);
  const { withLock } = await import('../../store/lock.ts');
  return withLock(here.place.commonDir, 'memory', async () => {
    const holder = await look(draft.place);
    if (holder) throw taken(holder);
    return append(here, draft, json);
  });
}

/** When an approved session stored what is there, for project memory: its clock may have been ahead, and the new value must come after it. */
async function landedAt(here: Here, place: MemoryPlace, look: Look): Promise<string | undefined> {
  return scopeOf(place.namespace, here.policy) === 'project' ? (await look(place))?.at : undefined;
}

/** Deletes a key of the session's memory. Throws (exit 1) where the session has ended or there is no such key. */
export async function deleteMemory(
  here: Here,
  place: MemoryPlace,
  actor: Actor,
  look: Look = lookIn(here),
): Promise<{ record: SessionRecord; before: MemoryEntry }> {
  await refuseEnded(here);
  const before = await look(place);
  if (!before) throw absent(place);
  const moment = { after: timeBefore(here, before.at) };
  const record = appendRecord(here.place.commonDir, here.id, { kind: 'memory.deleted', actor, data: { ...place } }, moment);
  return { record, before };
}

/** The error for a key that is not there (exit 1). */
export function absent(place: MemoryPlace, after = '') {
  return stateError({
    what: `There is no ${oneLine(fullKey(place), 200)} in memory${after}.`,
    next: 'See what there is with: git session memory list',
  });
}

/** The value as it would be stored, as JSON. Throws (exit 1) where it is larger or deeper than memory holds. */
export function checkedJson({ place, value }: Pick<MemoryDraft, 'place' | 'value'>): string {
  const json = jsonOf(value);
  if (json === null || isDeeper(json, MAX_DEPTH)) {
    throw stateError({
      what: 'The value is nested too deeply.',
      why: `Arrays and objects may lie in each other ${MAX_DEPTH} deep.`,
      next: 'Store it as text, or keep it as a file of the session and store its path.',
    });
  }
  const bytes = Buffer.byteLength(valueFile(json));
  const most = isPattern(place) ? MAX_INLINE_BYTES : MAX_VALUE_BYTES;
  if (bytes <= most) return json;
  throw stateError({
    what: `The value is too large for ${isPattern(place) ? 'a pattern' : 'memory'}.`,
    why: `It takes ${bytes} bytes as JSON; the limit is ${most} (${most / 1024} KiB), since ${isPattern(place) ? 'agents are offered it whole' : 'every clone and every backup has it'}.`,
    next: 'Keep it as a file of the session and store its path.',
  });
}

function jsonOf(value: unknown): string | null {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** What a record says of a value: one too large for a line is on disk before the line that names it. */
export function valueData(here: Here, value: unknown, json: string): { value: unknown } | { blob: BlobRef } {
  if (Buffer.byteLength(json) <= MAX_INLINE_BYTES) return { value };
  return { blob: keepValue(here.place.commonDir, here.id, json) };
}

function append(here: Here, { place, value, actor, task, ttlMs, tags, ifAbsent, replaces }: MemoryDraft, json: string): SessionRecord {
  const data = {
    ...place,
    ...valueData(here, value, json),
    ...(ttlMs === null ? {} : { expires_at: Date.now() + ttlMs }),
    ...(tags.length > 0 ? { tags } : {}),
    ...(ifAbsent ? { if_absent: true as const } : {}),
    ...(task === null ? {} : { task }),
  };
  return appendRecord(here.place.commonDir, here.id, { kind: 'memory.stored', actor, data }, { after: timeBefore(here, replaces) });
}

/** Memory is committed and pushed with the session, so a secret in it is one that was given away. Throws (exit 1) where one is found. */
export function refuseSecrets(policy: Policy, { place, value, tags }: Pick<MemoryDraft, 'place' | 'value' | 'tags'>): void {
  const path = `memory/${fullKey(place)}`;
  const text = `${place.key}: ${valueText(value)}\n${tags.join('\n')}`;
  const [finding] = notAllowed(scanSecrets(text, path), path, policy.secrets?.allow ?? []);
  if (!finding) return;
  throw stateError({
    what: `This looks like a secret (rule ${finding.rule}), so nothing was stored.`,
    why: 'Memory is committed with the session, and stays in its history.',
    next: `Store where the secret is kept instead. If it is none, accept it in .sessionrc.yaml under secrets.allow: rule ${finding.rule}, path ${oneLine(path, 300)}, and a reason.`,
  });
}

/** A claim that came too late. */
export class KeyTaken extends SessionError {}

function taken(holder: MemoryEntry) {
  const task = holder.task === null ? '' : ` for task ${oneLine(holder.task, 60)}`;
  return new KeyTaken('state', {
    what: `${oneLine(fullKey(holder), 200)} is taken.`,
    why: `${oneLine(holder.by.name, 60)} stored it${task} at ${timeText(holder.at)}.`,
    next: `Read it with: git session memory get --namespace ${holder.namespace} -- ${oneLine(holder.key, 200)}`,
  });
}
