/** Test Anything Protocol, of any producer. Pure. */

import { counts, type TestCounts } from './counts.ts';

/**
 * Counts of the points at the top level, or null where the lines hold no TAP. Subtests belong to their point. As TAP has it, a point that is
 * planned and not there has failed, and so has what bailed out.
 */
export function countTap(lines: readonly string[]): TestCounts | null {
  const plans = lines.flatMap((line) => /^1\.\.(\d+)(?:\s|$)/.exec(line)?.[1] ?? []);
  let [passed, failed, skipped] = [0, 0, 0];
  for (const line of lines) {
    const point = /^(not )?ok\b(.*)$/.exec(line);
    if (!point) continue;
    if (/(?<!\\)#\s*(skip|todo)/i.test(point[2] ?? '')) skipped++;
    else if (point[1]) failed++;
    else passed++;
  }
  // "ok" alone begins lines of other programs too: a plan is what makes it TAP.
  if (plans.length === 0) return null;
  const planned = plans.reduce((sum, plan) => sum + Number(plan), 0);
  const absent = Math.max(0, planned - passed - failed - skipped);
  const bailed = absent === 0 && lines.some((line) => /^Bail out!/.test(line)) ? 1 : 0;
  return counts(passed, failed + absent + bailed, skipped);
}
