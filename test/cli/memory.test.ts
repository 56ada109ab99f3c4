/** The memory commands as agents and scripts call them. */

import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { schema as deleteSchema } from '../../src/cli/schemas/memory-delete.ts';
import { schema as getSchema } from '../../src/cli/schemas/memory-get.ts';
import { schema as listSchema } from '../../src/cli/schemas/memory-list.ts';
import { schema as searchSchema } from '../../src/cli/schemas/memory-search.ts';
import { schema as storeSchema } from '../../src/cli/schemas/memory-store.ts';
import { encodeRecord } from '../../src/core/log/log.ts';
import type { AnyRecord } from '../../src/core/log/record.ts';
import type { SessionId } from '../../src/core/session/session-id.ts';
import { makeRepo, type Ran, type RunOptions, run, type TestRepo, tempDir } from '../support/repo.ts';

interface InSession {
  repo: TestRepo;
  id: SessionId;
  memory(...args: string[]): Promise<Ran>;
}

async function inSession(topic = 'auth-system-implementation'): Promise<InSession> {
  const repo = makeRepo();
  await repo.ok(['start', topic]);
  const id = repo.git('branch', '--show-current').replace('session/', 'session-') as SessionId;
  return { repo, id, memory: (...args) => repo.ok(['memory', ...args]) };
}

/** Refused with this exit code and these words; nothing of the repository moved and nothing was recorded. */
async function refused(repo: TestRepo, args: string[], code: number, words: RegExp, options: RunOptions = {}): Promise<void> {
  const before = [repo.snapshot(), journals(repo)];
  const ran = await repo.session(['memory', ...args], options);
  expect([ran.code, ran.err]).toEqual([code, expect.stringMatching(words)]);
  expect(ran.out).toBe('');
  expect([repo.snapshot(), journals(repo)]).toEqual(before);
}

/** Every journal's text. */
function journals(repo: TestRepo): string {
  const dir = join(repo.dir, '.git/git-session/journal');
  if (!existsSync(dir)) return '';
  return readdirSync(dir)
    .map((name) => readFileSync(join(dir, name), 'utf8'))
    .join('');
}

describe('storing and getting', () => {
  test('what begins like JSON and is none is stored as text, and that is said', async () => {
    const { repo } = await inSession();
    const err = async (value: string, ...args: string[]) => (await repo.ok(['memory', 'store', 'k', ...args, '--', value])).err;
    expect(await err("{'phase': 1}")).toMatch(
      /^note: It begins like JSON and is none \(.+\), so it is stored as text. Where that is meant: --text$/m,
    );
    expect(await err('{phase: 1}')).toContain('It begins like JSON');
    expect(await err('[1, 2')).toContain('It begins like JSON');
    for (const plain of ['{"a":1}', '[draft] the plan', '{curly} words', 'text']) expect(await err(plain)).toBe('');
    expect(await err('{"a":', '--text')).toBe('');
  });

  test('text comes back as it was, JSON objects and arrays as JSON', async () => {
    const { memory } = await inSession();
    const cases: [string[], string][] = [
      [['swarm/shared/api-contract', 'POST /login\n200 "ok"'], 'POST /login\n200 "ok"\n'],
      [['number', '65'], '65\n'],
      [['dash', '--', '-v'], '-v\n'],
      [['empty', ''], '\n'],
      [['unicode', 'Größe 認証 😀'], 'Größe 認証 😀\n'],
      [['json', '{"phase":"x","n":[1]}'], '{\n  "phase": "x",\n  "n": [\n    1\n  ]\n}\n'],
      [['text', '--text', '{"phase":"x"}'], '{"phase":"x"}\n'],
      [['broken', '{"phase":'], '{"phase":\n'],
    ];
    for (const [args, shown] of cases) {
      await memory('store', ...args);
      expect((await memory('get', args[0] ?? '')).out).toBe(shown);
    }
  });

  test('a value from standard input or a file', async () => {
    const { repo, memory } = await inSession();
    repo.write('notes.txt', 'two\nlines\n');
    await repo.ok(['memory', 'store', 'in', '--stdin'], { input: 'from a pipe\n' });
    await memory('store', 'file', '--file', 'notes.txt');
    expect((await memory('get', 'in')).out).toBe('from a pipe\n');
    expect((await memory('get', 'file')).out).toBe('two\nlines\n');
  });

  test('the facts say who, when, where and for how long', async () => {
    const { repo, id } = await inSession();
    const args = ['--agent', 'backend-dev', '--task', 'task-auth-api-001', '--tags', 'api, jwt,api', '--ttl', '1h'];
    const stored = storeSchema.parse(await repo.json(['memory', 'store', 'k', '[1]', ...args]));
    const got = getSchema.parse(await repo.json(['memory', 'get', 'k']));
    expect(got).toMatchObject({
      namespace: 'coordination',
      key: 'k',
      value: [1],
      by: { kind: 'agent', name: 'backend-dev', id: null },
      task: 'task-auth-api-001',
      session: id,
      record: stored.record,
      at: stored.at,
      expires_at: stored.expires_at,
      tags: ['api', 'jwt'],
    });
    const hours = (Date.parse(got.expires_at ?? '') - Date.parse(got.at)) / 3_600_000;
    expect(hours).toBeCloseTo(1, 2);
  });

  test('agent and task come from the environment where no flag names them', async () => {
    const { repo } = await inSession();
    await repo.ok(['memory', 'store', 'a', '1'], { env: { GIT_SESSION_AGENT: 'tester', GIT_SESSION_TASK: 't-1' } });
    await repo.ok(['memory', 'store', 'b', '1'], { env: { CLAUDECODE: '1' } });
    expect(await repo.json(['memory', 'get', 'a'])).toMatchObject({ by: { kind: 'agent', name: 'tester' }, task: 't-1' });
    expect(await repo.json(['memory', 'get', 'b'])).toMatchObject({ by: { kind: 'agent', name: 'Claude Code' }, task: null });
  });

  test('namespaces: from the key, from its front, from the flag', async () => {
    const { repo, memory } = await inSession();
    await memory('store', 'pattern/auth-system/jwt-implementation', '{"approach":"httpOnly cookies"}');
    await memory('store', 'session/session-20251117-143022/coordination', '{"agents_active":3}');
    await memory('store', 'pattern/here', 'x', '--namespace', 'coordination');
    expect((await memory('get', 'reasoning-bank/pattern/auth-system/jwt-implementation')).out).toContain('httpOnly');
    expect((await memory('get', 'pattern/auth-system/jwt-implementation', '--namespace', 'reasoning-bank')).out).toContain('httpOnly');
    const { entries } = listSchema.parse(await repo.json(['memory', 'list']));
    expect(entries.map((e) => `${e.namespace} ${e.key}`)).toEqual([
      'coordination pattern/here',
      'coordination session/session-20251117-143022/coordination',
      'reasoning-bank pattern/auth-system/jwt-implementation',
    ]);
  });

  test('an expired key is absent, and so is a deleted one', async () => {
    const { repo, memory } = await inSession();
    await memory('store', 'k', 'old');
    await memory('store', 'k', 'new', '--ttl', '0.001');
    await refused(repo, ['get', 'k'], 1, /no coordination\/k/);
    await memory('store', 'k', 'newer');
    const gone = deleteSchema.parse(await repo.json(['memory', 'delete', 'k']));
    expect(gone.key).toBe('k');
    await refused(repo, ['get', 'k'], 1, /no coordination\/k/);
    await refused(repo, ['delete', 'k'], 1, /no coordination\/k/);
  });

  test('git sees nothing of it: status, index and refs stay as they were', async () => {
    const { repo, memory } = await inSession();
    repo.write('mine.txt', 'staged');
    repo.git('add', 'mine.txt');
    const before = repo.snapshot();
    await memory('store', 'k', 'v');
    await memory('list');
    expect(repo.snapshot()).toBe(before);
  });
});

describe('agents at once', () => {
  test('a reader waits for what another is still writing', async () => {
    const { repo, memory } = await inSession();
    const waiting = repo.session(['memory', 'get', 'swarm/shared/api-contract', '--wait', '20']);
    await memory('store', 'other', 'x');
    await memory('store', 'swarm/shared/api-contract', 'ready');
    expect(await waiting).toMatchObject({ code: 0, out: 'ready\n' });
    await refused(repo, ['get', 'never', '--wait', '0.2'], 1, /after 0\.2 s/);
  });

  test('of many claims of one key one holds, and the others are told whose it is', async () => {
    const { repo, memory } = await inSession();
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, n) => repo.session(['memory', 'store', 'lock/db', `a${n}`, '--if-absent', '--agent', `a${n}`])),
    );
    const holders = claims.filter((claim) => claim.code === 0);
    expect(holders).toHaveLength(1);
    const holder = (await memory('get', 'lock/db')).out.trim();
    for (const claim of claims.filter((c) => c.code !== 0)) {
      expect([claim.code, claim.err]).toEqual([
        1,
        expect.stringMatching(new RegExp(`^${holder} stored it at \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC\\.$`, 'm')),
      ]);
    }
    await memory('delete', 'lock/db');
    await memory('store', 'lock/db', 'again', '--if-absent');
  });

  test('40 stores at once: all there', async () => {
    const { repo } = await inSession();
    const ran = await Promise.all(Array.from({ length: 40 }, (_, n) => repo.session(['memory', 'store', `k/${n}`, `${n}`])));
    expect(new Set(ran.map((r) => r.code))).toEqual(new Set([0]));
    expect((await repo.json(['memory', 'list', '--pattern', 'k/%'])).total).toBe(40);
  });
});

describe('listing and searching', () => {
  test('patterns of keys, words, namespaces, limits', async () => {
    const { repo, memory } = await inSession();
    await memory('store', 'pattern/auth-system/jwt', '{"approach":"httpOnly cookies and refresh tokens"}', '--tags', 'security');
    await memory('store', 'pattern/db/migrate', 'down first');
    await memory('store', 'swarm/shared/api-contract', 'the login answers with a cookie');
    const like = searchSchema.parse(await repo.json(['memory', 'search', '--pattern', 'pattern/%']));
    expect(like.entries.map((e) => [e.key, e.score])).toEqual([
      ['pattern/auth-system/jwt', null],
      ['pattern/db/migrate', null],
    ]);
    const words = searchSchema.parse(await repo.json(['memory', 'search', 'cookie', 'login']));
    expect(words.entries.map((e) => e.key)).toEqual(['swarm/shared/api-contract', 'pattern/auth-system/jwt']);
    expect(words.entries[0]?.snippet).toBe('the login answers with a cookie');
    expect(words.entries[1]?.matches).toEqual([{ word: 'cookie', found: 'cookies', field: 'value', how: 'beginning' }]);
    expect((await repo.json(['memory', 'search', 'security'])).entries).toHaveLength(1);
    const typo = await repo.ok(['memory', 'search', 'refesh', '--pattern', 'pattern/%', '--namespace', 'reasoning-bank', '--limit', '1']);
    expect(typo.out).toMatch(
      /^reasoning-bank {2}pattern\/auth-system\/jwt .*\n {2}.*refresh tokens.*\n {2}found: refesh \(as refresh\) in value\n$/,
    );
    expect((await repo.json(['memory', 'search', 'cookie', '--namespace', 'reasoning-bank'])).entries).toHaveLength(1);
    expect(await repo.json(['memory', 'list', '--limit', '1'])).toMatchObject({
      total: 3,
      entries: [{ key: 'swarm/shared/api-contract' }],
    });
    expect((await repo.json(['memory', 'list', '--pattern', 'reasoning-bank/%'])).total).toBe(2);
    const shown = (await memory('list')).out;
    expect(shown).toMatch(/^coordination\n {2}swarm\/shared\/api-contract {2}the login.*\nreasoning-bank\n/);
    expect((await memory('search', 'nothing-like-it')).out).toBe('Nothing found.\n');
  });

  test('text of agents reaches no terminal raw', async () => {
    const { repo, memory } = await inSession();
    await memory('store', 'k', 'red \u001b[31m alert \u202e');
    for (const args of [['list'], ['search', 'alert']]) expect((await repo.ok(['memory', ...args])).out).toContain('red ^[[31m alert');
  });

  test('outside a session there is the approved project memory alone', async () => {
    const { repo, memory } = await inSession();
    await memory('store', 'pattern/x/y', 'not approved');
    repo.git('switch', '-q', 'main');
    expect(await repo.json(['memory', 'list'])).toEqual({ session: null, total: 0, unchecked: 0, entries: [] });
    expect((await repo.session(['memory', 'get', 'pattern/x/y'])).code).toBe(1);
  });
});

describe('which session', () => {
  test('another session sees nothing of it', async () => {
    const { repo, id, memory } = await inSession();
    await memory('store', 'k', 'mine');
    await memory('store', 'pattern/x/y', 'mine');
    await repo.ok(['start', 'another-piece-of-work']);
    expect((await repo.json(['memory', 'list'])).entries).toEqual([]);
    expect(await repo.json(['memory', 'get', 'k', '--session', id])).toMatchObject({ value: 'mine', session: id });
    await memory('store', 'k2', 'theirs', '--session', id.slice(0, 'session-YYYYMMDD-HHMMSS-auth'.length));
    expect((await repo.json(['memory', 'list'])).entries).toEqual([]);
  });

  test('GIT_SESSION_ID counts where no session branch is checked out, and only there', async () => {
    const { repo, id } = await inSession();
    const env = { GIT_SESSION_ID: id };
    repo.git('switch', '-q', 'main');
    expect(await repo.json(['memory', 'store', 'k', '1'], { env })).toMatchObject({ session: id });
    expect((await repo.ok(['memory', 'get', 'k'], { env })).out).toBe('1\n');
    await repo.ok(['start', 'another-piece-of-work']);
    expect((await repo.json(['memory', 'store', 'k', '2'], { env })).session).not.toBe(id);
  });

  test('from a subdirectory, a linked worktree, and with GIT_DIR set', async () => {
    const { repo, id } = await inSession();
    mkdirSync(join(repo.dir, 'deep/er'), { recursive: true });
    await repo.ok(['memory', 'store', 'sub', '1'], { cwd: join(repo.dir, 'deep/er') });
    const tree = join(tempDir(), "a tree's place");
    repo.git('switch', '-q', 'main');
    repo.git('worktree', 'add', '-q', tree, id.replace('session-', 'session/'));
    await repo.ok(['memory', 'store', 'tree', '2'], { cwd: tree });
    const gitDir = (await run('git', ['rev-parse', '--absolute-git-dir'], { cwd: tree })).out.trim();
    await repo.ok(['memory', 'store', 'env', '3'], { cwd: tree, env: { GIT_DIR: gitDir } });
    expect((await repo.json(['memory', 'list'], { cwd: tree })).entries.map((e: { key: string }) => e.key)).toEqual(['env', 'sub', 'tree']);
  });

  test('what another clone committed is seen, and the newest wins', async () => {
    const { repo, id, memory } = await inSession();
    await memory('store', 'k', 'here');
    const theirs = (key: string, value: string, at: string): string =>
      encodeRecord({
        v: 1,
        id: `theirs.${key}`,
        at,
        session: id,
        actor: { kind: 'agent', name: 'afar' },
        kind: 'memory.stored',
        data: { namespace: 'coordination', key, value },
      } as AnyRecord);
    const log = theirs('k', 'older', '2025-01-01T00:00:00.000Z') + theirs('far', 'away', '2025-01-01T00:00:00.000Z');
    repo.commit('from afar', { [`.swarm/log/${id}/otherclone.1.jsonl`]: log });
    expect((await memory('get', 'k')).out).toBe('here\n');
    expect((await memory('get', 'far')).out).toBe('away\n');
    await refused(repo, ['store', 'far', 'mine', '--if-absent'], 1, /afar stored it/);
  });

  test('a clock that was ahead in another clone hides nothing that is written here later', async () => {
    const { repo, id, memory } = await inSession();
    const fromAfar = (writer: string, at: string, keys: string[]) => {
      const lines = keys.map((key) =>
        encodeRecord({
          ...{ v: 1, id: `${writer}.${key}`, at, session: id, actor: { kind: 'agent', name: 'afar' } },
          ...{ kind: 'memory.stored', data: { namespace: 'coordination', key, value: 'from afar' } },
        } as AnyRecord),
      );
      repo.commit('from afar', { [`.swarm/log/${id}/${writer}.1.jsonl`]: lines.join('') });
    };
    const branch = repo.git('branch', '--show-current');
    fromAfar('oneclone', '2098-01-01T00:00:00.000Z', ['from-main']);
    repo.git('switch', '-q', 'main');
    await memory('store', 'from-main', 'here', '--session', id);
    repo.git('switch', '-q', branch);
    fromAfar('otherclone', '2099-01-01T00:00:00.000Z', ['stored', 'deleted']);
    await memory('store', 'stored', 'here');
    await memory('delete', 'deleted');
    const { entries } = await repo.json(['memory', 'list']);
    expect(entries.map(({ key, value }: { key: string; value: string }) => [key, value])).toEqual([
      ['from-main', 'here'],
      ['stored', 'here'],
    ]);
  });

  test('an abandoned session takes nothing more', async () => {
    const { repo, id } = await inSession();
    await repo.ok(['abandon', '--reason', 'no longer wanted']);
    await refused(repo, ['store', 'k', 'v', '--session', id], 1, /is abandoned/);
  });
});

describe('what is refused, with nothing written', () => {
  test('outside a session, outside a repository, in a bare one', async () => {
    const repo = makeRepo();
    await refused(repo, ['store', 'k', 'v'], 1, /No session is checked out[\s\S]*git session start/);
    await refused(repo, ['delete', 'k'], 1, /No session is checked out/);
    repo.git('checkout', '-q', '--detach');
    expect((await repo.session(['memory', 'store', 'k', 'v'])).code).toBe(1);
    const elsewhere = tempDir();
    expect(await repo.session(['memory', 'store', 'k', 'v'], { cwd: elsewhere })).toMatchObject({
      code: 1,
      err: expect.stringContaining('not a git repository'),
    });
    await run('git', ['init', '-q', '--bare', elsewhere]);
    expect(await repo.session(['memory', 'store', 'k', 'v'], { cwd: elsewhere })).toMatchObject({
      code: 1,
      err: expect.stringContaining('bare'),
    });
  });

  test('secrets, by rule and without repeating them', async () => {
    const { repo } = await inSession();
    const token = ['gh', 'p_', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8'].join('');
    const before = journals(repo);
    for (const args of [
      ['k', token],
      [`swarm/${token}`, 'v'],
      ['k', `{"auth":{"t":"${token}"}}`],
      ['k', 'v', '--tags', token],
    ]) {
      const ran = await repo.session(['memory', 'store', ...args]);
      expect([ran.code, ran.err]).toEqual([1, expect.stringMatching(/looks like a secret \(rule github\)/)]);
      expect(ran.err.replace(/path memory\S+/, '')).not.toContain(token);
    }
    expect(journals(repo)).toBe(before);
  });

  test('what is too large, no text, or not there', async () => {
    const { repo } = await inSession();
    repo.write('.git/large.txt', 'x'.repeat(1 << 21));
    await refused(repo, ['store', 'k', '--file', '.git/large.txt'], 1, /too large[\s\S]*1024 KiB/);
    await refused(repo, ['store', 'k', '--stdin'], 1, /not text/, { input: 'a\0b' });
    await refused(repo, ['store', 'k', '--file', 'nowhere'], 1, /no file nowhere/);
    await refused(repo, ['store', 'k', '--file', '.git'], 1, /no file/);
  });

  test('what the command line cannot mean', async () => {
    const { repo } = await inSession();
    const lines: [string[], RegExp][] = [
      [['store', 'k'], /no value/],
      [['store', 'k', 'v', '--stdin'], /more than once/],
      [['store', '', 'v'], /key is empty/],
      [['store', 'a\nb', 'v'], /control or invisible/],
      [['store', 'x'.repeat(501), 'v'], /limit is 500/],
      [['store', 'k', 'v', '--namespace', 'a/b'], /one word/],
      [['store', 'k', 'v', '--ttl', 'soon'], /span of time/],
      [['store', 'k', 'v', '--ttl', '0'], /span of time/],
      [['store', 'k', 'v', '--agent', 'a\u001b[31m'], /agent/],
      [['store', 'k', 'v', '--tags', 'a\u0007'], /tag/],
      [['store', 'k', 'v', 'w'], /too many arguments/],
      [['store', 'k', 'v', '--nonsense'], /unknown option/],
      [['get', 'k', '--wait', '-1'], /span of time/],
      [['list', '--limit', '0'], /number from 1/],
      [['search'], /nothing to look for/],
    ];
    for (const [args, words] of lines) await refused(repo, args, 2, words);
  });
});
