/** What the log tells of checks that ran before any closeout. Pure. */

import type { AnyRecord, RecordData } from '../log/record.ts';
import { oneLine, timeText } from '../text/text.ts';

/** `at`: when it ran, ISO 8601 UTC. */
export type RecordedCheck = RecordData['check.ran'] & { at: string };

/** The last recorded run of each check, in the order in which they ran first. `records` come sorted. */
export function recordedChecks(records: readonly AnyRecord[]): RecordedCheck[] {
  const last = new Map<string, RecordedCheck>();
  for (const { kind, data, at } of records) if (kind === 'check.ran') last.set(data.name, { ...data, at });
  return [...last.values()];
}

/** A run on one line: what it came to, its figures, and when. */
export function recordedLine({ name, status, tests, failed, coverage, at }: RecordedCheck): string {
  const counted = tests === undefined ? [] : [`${tests - (failed ?? 0)} of ${tests} tests passed`];
  const covered = coverage === undefined ? [] : [`${coverage}% coverage`];
  const said = [status.replaceAll('-', ' '), ...counted, ...covered, timeText(at)];
  return `${oneLine(name, 80)}: ${said.join(', ')}`;
}
