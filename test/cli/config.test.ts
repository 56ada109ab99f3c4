/** `git session config`: every setting with its value and source; personal ones only tighten; the file at hand is checked. */

import { describe, expect, test } from 'vitest';
import { schema } from '../../src/cli/schemas/config.ts';
import { makeApprovedRepo } from '../support/approved-repo.ts';
import { makeRepo } from '../support/repo.ts';

const POLICY = 'presence: prompt\nland: pr\nrouting:\n  mode: warn\n';

describe('config', () => {
  test('names value and source, and a personal setting counts only where it is stricter', async () => {
    const { repo } = makeApprovedRepo(POLICY);
    repo.git('config', 'gitsession.presence', 'security-key');
    repo.git('config', 'gitsession.autoStart', 'auto');
    const facts = schema.parse(await repo.json(['config']));
    const of = (key: string) => facts.settings.find((setting) => setting.key === key);
    expect(of('presence')).toMatchObject({ value: 'security-key', source: 'personal', line: 2, default: 'terminal' });
    expect(of('land.by')).toMatchObject({ value: 'pr', source: 'policy', line: 3 });
    expect(of('routing.mode')).toMatchObject({ value: 'warn', source: 'policy', line: 5, column: 9 });
    expect(of('auto_start')).toMatchObject({ value: 'suggest', source: 'default', line: null });
    expect(facts.commit).toBe(repo.git('rev-parse', 'HEAD'));
    const shown = await repo.ok(['config']);
    expect(shown.out).toMatch(/^ {2}presence +security-key +gitsession\.presence$/m);
    expect(shown.out).toMatch(/^ {2}routing\.mode +warn +\.sessionrc\.yaml:5$/m);
    expect(shown.err).toContain('gitsession.autoStart is "auto", and does nothing');
    expect((await repo.ok(['config', 'routing.mode'])).out).toBe('warn\n');
  });

  test('checks the file at hand, which is not yet in force', async () => {
    const { repo } = makeApprovedRepo(POLICY);
    repo.write('.sessionrc.yaml', 'version: 1\nrouting:\n  mode: strict\n');
    expect((await repo.ok(['config'])).err).toContain('land.by, presence, routing.mode differ');
    repo.write('.sessionrc.yaml', 'version: 1\nrouting:\n  mode: lenient\n  rots: []\n');
    const before = repo.snapshot();
    const broken = await repo.session(['config', 'routing.mode']);
    expect(broken.code).toBe(1);
    expect(broken.out).toBe('warn\n');
    expect(broken.err).toContain('.sessionrc.yaml:3:9: routing.mode: must be one of');
    expect(broken.err).toContain('.sessionrc.yaml:4:3: unknown key "rots" in routing (did you mean "roots"?)');
    expect(repo.snapshot()).toBe(before);
  });

  test('without a policy it shows the defaults; an unknown setting is wrong usage', async () => {
    const repo = makeRepo();
    expect((await repo.ok(['config'])).out).toContain('No policy is in force');
    const wrong = await repo.session(['config', 'routing.mod']);
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('git session config routing.mode')]);
  });
});
