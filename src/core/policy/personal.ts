/** Settings of policy that a person may tighten in one clone with `git config gitsession.<name>`. Pure. */

import type { Policy } from './policy.ts';

type Tightenable = 'presence' | 'auto_start';

/** By key of the policy: the name below `gitsession.`, and the values from lax to strict. */
const PERSONAL: { [K in Tightenable]: { name: string; values: readonly Policy[K][] } } = {
  presence: { name: 'presence', values: ['none', 'prompt', 'terminal', 'security-key'] },
  auto_start: { name: 'autoStart', values: ['auto', 'suggest', 'off'] },
};

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
export function wishes(policy: Pick<Policy, Tightenable>, own: Own): Wish[] {
  return [...own]
    .filter(([name]) => !REMEMBERED.includes(name))
    .map(([name, value]) => {
      const key = keys().find((one) => PERSONAL[one].name.toLowerCase() === name);
      if (!key) return { name: `gitsession.${name}`, value, key: null, effect: 'unknown' };
      const values: readonly string[] = PERSONAL[key].values;
      const [wanted, now] = [values.indexOf(value), values.indexOf(policy[key])];
      const effect = wanted < 0 ? 'invalid' : wanted > now ? 'tightens' : wanted === now ? 'same' : 'laxer';
      return { name: `gitsession.${PERSONAL[key].name}`, value, key, effect };
    });
}

/** The policy with what the person has tightened; laxer and unknown values are left aside. */
export function tightened<P extends Pick<Policy, Tightenable>>(policy: P, own: Own): P {
  const stricter = wishes(policy, own).filter(({ effect }) => effect === 'tightens');
  return stricter.length === 0 ? policy : { ...policy, ...Object.fromEntries(stricter.map(({ key, value }) => [key, value])) };
}

/** Values of a key that a person may tighten, from lax to strict. */
export function strictness(key: string): readonly string[] {
  return key in PERSONAL ? PERSONAL[key as Tightenable].values : [];
}

function keys(): Tightenable[] {
  return Object.keys(PERSONAL) as Tightenable[];
}
