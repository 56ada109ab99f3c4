/** Finds secrets in text. Names rule and line; never returns, keeps or prints the secret itself. Pure; hot path. */

import type { Policy } from '../policy/policy.ts';
import { globMatcher } from '../routing/glob.ts';
import { assignedSecrets, isPlaceholder } from './generic.ts';
import { expressionOf, rulesFor } from './rules.ts';

export interface SecretFinding {
  /** Provider or kind: `github`, `privatekey`, `generic-secret` ... */
  rule: string;
  /** Line of the text, from 1. */
  line: number;
}

/** Every line of `text` that holds a secret, by line; a rule is named once a line. Text with a NUL near its beginning is binary, as git tells it, and gives nothing. `path` decides which values stand without quotes. */
export function scanSecrets(text: string, path: string): SecretFinding[] {
  if (text.slice(0, 8000).includes('\0')) return [];
  const hits: { rule: string; index: number }[] = [];
  for (const rule of rulesFor(text, path)) {
    for (const match of text.matchAll(expressionOf(rule))) {
      if (isSecret(match)) hits.push({ rule: rule.rule, index: match.index });
    }
  }
  const known = hits.length;
  hits.push(...assignedSecrets(text, path));
  return perLine(text, hits, known);
}

/** Not the documented examples of AWS, nor an address without a password or with a stand-in for one. */
function isSecret(match: RegExpExecArray): boolean {
  if (!match.groups || !('password' in match.groups)) return !/EXAMPLE|\$\{|^_authToken=(?:<|YOUR|your)/.test(match[0]);
  const { password, user, username } = match.groups;
  // A short word or number is what documentation puts there.
  return (
    password !== undefined && !/^(?:[a-z]{1,8}|\d{1,6})$/i.test(password) && !isPlaceholder(password) && password !== (user ?? username)
  );
}

/** Indices as lines; a line with a known format needs no generic finding beside it. */
function perLine(text: string, hits: { rule: string; index: number }[], known: number): SecretFinding[] {
  const named = new Set<number>();
  const seen = new Set<string>();
  const lines = lineCounter(text, hits);
  const found: SecretFinding[] = [];
  for (const [n, hit] of hits.entries()) {
    const line = lines(hit.index);
    if (n < known) named.add(line);
    else if (named.has(line)) continue;
    const key = `${line} ${hit.rule}`;
    if (!seen.has(key)) found.push({ rule: hit.rule, line });
    seen.add(key);
  }
  return found.sort((a, b) => a.line - b.line || (a.rule < b.rule ? -1 : 1));
}

/** Line of an index, counted in one pass over the text up to the last hit. */
function lineCounter(text: string, hits: { index: number }[]): (index: number) => number {
  const lineOf = new Map<number, number>();
  let line = 1;
  let at = 0;
  for (const index of [...new Set(hits.map((hit) => hit.index))].sort((a, b) => a - b)) {
    for (let next = text.indexOf('\n', at); next >= 0 && next < index; next = text.indexOf('\n', at)) {
      line++;
      at = next + 1;
    }
    lineOf.set(index, line);
  }
  return (index) => lineOf.get(index) ?? 1;
}

/** The findings less those that policy accepts (`secrets.allow`): a rule's name or `*`, and a glob of paths. */
export function notAllowed(findings: SecretFinding[], path: string, allow: Policy['secrets']['allow']): SecretFinding[] {
  const here = allow.filter((entry) => globMatcher([entry.path])(path));
  return findings.filter((finding) => !here.some((entry) => entry.rule === finding.rule || entry.rule === '*'));
}
