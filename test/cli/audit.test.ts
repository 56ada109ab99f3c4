/** `verify`, `log` and `why` as people and programs see them. */

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { schema as logSchema } from '../../src/cli/schemas/log.ts';
import { schema as verifySchema } from '../../src/cli/schemas/verify.ts';
import { schema as whySchema } from '../../src/cli/schemas/why.ts';
import { sessionPaths } from '../../src/core/session/metadata.ts';
import { approvedRepo, type LandedSession, landSession } from '../support/landed.ts';
import { makeRepo, TestRepo, tempDir } from '../support/repo.ts';

let template: { repo: TestRepo; session: LandedSession };

beforeAll(async () => {
  const { repo } = approvedRepo({ files: { 'src/lib.js': 'one\n' } });
  const session = await landSession(repo, { files: { 'src/lib.js': 'one\ntwo\n' } });
  template = { repo, session };
});

function copy(): { repo: TestRepo; session: LandedSession } {
  const dir = join(tempDir(), 'repo');
  cpSync(template.repo.dir, dir, { recursive: true });
  return { ...template, repo: new TestRepo(dir) };
}

function clone(repo: TestRepo, ...args: string[]): TestRepo {
  const dir = join(tempDir(), 'clone');
  repo.git('clone', '-q', ...args, `file://${repo.dir}`, dir);
  return new TestRepo(dir);
}

describe('verify', () => {
  it('verifies in a fresh clone, says which policy it now trusts, and prints facts that fit the schema', async () => {
    const { repo, session } = copy();
    const fresh = clone(repo);
    const root = repo.git('config', 'gitsession.policyRoot');
    const all = await fresh.session(['verify', '--all', '--root', root.slice(0, 12), '--json']);
    expect(all.code).toBe(0);
    expect(all.err).toContain(`beginning at ${root.slice(0, 12)}`);
    const facts = verifySchema.parse(JSON.parse(all.out));
    expect(facts).toMatchObject({ verdict: 'verified', counts: { verified: 1, failed: 0, unverified: 0 }, policy: { root } });
    const one = await fresh.session(['verify', session.id.slice(8, 23)]);
    expect(one.out).toMatch(/^verified +session-\d+-\d+-calculator-app\n/);
    expect(one.out).toContain('by dana@example.com');
    expect(one.out).toContain('unattended');
    expect(one.err).toBe('');
  });

  it('exits 4 and names what is wrong; the session that failed is failed for programs too', async () => {
    const { repo, session } = copy();
    repo.commit('tidy', { [sessionPaths(session.id).backup]: '{}\n' });
    const ran = await repo.session(['verify', session.id]);
    expect([ran.code, ran.out]).toEqual([
      4,
      expect.stringContaining(`Edited on main after the landing: ${sessionPaths(session.id).backup}`),
    ]);
    const all = await repo.session(['verify', '--all', '--json', '--no-cache']);
    expect(all.code).toBe(4);
    expect(verifySchema.parse(JSON.parse(all.out)).sessions[0]).toMatchObject({
      verdict: 'failed',
      findings: expect.arrayContaining([expect.objectContaining({ code: 'edited-since' })]),
    });
    const root = await repo.session(['verify', '--all', '--root', '0123456789abcdef']);
    expect([root.code, root.err]).toEqual([4, expect.stringContaining('does not begin at the stated root')]);
  });

  it('asks for one thing, and says what it cannot do', async () => {
    const { repo, session } = copy();
    for (const args of [['verify'], ['verify', '--all', session.id], ['verify', '--every']]) {
      expect((await repo.session(args)).code).toBe(2);
    }
    const unknown = await repo.session(['verify', 'session-2001']);
    expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('There is no session')]);
    const { session: open } = await repo.json(['start', 'still-open-work']);
    const early = await repo.session(['verify', open.id]);
    expect([early.code, early.err]).toEqual([1, expect.stringContaining('nothing is signed yet')]);
    const shallow = await clone(repo, '--depth', '1').session(['verify', '--all']);
    expect([shallow.code, shallow.err]).toEqual([1, expect.stringContaining('git fetch --unshallow --tags')]);
    const none = await makeRepo().session(['verify', '--all']);
    expect([none.code, none.out]).toEqual([0, '0 sessions\nNo policy is in force.\n']);
  });
});

describe('log', () => {
  it('tells what landed, and fits the schema', async () => {
    const { repo, session } = copy();
    const before = logSchema.parse(await repo.json(['log']));
    expect(before.entries).toMatchObject([
      {
        id: session.id,
        commit: session.merge,
        approver: 'dana@example.com',
        presence: 'none',
        verdict: 'not checked',
        now: 'present',
        changes: 1,
        artifacts: 2,
      },
    ]);
    await repo.ok(['verify', session.id]);
    const shown = await repo.ok(['log']);
    expect(shown.out).toMatch(/^\d{4}-\d\d-\d\d {2}calculator-app {2}verified\n/);
    expect((await repo.ok(['log', '--since', '2w'])).out).toBe(shown.out);
    repo.git('revert', '--no-edit', '-m', '1', 'HEAD');
    expect((await repo.ok(['log'])).out).toContain('verified, reverted');
    expect((await repo.ok(['log', '--since', '2100-01-01'])).out).toBe('No session has landed on main since then.\n');
  });

  it('draws what each session brought, also what a squash left to the tag, and finds people', async () => {
    const { repo, session } = copy();
    repo.commit('No session', { 'plain.txt': 'x\n' });
    const own = repo.git('log', '--format=%H', `${session.merge}^1..${session.seal}`).split('\n');
    const ids = async (...args: string[]) =>
      logSchema.parse(await repo.json(['log', '--graph', ...args])).entries.map(({ commits }) => commits?.map(({ id }) => id));
    expect(await ids()).toEqual([own]);
    const shown = (await repo.ok(['log', '--graph'])).out;
    expect(shown).toMatch(/^\* {3}\d{4}-\d\d-\d\d {2}calculator-app.*\n\|\\ /);
    expect(shown.match(/^\| \* [0-9a-f]{10} /gm)).toHaveLength(own.length);
    repo.git('reset', '-q', '--hard', `${session.merge}^1`);
    repo.git('merge', '-q', '--squash', session.seal);
    repo.git('commit', '-q', '-m', 'Calculator (#1)');
    expect(await ids()).toEqual([own]);
    expect((await repo.ok(['log', '--graph'])).out).toContain('squashed or rebased');
    for (const [name, found] of [
      ['DANA@', 1],
      ['Dana Dev', 1],
      ['backend-dev', 1],
      ['eve', 0],
    ] as const) {
      expect([name, (await repo.json(['log', '--author', name])).total]).toEqual([name, found]);
    }
  });

  it('refuses nonsense', async () => {
    const { repo } = copy();
    for (const args of [
      ['--limit', '0'],
      ['--limit', 'x'],
      ['--since', 'soon'],
      ['--base', 'nope'],
    ]) {
      expect((await repo.session(['log', ...args])).code).toBe(2);
    }
    expect((await makeRepo({ empty: true }).ok(['log'])).out).toContain('No session has landed yet.');
  });
});

it('show tells where it landed, and whether that was taken back', async () => {
  const { repo, session } = copy();
  expect((await repo.json(['show', session.id])).landed).toMatchObject({ base: 'main', commit: session.merge, reverted: false });
  expect((await repo.ok(['show', session.id])).out).toContain(`landed     on main with ${session.merge.slice(0, 10)}, `);
  repo.git('revert', '--no-edit', '-m', '1', 'HEAD');
  expect((await repo.ok(['show', session.id])).out).toContain(', reverted since');
});

describe('why', () => {
  it('tells a line whole and a file in parts, from anywhere in the tree', async () => {
    const { repo, session } = copy();
    const facts = whySchema.parse(await repo.json(['why', 'src/lib.js:2']));
    expect(facts).toMatchObject({
      path: 'src/lib.js',
      line: 2,
      text: 'two',
      origins: [
        { session: { id: session.id, task: { description: 'Build the calculator' }, approver: 'dana@example.com', verdict: 'verified' } },
      ],
    });
    const file = await repo.ok(['why', 'lib.js'], { cwd: join(repo.dir, 'src') });
    expect(file.out).toContain(session.id);
    expect(file.out).toContain('no session');
    expect(whySchema.parse(await repo.json(['why', 'src/lib.js'])).origins).toHaveLength(2);
  });

  it('refuses what has no lines', async () => {
    const { repo } = copy();
    repo.write('untracked.txt', 'x\n');
    for (const word of ['nope.js', 'src', 'untracked.txt', '../x', 'src/lib.js:x', '']) {
      expect([word, (await repo.session(['why', word])).code]).toEqual([word, 1]);
    }
    expect((await repo.session(['why', 'src/lib.js:3'])).code).toBe(2);
    expect((await repo.session(['why'])).code).toBe(2);
    repo.commit('odd', { 'a:1': 'x\n', empty: '' });
    expect(whySchema.parse(await repo.json(['why', 'a:1']))).toMatchObject({ path: 'a:1', line: null });
    expect(whySchema.parse(await repo.json(['why', 'a:1:1']))).toMatchObject({ path: 'a:1', line: 1 });
    expect((await repo.ok(['why', 'empty'])).out).toContain('The file is empty.');
  });
});
