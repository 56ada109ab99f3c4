/** The token formats to look for, and one expression that tells which of them a text can hold at all. Compiled when first needed. */

import { OWN_RULES } from './own-rules.ts';
// From @secretlint/secretlint-rule-preset-recommend (MIT); scripts/refresh-secret-rules.mjs makes the file, which names version and licence.
import type { SecretRule } from './secret-rule.ts';
import vendored from './secretlint.rules.json' with { type: 'json' };

const RULES: readonly SecretRule[] = [...vendored.rules, ...OWN_RULES];
/** Characters up to which a text is searched keyword by keyword. */
const SHORT_TEXT = 8192;
const compiled = new Map<SecretRule, RegExp>();
let keywords: { expression: RegExp; byKeyword: Map<string, SecretRule[]> } | null = null;

/** The rules for a file with this path whose keyword occurs in its text. */
export function rulesFor(text: string, path: string): Set<SecretRule> {
  const isFor = ({ files }: SecretRule) => files === undefined || files.some((end) => path.endsWith(end));
  // Looking for each keyword costs less than compiling the expression of all of them.
  if (text.length <= SHORT_TEXT) return new Set(RULES.filter((rule) => isFor(rule) && rule.keywords.some((word) => text.includes(word))));
  keywords ??= compileKeywords();
  const found = new Set<SecretRule>();
  const { expression, byKeyword } = keywords;
  expression.lastIndex = 0;
  for (let match = expression.exec(text); match; match = expression.exec(text)) {
    for (const rule of byKeyword.get(match[0]) ?? []) if (isFor(rule)) found.add(rule);
    // Keywords may overlap (`sk-` and `sk-ant-`): look again from the next character.
    expression.lastIndex = match.index + 1;
  }
  return found;
}

/** The compiled expression of a rule. */
export function expressionOf(rule: SecretRule): RegExp {
  let expression = compiled.get(rule);
  if (!expression) {
    expression = new RegExp(rule.source, rule.flags);
    compiled.set(rule, expression);
  }
  return expression;
}

function compileKeywords() {
  const byKeyword = new Map<string, SecretRule[]>();
  for (const rule of RULES) for (const word of rule.keywords) byKeyword.set(word, [...(byKeyword.get(word) ?? []), rule]);
  // A shorter keyword that begins a longer one is the one that matches: it then stands for the rules of both.
  const words = [...byKeyword.keys()].sort();
  for (const short of words) {
    for (const long of words) {
      if (long !== short && long.startsWith(short)) byKeyword.set(short, [...(byKeyword.get(short) ?? []), ...(byKeyword.get(long) ?? [])]);
    }
  }
  const shortest = words.filter((word) => !words.some((other) => other !== word && word.startsWith(other)));
  return { byKeyword, expression: new RegExp(shortest.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g') };
}
