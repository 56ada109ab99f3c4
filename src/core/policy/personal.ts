/** Settings of policy that a person may tighten, or set for their own machine, with `git config gitsession.<name>`. Pure. */

import { policyValue, withPolicyValue } from './keys.ts';
import { isKeepDays, type Policy } from './policy.ts';
import { placeFault } from './worktree.ts';

/** Values that a wish may have, from lax to strict: these words, or any number of days. */
type Scale = readonly string[] | 'days';

/** By key of the policy: the name below `gitsession.`, and its values. */
const TIGHTENABLE = {
  presence: { name: 'presence', values: ['none', 'prompt', 'terminal', 'security-key'] },
  auto_start: { name: 'autoStart', values: ['auto', 'suggest', 'off'] },
  'trash.keep_days': { name: 'trashKeepDays', values: 'days' },
} as const satisfies Record<string, { name: string; values: Scale }>;

type Tightenable = keyof typeof TIGHTENABLE;
type Personal = Tightenable | 'worktree.place';

/** The parts of a policy that a person has a say in. */
type Part = Pick<Policy, 'presence' | 'auto_start' | 'trash' | 'worktree'>;

/** Where worktrees lie is nobody's business but the person's whose disk it is. */
const PLACE = 'worktreePlace';

/** What this clone remembers in the same section of git's configuration: no wishes of a person. */
const REMEMBERED = ['policybranch', 'policyroot'];

/** The person's own configuration: names below `gitsession.` in lower case. */
export type Own = ReadonlyMap<string, string>;

export interface Wish {
  /** As a person types it: `gitsession.autoStart`. */
  name: string;
  value: string;
  /** The key of the policy that it is about; null where there is none of that name. */
  key: Personal | null;
  /** `tightens`; `replaces` (theirs alone to say); `same`; `laxer` (policy is stricter and stays); `invalid` (no such value); `unknown` (no such setting). */
  effect: 'tightens' | 'replaces' | 'same' | 'laxer' | 'invalid' | 'unknown';
}

/** What each personal setting does to a policy, in git's order. */
export function wishes(policy: Part, own: Own): Wish[] {
  return [...own].filter(([name]) => !REMEMBERED.includes(name)).map(([name, value]) => wish(policy, name, value));
}

function wish(policy: Part, name: string, value: string): Wish {
  if (name === PLACE.toLowerCase()) {
    const effect = placeFault(value, true) !== null ? 'invalid' : value === policy.worktree.place ? 'same' : 'replaces';
    return { name: `gitsession.${PLACE}`, value, key: 'worktree.place', effect };
  }
  const key = (Object.keys(TIGHTENABLE) as Tightenable[]).find((one) => TIGHTENABLE[one].name.toLowerCase() === name);
  if (!key) return { name: `gitsession.${name}`, value, key: null, effect: 'unknown' };
  const [wanted, now] = [rank(key, value), rank(key, String(policyValue(policy, key)))];
  const effect = wanted < 0 ? 'invalid' : wanted > now ? 'tightens' : wanted === now ? 'same' : 'laxer';
  return { name: `gitsession.${TIGHTENABLE[key].name}`, value, key, effect };
}

/** How strict a value is; below 0 where it is none. */
function rank(key: Tightenable, value: string): number {
  const values: Scale = TIGHTENABLE[key].values;
  if (values !== 'days') return values.indexOf(value);
  return isKeepDays(value) ? Number(value) : -1;
}

/** True where the value in force is the person's own. */
export const counts = ({ effect }: Wish): boolean => effect === 'tightens' || effect === 'replaces';

/** The policy with what the person has tightened or set for themselves; laxer, invalid and unknown values are left aside. */
export function withWishes<P extends Part>(policy: P, own: Own): P {
  return wishes(policy, own)
    .filter(counts)
    .reduce((now, { key, value }) => (key ? withPolicyValue(now, key, isDays(key) ? Number(value) : value) : now), policy);
}

const isDays = (key: Personal): boolean => key !== 'worktree.place' && TIGHTENABLE[key].values === 'days';

/** What a personal setting may be, in words, after its value. */
export function allowed(key: Personal, value: string): string {
  if (key === 'worktree.place') return `a place ${placeFault(value, true)}`;
  const { values } = TIGHTENABLE[key];
  return `it may be ${values === 'days' ? 'a whole number of days' : `${values.join(', ')} (from lax to strict)`}`;
}
