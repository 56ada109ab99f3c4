/** The log as a seal leaves it: lifecycle and project-scope records stay, session-scope memory leaves the tip. Pure. */

import { isPattern, isTrajectory, LEARNED_NAMESPACE, scopeOf } from '../memory/key.ts';
import type { Policy } from '../policy/policy.ts';
import { parseLog } from './log.ts';
import type { AnyRecord } from './record.ts';

export interface Compaction {
  policy: Pick<Policy, 'memory'>;
  /** Keys of proposed patterns that the closeout does not keep. */
  dropped: ReadonlySet<string>;
  /** Of an abandoned session: of what outlives it, its patterns and its decisions land and nothing else. */
  lessonsOnly?: boolean;
}

/** Whether a record lands. */
export function lands(record: AnyRecord, { policy, dropped, lessonsOnly = false }: Compaction): boolean {
  if (record.kind !== 'memory.stored' && record.kind !== 'memory.deleted') return true;
  if (scopeOf(record.data.namespace, policy) === 'session') return false;
  if (lessonsOnly && !isPattern(record.data) && !isTrajectory(record.data)) return false;
  // A removal that is not kept does not land either: what was approved stays.
  return !(record.data.namespace === LEARNED_NAMESPACE && dropped.has(record.data.key));
}

/**
 * One file's text without the lines that do not land; empty where none does. `seen` holds the ids that earlier files had: a line that
 * repeats one is left out. Lines that are no record, or one of another program, stay as they are: nothing is lost that was not understood.
 */
export function compactLog(text: string, compaction: Compaction, seen: Set<string> = new Set()): string {
  let kept = '';
  for (const raw of text.split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.trim() === '') continue;
    const { records, bad, torn } = parseLog(`${line}\n`);
    const only = records.length === 1 && bad.length === 0 && !torn ? records[0] : undefined;
    if (only) {
      if (seen.has(only.id) || !lands(only, compaction)) continue;
      seen.add(only.id);
    }
    kept += `${line}\n`;
  }
  return kept;
}
