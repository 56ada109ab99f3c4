/** The built-in checks, in the order in which they are shown. */

import type { CheckResult } from '../../../core/policy/policy.ts';
import { oneLine } from '../../../core/text/text.ts';
import { keepLog } from '../log-file.ts';
import { blankResult } from '../result.ts';
import { baseMoved } from './base-moved.ts';
import type { BuiltIn, BuiltInFacts } from './built-in.ts';
import { docsForCode } from './docs.ts';
import { largeFiles } from './large-files.ts';
import { logHealth } from './log-health.ts';
import { routing } from './routing.ts';
import { secrets } from './secrets.ts';

export const BUILT_INS: readonly BuiltIn[] = [routing, docsForCode, secrets, largeFiles, logHealth, baseMoved];

/** The result of one built-in check. A failure of the check itself is "not-run" with its reason: never a pass. */
export async function runBuiltIn(check: BuiltIn, facts: BuiltInFacts): Promise<CheckResult> {
  const blank = blankResult(check, 'built-in', facts.tree);
  const started = performance.now();
  try {
    const { status, detail, findings, rules = [] } = await check.run(facts);
    const lines = [detail, ...findings, ...rules];
    const log = keepLog(facts.repo.commonDir, Buffer.from(`${lines.join('\n')}\n`));
    return { ...blank, status, detail, duration_ms: Math.round(performance.now() - started), log_sha256: log };
  } catch (error) {
    return { ...blank, detail: `It could not be run: ${oneLine(error instanceof Error ? error.message : String(error))}` };
  }
}
