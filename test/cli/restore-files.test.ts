/** `git session restore` where the branch is gone: from the tag, from a bundle, from the backup alone. What is hostile changes nothing. */

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../src/cli/schemas/restore.ts';
import { sessionPaths } from '../../src/core/session/metadata.ts';
import { makeRepo, ROOT, run, TestRepo, tempDir } from '../support/repo.ts';
import { startSession } from '../support/started.ts';
import { travelling } from '../support/travelling.ts';

const SAMPLE = join(ROOT, 'test/fixtures/formats/v1/sessions.bundle');
const LANDED = 'session-20261125-064730-calculator-app';

/** Everything that a refusal must leave alone: refs, checkout, configuration, objects, private state. */
function all(repo: TestRepo): string {
  const own = join(repo.dir, '.git/git-session');
  const names = existsSync(own) ? readdirSync(own, { recursive: true }).map(String) : [];
  return [repo.snapshot(), repo.git('count-objects', '-v'), ...names.filter((name) => !/^(cache|locks)/.test(name)).sort()].join('\n');
}

const warm = new WeakSet<TestRepo>();

async function refused(repo: TestRepo, file: string, says: RegExp): Promise<void> {
  // The first command of a clone remembers where its policy begins.
  if (!warm.has(repo)) await repo.session(['status']);
  warm.add(repo);
  const before = all(repo);
  const ran = await repo.session(['restore', file]);
  expect(ran.err).toMatch(says);
  expect([ran.code, all(repo)], file).toEqual([1, before]);
}

test('from its branch: one that was abandoned elsewhere, and came as a branch', async () => {
  const repo = makeRepo();
  const session = await startSession(repo, 'came-as-branch');
  const { trash } = await repo.json(['abandon']);
  const tip = repo.git('rev-parse', trash);
  repo.git('branch', session.branch, trash);
  repo.git('update-ref', '-d', trash);
  expect((await repo.json(['restore', session.id])).restored).toMatchObject({ state: 'active' });
  expect(repo.git('rev-parse', `${session.branch}^`)).toBe(tip);
});

describe('from the backup tag', () => {
  test('a sealed session whose branch is gone has it again, sealed as it was; undo takes that back', async () => {
    const repo = makeRepo();
    const session = await startSession(repo, 'sealed-idea');
    const path = sessionPaths(session.id).metadata;
    repo.commit('seal', { [path]: JSON.stringify({ ...session.metadata, status: 'closed', closed_at: '2026-01-01T00:00:00.000Z' }) });
    repo.git('tag', '-a', '-m', 'backup', `backup/${session.id}`);
    expect((await repo.session(['restore', session.id])).err).toContain('sealed, not abandoned: there is nothing to restore');
    repo.git('switch', '-q', 'main');
    const tip = repo.git('rev-parse', session.branch);
    repo.git('branch', '-q', '-D', session.branch);
    const facts = await repo.json(['restore', session.id]);
    schema.parse(facts);
    expect(facts.restored).toMatchObject({ id: session.id, state: 'sealed' });
    expect(repo.git('rev-parse', session.branch)).toBe(tip);
    expect((await repo.json(['show', session.id])).session.state).toBe('sealed');
    await repo.ok(['undo', '--yes', session.id]);
    expect(repo.git('branch', '--list', session.branch)).toBe('');
  });

  test('abandoned lessons that did not land: active again, and their tag in the trash', async () => {
    const repo = makeRepo();
    const session = await startSession(repo, 'lessons-idea');
    const path = sessionPaths(session.id).metadata;
    const over = { ...session.metadata, status: 'abandoned', closed_at: '2026-01-01T00:00:00.000Z' };
    repo.commit('seal', { [path]: JSON.stringify(over) });
    repo.git('tag', '-a', '-m', 'backup', `backup/${session.id}`);
    const tag = repo.git('rev-parse', `backup/${session.id}`);
    repo.git('switch', '-q', 'main');
    repo.git('branch', '-q', '-D', session.branch);
    expect((await repo.json(['restore', session.id])).restored).toMatchObject({ state: 'active' });
    expect(JSON.parse(repo.git('show', `${session.branch}:${path}`))).toMatchObject({ status: 'active', closed_at: null });
    expect([repo.git('tag'), repo.git('rev-parse', `refs/git-session/trash/${session.id}.tag`)]).toEqual(['', tag]);
  });
});

describe('from a bundle', () => {
  test('an abandoned session is active again in one step, an open one stands as it did; a second time there is nothing to do', async () => {
    const { repo, other, session, file } = await travelling();
    await repo.ok(['backup', 'export', session.id, '--to', file]);
    const open = await other.json(['restore', file]);
    schema.parse(open);
    expect(open.restored).toMatchObject({ id: session.id, state: 'active' });
    expect(open.imported).toMatchObject([{ ref: `refs/heads/${session.branch}`, made: true }]);
    await refused(other, file, /is active: there is nothing to restore/);
    other.git('branch', '-q', '-D', session.branch);

    await repo.ok(['abandon']);
    await repo.ok(['backup', 'export', session.id, '--to', `${file}.2`]);
    const facts = await other.json(['restore', `${file}.2`]);
    expect(facts.restored).toMatchObject({ id: session.id, state: 'active' });
    expect(other.git('show', `${session.branch}:sessions/${session.id}/artifacts/code/x.js`)).toBe('x');
    expect(other.git('for-each-ref', 'refs/git-session/')).toBe('');
  });

  test('a landed session: its tag is taken in, and it is continued by a new one', async () => {
    const repo = makeRepo();
    const other = makeRepo();
    repo.git('fetch', '-q', SAMPLE, 'refs/heads/main:refs/heads/landed', `refs/tags/backup/${LANDED}:refs/tags/backup/${LANDED}`);
    repo.git('switch', '-q', 'landed');
    other.git('fetch', '-q', SAMPLE, 'refs/heads/main:refs/heads/landed');
    other.git('switch', '-q', 'landed');
    const file = join(tempDir(), 'landed.bundle');
    await run('git', ['bundle', 'create', '-q', file, `refs/tags/backup/${LANDED}`], { cwd: repo.dir });
    expect((await other.json(['restore', file])).restored).toMatchObject({ id: LANDED });
    expect(other.git('tag')).toBe(`backup/${LANDED}`);
  });

  test('truncated, with a ref that is no session\u2019s, of several sessions, or with a name that leaves its folder: refused whole', async () => {
    const { repo, other, session, file } = await travelling();
    const bundle = async (...refs: string[]) => {
      await run('git', ['bundle', 'create', '-q', file, ...refs], { cwd: repo.dir });
      return readFileSync(file);
    };
    const whole = await bundle(session.branch);
    for (const part of [20, whole.length / 2, whole.length - 5]) {
      writeFileSync(file, whole.subarray(0, part));
      await refused(other, file, /cannot be read as a bundle|holds no ref/);
    }
    for (const evil of ['refs/heads/session/../../../hooks/post-checkout', 'refs/heads/../../config', '../../../../etc/passwd', 'HEAD']) {
      const head = whole.toString('latin1').replace(`refs/heads/${session.branch}`, evil);
      writeFileSync(file, head, 'latin1');
      await refused(other, file, /is no session's|cannot be read as a bundle/);
    }
    await bundle(session.branch, 'main');
    await refused(other, file, /refs\/heads\/main, which is no session's/);
    repo.git('tag', 'v1');
    await bundle(session.branch, 'v1');
    await refused(other, file, /refs\/tags\/v1, which is no session's/);
    repo.git('switch', '-q', 'main');
    const second = await startSession(repo, 'another-one');
    await bundle(session.branch, second.branch);
    await refused(other, file, /holds 2 sessions; nothing was taken in/);
    repo.git('tag', '-a', '-m', 'approved', `approval/${session.id}/dana`, session.branch);
    await bundle(`approval/${session.id}/dana`);
    await refused(other, file, /holds approvals alone; nothing was taken in/);
  });

  test('with objects that git would not make: nothing of them gets in', async () => {
    const { repo, other, session, file } = await travelling();
    const raw = (type: string, content: Buffer | string) => {
      const at = join(repo.dir, '.git/raw');
      writeFileSync(at, content);
      return repo.git('hash-object', '-t', type, '-w', '--literally', at);
    };
    const tree = repo.git('cat-file', '-p', 'HEAD').split('\n')[0]?.slice('tree '.length) ?? '';
    const entry = (name: string) =>
      Buffer.concat([Buffer.from(`100644 ${name}\0`), Buffer.from(repo.git('hash-object', 'README.md'), 'hex')]);
    const named = (name: string) => {
      const content = Buffer.from(repo.git('rev-parse', `${tree}:sessions`), 'hex');
      const entries = [entry(name), Buffer.concat([Buffer.from('40000 sessions\0'), content])];
      return raw('tree', Buffer.concat(name < 'sessions' ? entries : entries.reverse()));
    };
    const parent = repo.git('rev-parse', 'HEAD');
    const person = 'Dana <dana@example.com> 1700000000 +0000';
    const commit = (of: string, author = person) =>
      raw('commit', `tree ${of}\nparent ${parent}\nauthor ${author}\ncommitter ${person}\n\nx\n`);
    const evil = [
      commit(named('.git')),
      commit(named('..')),
      commit(named('a/b')),
      commit(tree, 'nobody'),
      commit(tree, `a\0b <x> 1 +0000`),
    ];
    for (const oid of evil) {
      repo.git('update-ref', '--no-deref', `refs/heads/${session.branch}`, oid);
      await run('git', ['bundle', 'create', '-q', file, `refs/heads/${session.branch}`], { cwd: repo.dir });
      await refused(other, file, /cannot be read as a bundle; nothing was taken in/);
    }
  });
});

describe('from the backup alone', () => {
  let text: string;
  let base: TestRepo;
  beforeAll(async () => {
    base = makeRepo();
    base.git('fetch', '-q', SAMPLE, 'refs/heads/main:refs/heads/landed', `refs/tags/backup/${LANDED}:refs/tags/backup/${LANDED}`);
    text = `${base.git('show', `landed:.swarm/backups/${LANDED}.json`)}\n`;
  });
  const saved = (content: string | Buffer, name = `${LANDED}.json`) => {
    const file = join(tempDir(), name);
    writeFileSync(file, content);
    return file;
  };

  test('a new session continues it with goal and memory, and it is said what does not come back', async () => {
    const repo = makeRepo();
    const ran = await repo.ok(['restore', saved(text), '--json']);
    const facts = JSON.parse(ran.out);
    schema.parse(facts);
    const { goal, memory_snapshot, inventory } = JSON.parse(text);
    expect(facts.started.session).toMatchObject({ topic: 'calculator-app', goal, continues: LANDED, state: 'active', base: 'main' });
    const live = Object.values(memory_snapshot).flat().length;
    expect(facts.backup).toEqual({
      session: LANDED,
      entries: live,
      left_out: 0,
      artifacts: inventory.artifacts.length,
      workspace: inventory.workspace.length,
    });
    expect(ran.err).toMatch(/Commits and artifacts are not in a backup: the \d+ artifacts? and \d+ workspace changes? that it names/);
    const [first] = memory_snapshot.coordination;
    expect((await repo.json(['memory', 'get', first.key])).value).toEqual(first.value);
    expect(repo.git('log', '-1', '--format=%s')).toContain('start calculator-app');
  });

  test('where this clone has the session, what it has of it is told, and what is known is not stored again', async () => {
    const dir = join(tempDir(), 'repo');
    await run('git', ['clone', '-q', '-b', 'main', SAMPLE, dir]);
    const repo = new TestRepo(dir);
    repo.git('remote', 'remove', 'origin');
    await refused(repo, saved(text.replace('"topic"', ' "topic"')), /its backup there says something else/);
    const facts = await repo.json(['restore', saved(text), '--continue', 'calculator part two']);
    expect(facts.started.continues).toMatchObject({ session: LANDED });
    expect(facts.backup.left_out).toBeGreaterThan(0);
  });

  test('what is hostile, broken or another\u2019s is refused with what is wrong, and nothing changes', async () => {
    const repo = makeRepo();
    const other = 'session-20260101-000000-other-thing';
    // biome-ignore lint/suspicious/noExplicitAny: fields are set that no backup has
    const edited = (change: (backup: any) => void) => {
      const backup = JSON.parse(text);
      change(backup);
      return JSON.stringify(backup);
    };
    const first = (backup: { memory_snapshot: Record<string, Record<string, unknown>[]> }) =>
      backup.memory_snapshot.coordination?.[0] ?? {};
    const cases: [RegExp, string | Buffer, string?][] = [
      [/is no JSON object/, '[]'],
      [/is no JSON object/, text.slice(0, -20)],
      [/is no JSON object, or nested too deeply/, `{"version":1,"a":${'['.repeat(5000)}${']'.repeat(5000)}}`],
      [/not UTF-8/, Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
      [/version is 2, and this program knows 1/, text.replace('"version": 1', '"version": 2')],
      [/version is missing/, '{}'],
      [/goal: .*\n.*agents/, edited((b) => Object.assign(b, { goal: 7, agents: {} }))],
      [/Unrecognized key/, edited((b) => Object.assign(b, { evil: 1 }))],
      [/should not have: __proto__/, text.replace('{', '{"__proto__": {"polluted": true},')],
      [/should not have: __proto__/, text.replace('"memory_snapshot": {', '"memory_snapshot": {"__proto__": [],')],
      [/not those of one session/, edited((b) => Object.assign(b, { session_id: other }))],
      [/not those of one session/, edited((b) => Object.assign(b, { topic: '../../etc' }))],
      [/called like the backup of session-20260101-000000-other-thing, and says/, text, `${other}.json`],
      [/goal holds control/, edited((b) => Object.assign(b, { goal: 'x\u001b]0;pwned\u0007' }))],
      [/entry 1 of its memory has .*key/, edited((b) => Object.assign(first(b), { key: 'a\u001b[31m' }))],
      [/entry 1 of its memory has .*/, edited((b) => Object.assign(first(b), { key: '../../../up' }))],
      [/entry 1 of its memory has tags/, edited((b) => Object.assign(first(b), { tags: ['a\u0000b'] }))],
      [/entry 1 of its memory does not say who/, edited((b) => Object.assign(first(b), { by: '' }))],
      [/looks like a secret/, edited((b) => Object.assign(first(b), { value: `AKIA${'QWERTYUIOPASDFGH'}` }))],
      [/too large/, edited((b) => Object.assign(first(b), { value: 'x'.repeat(3_000_000) }))],
    ];
    for (const [says, content, name] of cases) await refused(repo, saved(content, name), says);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    const huge = saved('');
    await run('truncate', ['-s', '65M', huge]);
    await refused(repo, huge, /larger than 64/);
    await refused(repo, join(tempDir(), 'none.json'), /There is no file/);
  });
});
