/** The reasoning bank through the built CLI: recorded, proposed, kept or dropped, measured, offered, merged, un-learned. */

import { beforeAll, describe, expect, test } from 'vitest';
import { copyOf, makeApprovedRepo } from '../support/approved-repo.ts';
import type { TestRepo } from '../support/repo.ts';

const YAML = `title: JWT in httpOnly cookies
pattern_id: auth-jwt
approach: Short access tokens in httpOnly cookies, refresh tokens that rotate
implementation:
  access_token_ttl: 15min
success_metrics: { sessions_used: 5, success_rate: 100, test_coverage_avg: 98 }
lessons_learned: [Use short access token TTL for security]
applies_to: [keep users logged in between visits, build a login]
`;
const MARKDOWN = `---
kind: pitfall
applies_to:
  - test a login that expires
---
# Fake timers hang the database pool

Close the pool before the clock is faked.
`;

let fresh: TestRepo;

beforeAll(async () => {
  fresh = makeApprovedRepo().repo;
  await fresh.ok(['start', 'auth-system']);
});

describe('pattern record', () => {
  let repo: TestRepo;
  beforeAll(() => {
    repo = copyOf(fresh);
  });
  const journal = async () => (await repo.json(['pattern', 'list'])).total;

  test('takes YAML, JSON, Markdown, standard input and options, and keeps figures as claims', async () => {
    repo.write('jwt.yaml', YAML);
    repo.write('timers.md', MARKDOWN);
    expect(await repo.json(['pattern', 'record', 'jwt.yaml'])).toMatchObject({ key: 'pattern/auth-jwt', change: 'new', alike: [] });
    await repo.ok(['pattern', 'record', 'timers.md', '--key', 'testing/fake-timers']);
    await repo.ok(['pattern', 'record', '--stdin'], { input: '{"title":"Write the down migration first","approach":"Then the up one"}' });
    const options = ['--title', 'Lock out after ten tries', '--approach', 'Count by account and by address', '--kind', 'strategy'];
    await repo.ok(['pattern', 'record', ...options, '--lesson', 'one', '--lesson', 'two', '--tags', 'auth', '--agent', 'coder']);
    const { patterns } = await repo.json(['pattern', 'list']);
    expect(patterns).toMatchObject([
      {
        ...{ pattern_id: 'auth-jwt', implementation: { access_token_ttl: '15min' }, measured: { k: 0, n: 0 } },
        success_metrics: { sessions_used: 1, success_rate: null, test_coverage_avg: null },
        claimed: { success_rate: 100, sessions_used: 5, test_coverage_avg: 98 },
        provenance: { approver: null, commit: null },
      },
      { key: 'pattern/lock-out-after-ten-tries', lessons_learned: ['one', 'two'], tags: ['auth'], provenance: { by: 'coder' } },
      {
        ...{ key: 'pattern/testing/fake-timers', kind: 'pitfall', title: 'Fake timers hang the database pool' },
        ...{ approach: 'Close the pool before the clock is faked.', applies_to: ['test a login that expires'] },
      },
      { key: 'pattern/write-the-down-migration-first' },
    ]);
    const stored = await repo.json(['memory', 'get', 'pattern/auth-jwt']);
    expect(stored.value).not.toHaveProperty('success_metrics');
    expect(stored.value.claimed).toMatchObject({ success_rate: 100 });
  });

  test('points out what is nearly the same, with how much', async () => {
    const again = ['--title', 'httpOnly cookies for a JWT', '--approach', 'Short access tokens, rotate refresh tokens'];
    const told = await repo.json(['pattern', 'record', ...again, '--applies-to', 'build a login']);
    expect(told.alike).toMatchObject([{ key: 'pattern/auth-jwt', similarity: expect.any(Number) }]);
    expect(told.alike[0].similarity).toBeGreaterThan(50);
    const pitfall = ['--id', 'cookies-lost', '--kind', 'pitfall', ...again];
    expect((await repo.json(['pattern', 'record', ...pitfall])).alike).toEqual([]);
    const before = await journal();
    const merge = await repo.session(['pattern', 'merge', 'cookies-lost', 'auth-jwt']);
    expect([merge.code, merge.err]).toEqual([
      1,
      expect.stringContaining('pattern/cookies-lost is a pitfall, and pattern/auth-jwt a strategy.'),
    ]);
    expect([await journal(), (await repo.json(['pattern', 'show', 'cookies-lost'])).kind]).toEqual([before, 'pitfall']);
  });

  test.each([
    [
      'a.yaml',
      'title: x\nkind: strategi\napproach: y\nlessons: z\n',
      ['a.yaml:2:7: kind: must be one of', 'a.yaml:4:1: unknown key "lessons"'],
    ],
    ['b.json', '{\n  "title": "x",\n  "approach": [\n', ['b.json:4:1: ']],
    ['c.md', '---\ntitle: x\nsuccess_rate: 120\n---\nbody\n', ['c.md:3:15: success_rate: must be 0 to 100']],
    ['d.md', '---\napproach: x\ndescription: y\n---\nbody\n', ['the text below it has no field']],
    ['e.yaml', 'title: only a title\n', ['needs an approach']],
    ['f.yaml', 'title: "a\\u202eb"\napproach: x\n', ['f.yaml:1:8: title: must be one line without control']],
    ['g.yaml', '- a\n', ['g.yaml:1:1: it must be a mapping']],
    ['h.yaml', 'title: x\napproach: &a [*a, *a]\n', ['h.yaml:']],
    ['i.yaml', `title: x\napproach: token = ghp_${'a1B2c3D4e5'.repeat(3)}F6g7H8\n`, ['looks like a secret']],
    ['k.md', '# Tokens\n\nRotate them.\n', ['is Markdown without front matter', '---\n      kind: strategy\n']],
    ['l.txt', '# Tokens\n\nRotate: them: always\n', ['is Markdown without front matter']],
    ['j.yaml', `title: x\napproach: ${'x'.repeat(70_000)}\n`, ['larger than 64 KB']],
  ])('refuses %s with the place of each mistake, and records nothing', async (file, text, said) => {
    const before = await journal();
    repo.write(file, text);
    const ran = await repo.session(['pattern', 'record', file]);
    expect(ran.code).toBe(1);
    for (const part of said) expect(ran.err).toContain(part);
    expect(ran.err).not.toContain('a1B2c3D4e5a1B2');
    expect(await journal()).toBe(before);
  });

  test('without anything to record is wrong usage; there is no pattern of an unknown name, and one beginning may name several', async () => {
    expect((await repo.session(['pattern', 'record'])).code).toBe(2);
    expect((await repo.session(['pattern', 'record', '--title', 'x'])).err).toContain('the pattern: needs an approach');
    expect((await repo.session(['pattern', 'record', '--key', 'a//b', '--approach', 'x'])).code).toBe(2);
    expect((await repo.session(['pattern', 'show', 'nothing'])).code).toBe(1);
    expect((await repo.session(['pattern', 'use', 'auth-jwt', '--outcome', 'maybe'])).code).toBe(2);
    await repo.ok(['pattern', 'record', '--id', 'auth-other', '--approach', 'something else entirely']);
    expect((await repo.session(['pattern', 'use', 'auth-', '--outcome', 'success'])).err).toContain('names 2 patterns');
  });
});

describe('over sessions', () => {
  let repo: TestRepo;
  let first: string;
  const landed = async (topic: string, work: () => Promise<unknown>, ...closeout: string[]) => {
    if (topic) await repo.ok(['start', topic]);
    await work();
    return repo.json(['closeout', '--yes', ...closeout]);
  };
  const shown = (name: string) => repo.json(['pattern', 'show', name]);

  beforeAll(async () => {
    repo = copyOf(fresh);
    first = (
      await landed('', async () => {
        await repo.ok(['pattern', 'record', '--stdin'], { input: YAML });
        await repo.ok(['pattern', 'record', '--stdin'], { input: MARKDOWN });
        await repo.ok(['pattern', 'record', '--id', 'login-cookies', '--approach', 'Cookies for the login', '--lesson', 'SameSite strict']);
      })
    ).session;
  });

  test('what was kept is offered by start and pre-task with where it comes from, pitfalls as warnings, and recorded as offered', async () => {
    const started = await repo.session(['start', 'login-page', '--goal', 'Build a login that keeps users logged in']);
    expect(started.out).toContain(
      'no instructions.\n- strategy auth-jwt: "JWT in httpOnly cookies" (worked in 1 of 1 closeout; approved by dana@example.com',
    );
    const told = await repo.ok(['hooks', 'pre-task', '--task-id', 't1', '--description', 'Test a login whose session expires']);
    expect(told.out).toContain('- WARNING, a pitfall fake-timers-hang-the-database-pool: ');
    const none = await repo.json(['hooks', 'pre-task', '--task-id', 't2', '--description', 'Draw the logo']);
    expect(none.patterns).toEqual([]);
    await repo.ok(['hooks', 'post-task', '--task-id', 't1', '--wait']);
    await repo.ok(['hooks', 'post-task', '--task-id', 't2', '--wait']);
    const log = repo.git('grep', '-h', 'pattern.offered', 'HEAD', '--', '.swarm/log');
    expect(log).toContain('"pattern":"auth-jwt","to":"start"');
    expect(log).toContain('"to":"t1"');
    expect(log).not.toContain('"to":"t2"');
  });

  test('a use is a claim, and counts when the closeout is decided; a dropped change leaves what was approved', async () => {
    await repo.ok(['pattern', 'use', 'auth-jwt', '--outcome', 'failure', '--note', 'Safari drops it']);
    expect(await shown('auth-jwt')).toMatchObject({ measured: { k: 1, n: 1 }, claims: { success: 0, failure: 1 } });
    await repo.ok(['pattern', 'record', '--id', 'auth-jwt', '--title', 'JWT in memory', '--approach', 'Keep tokens in memory']);
    const review = await repo.session(['closeout', '--prepare']);
    expect(review.out).toContain('- JWT in memory, changed (worked in 1 of 1 closeout)');
    expect(review.out).toMatch(/approach - Short access tokens in httpOnly/);
    expect(review.out).toMatch(/approach \+ Keep tokens in memory/);
    const unknown = await repo.session(['closeout', '--yes', '--drop-pattern', 'auth-jw']);
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('proposes no pattern pattern/auth-jw')]);
    await repo.json(['closeout', '--yes', '--drop-pattern', 'auth-jwt']);
    expect(await shown('auth-jwt')).toMatchObject({
      ...{ title: 'JWT in httpOnly cookies', measured: { k: 2, n: 2 }, approved: true },
      success_metrics: { sessions_used: 2, success_rate: 100, test_coverage_avg: null },
      provenance: { session: first, approver: 'dana@example.com', commit: repo.git('rev-parse', `backup/${first}^{commit}`) },
      uses: [{ claim: null }, { claim: 'failure', note: 'Safari drops it' }],
    });
    expect((await repo.json(['verify', '--all'])).verdict).toBe('verified');
  });

  test('merging two keeps both histories and outcomes; a dropped removal keeps the pattern', async () => {
    const merged = () => repo.ok(['pattern', 'merge', 'login-cookies', 'auth-jwt']);
    const other = copyOf(repo);
    await landed('cookie-merge', merged);
    const both = await shown('auth-jwt');
    expect(both).toMatchObject({
      merged_from: ['login-cookies', 'pattern/login-cookies'],
      lessons_learned: expect.arrayContaining(['SameSite strict']),
    });
    expect(both.history.map(({ key, what }: { key: string; what: string }) => [key, what])).toEqual(
      expect.arrayContaining([
        ['pattern/login-cookies', 'stored'],
        ['pattern/login-cookies', 'deleted'],
        ['pattern/auth-jwt', 'stored'],
      ]),
    );
    expect(both.success_metrics.sessions_used).toBe(3);
    const gone = await repo.ok(['pattern', 'show', 'login-cookies']);
    expect(gone.err).toBe('login-cookies was merged into pattern/auth-jwt:\n');
    expect(gone.out).toMatch(/Merged into it\n {2}- pattern\/login-cookies\n/);

    await other.ok(['start', 'cookie-merge']);
    await other.ok(['pattern', 'merge', 'login-cookies', 'auth-jwt']);
    expect((await other.ok(['closeout', '--prepare'])).out).toContain('- Cookies for the login, removed');
    await other.ok(['closeout', '--yes', '--drop-pattern', 'login-cookies', '--drop-pattern', 'auth-jwt']);
    const { patterns } = await other.json(['pattern', 'list']);
    expect(patterns.map(({ pattern_id, merged_from }: { pattern_id: string; merged_from: string[] }) => [pattern_id, merged_from])).toEqual(
      [
        ['auth-jwt', []],
        ['fake-timers-hang-the-database-pool', []],
        ['login-cookies', []],
      ],
    );
    expect((await other.json(['verify', '--all'])).verdict).toBe('verified');
  });

  test('git revert of a closeout un-learns what it taught', async () => {
    const { merge } = await landed('session-tokens', () =>
      repo.ok(['pattern', 'record', '--id', 'opaque-tokens', '--approach', 'Opaque tokens']),
    );
    expect((await shown('opaque-tokens')).approved).toBe(true);
    repo.git('revert', '--no-edit', '-m', '1', merge);
    expect((await repo.session(['pattern', 'show', 'opaque-tokens'])).code).toBe(1);
    expect((await shown('auth-jwt')).merged_from).toEqual(['login-cookies', 'pattern/login-cookies']);
  });

  test('a rejection counts against what the session used', async () => {
    await repo.ok(['start', 'login-form']);
    await repo.ok(['pattern', 'use', 'auth-jwt', '--outcome', 'success']);
    const { of } = { of: (await shown('auth-jwt')).measured };
    await repo.ok(['closeout', '--prepare']);
    await repo.ok(['reject', '--reason', 'Not yet']);
    expect((await shown('auth-jwt')).measured).toEqual(of);
    await repo.ok(['closeout', '--yes']);
    expect((await shown('auth-jwt')).measured).toEqual({ k: of.k + 1, n: of.n + 2 });
  });
});

test('closeout --prepare asks an agent once for patterns, with its tasks and their outcomes, and never a person', async () => {
  const repo = copyOf(fresh);
  await repo.ok(['hooks', 'pre-task', '--task-id', 't1', '--description', 'Build the login', '--agent', 'coder']);
  await repo.ok(['hooks', 'post-task', '--task-id', 't1', '--status', 'failed', '--wait']);
  const asAgent = { env: { GIT_SESSION_AGENT: 'coder' } };
  expect((await repo.json(['closeout', '--prepare'])).asks).toBeNull();
  const { asks } = await repo.json(['closeout', '--prepare'], asAgent);
  expect(asks).toContain('at most 3 patterns or pitfalls');
  expect(asks).toContain('  - failed: Build the login (coder)');
  // Its own example can be filled in and recorded.
  const yaml = asks
    .slice(asks.indexOf('  title:'), asks.indexOf('A person keeps'))
    .replace(/^ {2}/gm, '')
    .replaceAll(/<([^>]*)>/g, '"$1"');
  await repo.ok(['pattern', 'record', '--stdin'], { ...asAgent, input: yaml });
  expect((await repo.ok(['closeout', '--prepare'], asAgent)).out).not.toContain('Asked once');
});
