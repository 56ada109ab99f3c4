/** Settings of policy that a person may tighten in one clone with `git config gitsession.<name>`. Pure. */

import { policyValue, withPolicyValue } from './keys.ts';
import { isKeepDays, type Policy } from './policy.ts';

/** Values that a wish may have, from lax to strict: these words, or any number of days. */
type Scale = readonly string[] | 'days';

/** By key of the policy: the name below `gitsession.`, and its values. */
const PERSONAL = {
  presence: { name: 'presence', values: ['none', 'prompt', 'terminal', 'security-key'] },
  auto_start: { name: 'autoStart', values: ['auto', 'suggest', 'off'] },
  'trash.keep_days': { name: 'trashKeepDays', values: 'days' },
} as const satisfies Record<string, { name: string; values: Scale }>;

type Tightenable = keyof typeof PERSONAL;
type Tightened = Pick<Policy, 'presence' | 'auto_start' | 'trash'>;

/** What this clone remembers in the same section of git's configuration: no wishes of a person. */
const REMEMBERED = ['policybranch', 'policyroot'];

/** The person's own configuration: names below `gitsession.` in lower case. */
export type Own = ReadonlyMap<string, string>;

export interface Wish {
  /** As a person types it: `gitsession.autoStart`. */
  name: string;
  value: string;
  /** The key of the policy that it is about; null where there is none of that name. */
  key: Tightenable | null;
  /** `tightens`; `same`; `laxer` (policy is stricter and stays); `invalid` (no such value); `unknown` (no such setting). */
  effect: 'tightens' | 'same' | 'laxer' | 'invalid' | 'unknown';
}

/** What each personal setting does to a policy, in git's order. */
export function wishes(policy: Tightened, own: Own): Wish[] {
  return [...own]
    .filter(([name]) => !REMEMBERED.includes(name))
    .map(([name, value]) => {
      const key = keys().find((one) => PERSONAL[one].name.toLowerCase() === name);
      if (!key) return { name: `gitsession.${name}`, value, key: null, effect: 'unknown' };
      const [wanted, now] = [rank(key, value), rank(key, String(policyValue(policy, key)))];
      const effect = wanted < 0 ? 'invalid' : wanted > now ? 'tightens' : wanted === now ? 'same' : 'laxer';
      return { name: `gitsession.${PERSONAL[key].name}`, value, key, effect };
    });
}

/** The policy with what the person has tightened; laxer and unknown values are left aside. */
export function tightened<P extends Tightened>(policy: P, own: Own): P {
  return wishes(policy, own).reduce(
    (now, { key, value, effect }) =>
      key && effect === 'tightens' ? withPolicyValue(now, key, PERSONAL[key].values === 'days' ? Number(value) : value) : now,
    policy,
  );
}

/** What a setting that a person may tighten can be, in words. */
export function strictness(key: string): string {
  if (!(key in PERSONAL)) return '';
  const { values } = PERSONAL[key as Tightenable];
  return values === 'days' ? 'a whole number of days' : `${values.join(', ')} (from lax to strict)`;
}

/** How strict a value is; below 0 where it is none. */
function rank(key: Tightenable, value: string): number {
  const values: Scale = PERSONAL[key].values;
  if (values !== 'days') return values.indexOf(value);
  return isKeepDays(value) ? Number(value) : -1;
}

function keys(): Tightenable[] {
  return Object.keys(PERSONAL) as Tightenable[];
}
