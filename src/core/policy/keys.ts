/** The settings of the policy by their dotted names, as `git session config` and errors call them. Pure. */

import { DEFAULT_POLICY, type Policy } from './policy.ts';

/** Mappings whose keys are anybody's: one setting as a whole. */
const WHOLE = ['memory.namespaces'];

/** Every setting, in the order of the file: `branch.prefix`, `checks.list`. */
export const POLICY_KEYS: readonly string[] = leaves(DEFAULT_POLICY, '');

/** The value of a setting. */
export function policyValue(policy: Partial<Policy>, key: string): unknown {
  return key.split('.').reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], policy);
}

/** The policy with another value of a setting. */
export function withPolicyValue<P extends object>(policy: P, key: string, value: unknown): P {
  const [step = '', ...rest] = key.split('.');
  const inner = (policy as Record<string, object>)[step] ?? {};
  return { ...policy, [step]: rest.length === 0 ? value : withPolicyValue(inner, rest.join('.'), value) };
}

function leaves(value: object, prefix: string): string[] {
  return Object.entries(value).flatMap(([name, inner]) => {
    const key = prefix + name;
    const mapping = inner !== null && typeof inner === 'object' && !Array.isArray(inner);
    return mapping && !WHOLE.includes(key) ? leaves(inner, `${key}.`) : [key];
  });
}
