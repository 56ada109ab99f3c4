/** Storing and deleting one key of memory in a session, with everything that is refused. Hot path: no npm package. */

import { stateError } from '../core/errors.ts';
import { type MemoryEntry, valueText } from '../core/memory.ts';
import { fullKey, type MemoryPlace } from '../core/memory-key.ts';
import type { Actor, SessionRecord } from '../core/record.ts';
import { notAllowed, scanSecrets } from '../core/secrets/scan.ts';
import { oneLine } from '../core/text.ts';
import { appendRecord } from '../store/journal.ts';
import { type Here, refuseEnded } from './here.ts';
import { lookUp } from './lookup.ts';

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
}

/**
 * Stores a value in the session's memory; when this returns, it is written. Throws (exit 1), with nothing written, where the session has
 * ended, the value or key holds a secret, the value is too large for a record, or `ifAbsent` finds the key taken.
 */
export async function storeMemory(here: Here, draft: MemoryDraft): Promise<SessionRecord> {
  await refuseEnded(here);
  refuseSecrets(here, draft);
  if (!draft.ifAbsent) return append(here, draft);
  const { withLock } = await import('../store/lock.ts');
  return withLock(here.place.commonDir, 'memory', async () => {
    const holder = await lookUp(here, draft.place);
    if (holder) throw taken(holder);
    return append(here, draft);
  });
}

/** Deletes a key of the session's memory. Throws (exit 1) where the session has ended or there is no such key. */
export async function deleteMemory(here: Here, place: MemoryPlace, actor: Actor): Promise<{ record: SessionRecord; before: MemoryEntry }> {
  await refuseEnded(here);
  const before = await lookUp(here, place);
  if (!before) throw absent(place);
  const record = appendRecord(here.place.commonDir, here.id, { kind: 'memory.deleted', actor, data: { ...place } });
  return { record, before };
}

/** The error for a key that is not there (exit 1). */
export function absent(place: MemoryPlace, after = '') {
  return stateError({
    what: `There is no ${oneLine(fullKey(place), 200)} in memory${after}.`,
    next: 'See what there is with: git session memory list',
  });
}

function append(here: Here, { place, value, actor, task, ttlMs, tags, ifAbsent }: MemoryDraft): SessionRecord {
  const data = {
    ...place,
    value,
    ...(ttlMs === null ? {} : { expires_at: Date.now() + ttlMs }),
    ...(tags.length > 0 ? { tags } : {}),
    ...(ifAbsent ? { if_absent: true as const } : {}),
    ...(task === null ? {} : { task }),
  };
  return appendRecord(here.place.commonDir, here.id, { kind: 'memory.stored', actor, data });
}

/** Memory is committed and pushed with the session, so a secret in it is one that was given away. */
function refuseSecrets(here: Here, { place, value, tags }: MemoryDraft): void {
  const path = `memory/${fullKey(place)}`;
  const text = `${place.key}: ${valueText(value)}\n${tags.join('\n')}`;
  const [finding] = notAllowed(scanSecrets(text, path), path, here.policy.secrets?.allow ?? []);
  if (!finding) return;
  throw stateError({
    what: `This looks like a secret (rule ${finding.rule}), so nothing was stored.`,
    why: 'Memory is committed with the session, and stays in its history.',
    next: `Store where the secret is kept instead. If it is none, accept it in .sessionrc.yaml under secrets.allow: rule ${finding.rule}, path ${oneLine(path, 300)}, and a reason.`,
  });
}

function taken(holder: MemoryEntry) {
  const task = holder.task === null ? '' : ` for task ${oneLine(holder.task, 60)}`;
  return stateError({
    what: `${oneLine(fullKey(holder), 200)} is taken.`,
    why: `${oneLine(holder.by.name, 60)} stored it${task} at ${holder.at}.`,
    next: `Read it with: git session memory get --namespace ${holder.namespace} -- ${oneLine(holder.key, 200)}`,
  });
}
