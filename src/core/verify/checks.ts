/** Judging check results: what policy requires against what the manifest says, and the log's records against both. Pure. */

import type { Manifest } from '../closeout/manifest.ts';
import type { AnyRecord, SessionRecord } from '../log/record.ts';
import type { CheckPolicy, CheckResult } from '../policy/policy.ts';
import { globMatcher } from '../routing/glob.ts';
import { oneLine } from '../text/text.ts';
import { type Finding, failed, short } from './finding.ts';

export interface CheckFacts {
  manifest: Manifest;
  /** The checks of the policy in force at the landing. */
  policy: readonly CheckPolicy[];
  /** Paths that differ from base to the checked tree; null where they cannot be told. */
  changed: readonly string[] | null;
}

/** Every required check is there, ran on the checked tree, and passed or was rightly not needed. */
export function judgeChecks({ manifest, policy, changed }: CheckFacts): Finding[] {
  const findings: Finding[] = [];
  const results = new Map<string, CheckResult>();
  for (const result of manifest.checks) {
    const key = `${result.source} ${result.name}`;
    if (results.has(key)) findings.push(failed('check-twice', `The manifest holds two results of the check ${named(result)}.`));
    results.set(key, result);
    if (result.tree !== manifest.checked_tree) {
      const what = `The check ${named(result)} ran on the tree ${short(result.tree)}, not on the checked tree ${short(manifest.checked_tree)}.`;
      findings.push(failed('check-tree', what));
    }
    if (result.source === 'built-in' && result.required && !isFine(result)) {
      findings.push(failed('check-not-passed', `The required check ${named(result)} was approved as ${result.status}.`));
    }
  }
  // The one built-in check that every closeout requires, whatever its policy says.
  if (!results.get('built-in secrets')?.required) {
    findings.push(failed('check-missing', 'The manifest has no result of the built-in check "secrets", which is always required.'));
  }
  for (const check of policy) {
    const result = results.get(`policy ${check.name}`);
    if (!check.required && !result) continue;
    if (!result) {
      findings.push(failed('check-missing', `The manifest has no result of the check ${named(check)}, which policy requires.`));
    } else if (check.required && !isFine(result)) {
      findings.push(failed('check-not-passed', `The check ${named(check)} is required and was approved as ${result.status}.`));
    } else if (result.status === 'not-needed' && changed) {
      const matches = globMatcher(check.paths);
      const touched = check.paths.length === 0 ? changed[0] : changed.find((path) => matches(path));
      if (touched === undefined) continue;
      const what = `The check ${named(check)} is said to be not needed, but the session changed ${oneLine(touched, 120)}.`;
      findings.push(failed('check-needed', what));
    }
  }
  return findings;
}

/**
 * The log's own records of checks against the manifest: of several runs on the checked tree the last one counts.
 * `strict`: the sealing and the approval were one act, so the log must know every check that ran.
 */
export function judgeCheckRecords(manifest: Manifest, records: readonly AnyRecord[], strict: boolean): Finding[] {
  const findings: Finding[] = [];
  const last = new Map<string, SessionRecord<'check.ran'>>();
  for (const record of records) {
    if (record.kind !== 'check.ran') continue;
    if (record.actor.kind !== 'tool') {
      const what = `The log holds a result of the check ${named(record.data)} written by ${oneLine(record.actor.name, 80)}; only the tool that ran it writes results.`;
      findings.push(failed('check-record-actor', what));
    }
    if (record.data.tree === manifest.checked_tree) last.set(record.data.name, record as SessionRecord<'check.ran'>);
  }
  for (const [name, { data }] of last) {
    const result = manifest.checks.find((check) => check.name === name);
    const found = result ? difference(data, result) : 'the manifest has no such check';
    if (found === null) continue;
    const what = `The log's record of the check ${named({ name })} on the checked tree is forged or stale: ${found}.`;
    findings.push(failed('check-record', what));
  }
  for (const result of strict ? manifest.checks : []) {
    if (last.has(result.name) || result.status === 'not-needed' || result.status === 'not-run') continue;
    const what = `The manifest has a result of the check ${named(result)} that the log knows nothing of.`;
    findings.push(failed('check-unrecorded', what));
  }
  return findings;
}

function difference(record: SessionRecord<'check.ran'>['data'], result: CheckResult): string | null {
  const pairs: [string, unknown, unknown][] = [
    ['', record.status, result.status],
    ['exit code ', record.exit_code, result.exit_code],
    ['tests ', record.tests ?? null, result.tests?.total ?? null],
    ['failed tests ', record.failed ?? null, result.tests?.failed ?? null],
    ['coverage ', record.coverage ?? null, result.coverage],
  ];
  const other = pairs.find(([, said, approved]) => said !== approved);
  return other ? `it says ${other[0]}${other[1] ?? 'none'}, the manifest ${other[0]}${other[2] ?? 'none'}` : null;
}

const isFine = ({ status }: CheckResult) => status === 'passed' || status === 'not-needed';
const named = ({ name }: { name: string }) => `"${oneLine(name, 80)}"`;
