/** The settings of the policy by their dotted names, as `git session config` and errors call them. Pure. */

import { DEFAULT_POLICY, type Policy } from './policy.ts';

/** Mappings whose keys are anybody's: one setting as a whole. */
const WHOLE = ['memory.namespaces'];

/** Every setting, in the order of the file: `branch.prefix`, `checks.list`. */
export const POLICY_KEYS: readonly string[] = leaves(DEFAULT_POLICY, '');

/** The value of a setting. */
export function policyValue(policy: Policy, key: string): unknown {
  return key.split('.').reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], policy);
}

function leaves(value: object, prefix: string): string[] {
  return Object.entries(value).flatMap(([name, inner]) => {
    const key = prefix + name;
    const mapping = inner !== null && typeof inner === 'object' && !Array.isArray(inner);
    return mapping && !WHOLE.includes(key) ? leaves(inner, `${key}.`) : [key];
  });
}
