import { expect, test } from 'vitest';
import { POLICY_KEYS, policyValue } from '../../src/core/policy/keys.ts';
import { wishes, withWishes } from '../../src/core/policy/personal.ts';
import { DEFAULT_POLICY } from '../../src/core/policy/policy.ts';
import { placesInPolicy } from '../../src/trust/policy-file.ts';

const own = (entries: Record<string, string>) => new Map(Object.entries(entries));

test('a person\u2019s own wish only tightens', () => {
  const wished = (presence: 'none' | 'terminal' | 'security-key', wish: string) =>
    withWishes({ ...DEFAULT_POLICY, presence }, own({ presence: wish })).presence;
  expect(wished('none', 'terminal')).toBe('terminal');
  expect(wished('terminal', 'none')).toBe('terminal');
  expect(wished('security-key', 'terminal')).toBe('security-key');
  expect(wished('terminal', 'nonsense')).toBe('terminal');
  expect(withWishes(DEFAULT_POLICY, own({ autostart: 'off' })).auto_start).toBe('off');
  expect(withWishes(DEFAULT_POLICY, own({ autostart: 'auto' })).auto_start).toBe('suggest');
  const kept = (days: string) => withWishes(DEFAULT_POLICY, own({ trashkeepdays: days })).trash.keep_days;
  expect(['90', '9', '-1', '1e9', 'ever'].map(kept)).toEqual([90, 60, 60, 60, 60]);
});

test('what each wish does, and what this clone remembers is none', () => {
  const told = wishes(DEFAULT_POLICY, own({ presence: 'none', autostart: 'off', policyroot: 'abc', policybranch: 'main', routing: 'off' }));
  expect(told.map(({ name, effect }) => [name, effect])).toEqual([
    ['gitsession.presence', 'laxer'],
    ['gitsession.autoStart', 'tightens'],
    ['gitsession.routing', 'unknown'],
  ]);
});

test('where worktrees lie is the person\u2019s to say', () => {
  const at = (place: string) => withWishes(DEFAULT_POLICY, own({ worktreeplace: place })).worktree.place;
  expect(at('~/trees/{repo}/{topic}')).toBe('~/trees/{repo}/{topic}');
  for (const wrong of ['~/trees', '/x/{nobody}/{topic}', '']) expect(at(wrong)).toBe(DEFAULT_POLICY.worktree.place);
  expect(wishes(DEFAULT_POLICY, own({ worktreeplace: '~/{topic}' }))).toMatchObject([
    { name: 'gitsession.worktreePlace', effect: 'replaces' },
  ]);
  expect(wishes(DEFAULT_POLICY, own({ worktreeplace: '~/x' }))).toMatchObject([{ key: 'worktree.place', effect: 'invalid' }]);
});

test('where a policy file sets what', () => {
  const text = 'version: 1\nland: pr\nchecks:\n  - name: a\n    run: b\nrouting:\n  mode: warn\nmemory:\n';
  expect(Object.fromEntries(placesInPolicy(text))).toEqual({
    version: { line: 1, column: 10 },
    'land.by': { line: 2, column: 7 },
    'checks.list': { line: 4, column: 3 },
    'routing.mode': { line: 7, column: 9 },
  });
  for (const key of POLICY_KEYS) expect(policyValue(DEFAULT_POLICY, key), key).toBeDefined();
});
