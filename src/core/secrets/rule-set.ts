/** By what the scan for secrets judges, for people to read. */

import { GENERIC_RULES } from './generic.ts';
import { OWN_RULES } from './own-rules.ts';
import vendored from './secretlint.rules.json' with { type: 'json' };

const names = (rules: readonly { rule: string }[]) => [...new Set(rules.map(({ rule }) => rule))].sort();

/** The vendored set with its version, and the names of the rules of either kind. */
export const RULE_SET = {
  name: `secretlint's recommended rules ${vendored.version}`,
  vendored: names(vendored.rules),
  own: [...new Set([...names(OWN_RULES), ...GENERIC_RULES])].sort(),
};
