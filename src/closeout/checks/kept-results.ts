/**
 * Results that policy lets stand in (`reuse: true`): by tree, check and what else decides them. Only passes are kept. An agent of the same user
 * can write any file here, so nothing is believed but that policy wants a pass to stand in: no figure comes from here, and a required one is a concern of the review.
 */

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { CheckPolicy, CheckResult, Policy } from '../../core/policy/policy.ts';
import { asObject, canonicalJson, type Json, parseJson } from '../../core/text/json.ts';
import { readOrNull, writeAtomic } from '../../store/files.ts';
import { privatePaths } from '../../store/paths.ts';
import { blankResult } from './result.ts';

/** sha256 over the tree on disk, the check as policy has it, the set-up, the variables let through, and the machine's kind. */
export function resultKey(check: CheckPolicy, treeOnDisk: string, checks: Policy['checks'], env: NodeJS.ProcessEnv): string {
  const { setup, setup_inputs, setup_outputs } = checks;
  const variables = check.env.map((name) => [name, env[name] ?? null]);
  const facts = [1, treeOnDisk, check, setup, setup_inputs, setup_outputs, variables, process.platform, process.arch, process.version];
  return createHash('sha256')
    .update(canonicalJson(facts as unknown as Json))
    .digest('hex');
}

const place = (commonDir: string, key: string) => join(privatePaths(commonDir).cache, 'checks', `${key}.json`);

/** A pass without figures, `reused_from` set to the time of its run; null where none is kept for exactly this tree and check. */
export function keptResult(commonDir: string, key: string, check: CheckPolicy, tree: string): CheckResult | null {
  const kept = asObject(parseJson(readOrNull(place(commonDir, key)) ?? ''));
  const result = asObject(kept?.result) as CheckResult | null;
  if (!result || typeof kept?.at !== 'string' || Number.isNaN(Date.parse(kept.at))) return null;
  if (result.tree !== tree || result.name !== check.name || result.source !== 'policy' || result.status !== 'passed') return null;
  const detail = 'Passed earlier on this tree; its figures are not recorded.';
  return { ...blankResult(check, 'policy', tree), status: 'passed', detail, reused_from: new Date(kept.at).toISOString() };
}

/** Keeps a pass. */
export function keepResult(commonDir: string, key: string, result: CheckResult, at: string): void {
  if (result.status === 'passed') writeAtomic(place(commonDir, key), JSON.stringify({ at, result }));
}
