/** The memory of a backup as the lines that an import takes. Pure. */

import type { Backup } from '../documents/backup.ts';

/**
 * One line an entry. A backup names who stored it and not as what, so that they are taken for agents; it names no record, so that an entry's place
 * in it stands for one.
 */
export function backupLines({ session_id, memory_snapshot }: Pick<Backup, 'session_id' | 'memory_snapshot'>): string[] {
  const entries = Object.entries(memory_snapshot).flatMap(([namespace, list]) => list.map((entry) => ({ namespace, ...entry })));
  return entries.map(({ namespace, key, value, tags, expires_at, task, at, by, origin }, n) => {
    const first = origin ?? { session: session_id, record: `${session_id}.backup.${n + 1}`, at, by: { kind: 'agent', name: by } };
    return JSON.stringify({ v: 1, namespace, key, value, tags, expires_at: expires_at ?? null, task, ...first });
  });
}
