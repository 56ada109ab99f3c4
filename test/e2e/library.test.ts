/** The library door as another package uses it: installed, imported by name, type-checked with its own declarations. */

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeApprovedRepo } from '../support/approved-repo.ts';
import { closeSession, workOn } from '../support/landed.ts';
import { connect } from '../support/mcp.ts';
import { DIST, makeRepo, ROOT, run, tempDir } from '../support/repo.ts';
import { startSession } from '../support/started.ts';

/** A package that depends on git-session; runs a module of it in a folder, and returns what the module prints as JSON. */
function consumer() {
  const dir = tempDir();
  const installed = join(dir, 'node_modules', 'git-session');
  mkdirSync(installed, { recursive: true });
  copyFileSync(join(ROOT, 'package.json'), join(installed, 'package.json'));
  symlinkSync(DIST, join(installed, 'dist'));
  writeFileSync(join(dir, 'package.json'), '{"type":"module"}');
  let n = 0;
  return {
    dir,
    async run(cwd: string, body: string, env: Record<string, string> = {}) {
      const file = join(dir, `script${n++}.mjs`);
      writeFileSync(
        file,
        `import { openMemory } from 'git-session';\nconst out = await (async () => {${body}})();\nconsole.log(JSON.stringify(out));\n`,
      );
      const ran = await run(process.execPath, [file], { cwd, env });
      if (ran.code !== 0) throw new Error(ran.err);
      expect(ran.err).toBe('');
      return JSON.parse(ran.out);
    },
  };
}

describe('import { openMemory } from "git-session"', () => {
  test('stores, retrieves and searches what shells and agents see, and waits for what they write', async () => {
    const repo = makeRepo();
    const { id } = await startSession(repo, 'library-door');
    const script = consumer();
    const stored = await script.run(
      repo.dir,
      `const memory = await openMemory({ agent: 'planner', task: 't1' });
       const stored = await memory.store('swarm/shared/api-contract', { login: 'POST /login' }, { tags: ['api'] });
       await memory.store('pattern/auth/jwt', { approach: 'httpOnly cookies' });
       await memory.store('short', 'lived', { ttl: 0.001 });
       const taken = await memory.store('swarm/shared/api-contract', 1, { ifAbsent: true }).catch((error) => ({ name: error.name, kind: error.kind, next: error.next }));
       const mine = await memory.retrieve('swarm/shared/api-contract');
       mine.login = 'changed by the caller';
       return [stored, taken, await memory.retrieve('swarm/shared/api-contract'), await memory.retrieve('pattern/auth/jwt', 'reasoning-bank'),
         (await memory.retrieve('short')) === undefined, (await memory.search({ query: 'cookies' })).map(({ key, by, score }) => [key, by, score > 0]),
         (await memory.search({ pattern: 'swarm/%', namespace: 'coordination' })).map(({ key, value, task, tags, score }) => [key, value, task, tags, score])];`,
    );
    expect(stored).toEqual([
      { namespace: 'coordination', key: 'swarm/shared/api-contract', session: id, record: expect.any(String), at: expect.any(String) },
      { name: 'SessionError', kind: 'state', next: expect.stringMatching(/retrieve\(key\)/) },
      { login: 'POST /login' },
      { approach: 'httpOnly cookies' },
      true,
      [['pattern/auth/jwt', 'planner', true]],
      [['swarm/shared/api-contract', { login: 'POST /login' }, 't1', ['api'], null]],
    ]);
    expect(await repo.json(['memory', 'get', 'swarm/shared/api-contract'])).toMatchObject({ by: { kind: 'agent', name: 'planner' } });
    const [waited] = await Promise.all([
      script.run(repo.dir, "return (await openMemory()).retrieve('from-shell', undefined, { wait: 100 });"),
      repo.ok(['memory', 'store', 'from-shell', '{"by":"shell"}']),
    ]);
    expect(waited).toEqual({ by: 'shell' });
  });

  test('hostile keys and values come back byte for byte, whichever door wrote them and whichever reads them', async () => {
    const repo = makeRepo();
    await startSession(repo, 'every-door');
    const keys = [
      '--help',
      '-rf',
      '$(touch owned)',
      '`touch owned`; \'" | & > owned',
      '%',
      '\\n',
      'constructor',
      '__proto__',
      'né 😀 שלום',
    ];
    const value = (key: string) => `${key}\r\n\t\u202e\u2028$(touch owned) \u001b[31m '"\\ \n\n`;
    const doors = ['shell', 'mcp', 'library'];
    const all = doors.flatMap((door) => keys.map((key) => `${key}/${door}`));
    const of = (door: string) => all.filter((key) => key.endsWith(`/${door}`));
    const { call } = await connect(repo);
    const script = consumer();
    // What is read from standard input ends in a newline of the shell's.
    for (const key of of('shell')) await repo.ok(['memory', 'store', '--stdin', '--', key], { input: `${value(key)}\n` });
    for (const key of of('mcp')) expect((await call('memory_usage', { action: 'store', key, value: value(key) })).isError).toBe(false);
    const pairs = of('library').map((key) => [key, value(key)]);
    await script.run(
      repo.dir,
      `const memory = await openMemory();
       for (const pair of ${JSON.stringify(pairs)}) await memory.store(...pair);
       return null;`,
    );
    const wanted = all.map(value);
    const shell: string[] = [];
    for (const key of all) shell.push(JSON.parse((await repo.ok(['memory', 'get', '--json', '--', key])).out).value);
    expect(shell).toEqual(wanted);
    const mcp: string[] = [];
    for (const key of all) mcp.push((await call('memory_usage', { action: 'retrieve', key })).facts.entry.value);
    expect(mcp).toEqual(wanted);
    expect(
      await script.run(
        repo.dir,
        `const memory = await openMemory();
         return Promise.all(${JSON.stringify(all)}.map((key) => memory.retrieve(key)));`,
      ),
    ).toEqual(wanted);
    const listed = await script.run(repo.dir, "return (await (await openMemory()).search({ pattern: '%' })).map(({ key }) => key);");
    expect(listed.sort()).toEqual(all.sort());
    expect(repo.git('status', '--porcelain')).toBe('');
  });

  test('outside a session there is what a person has approved; outside a repository nothing', async () => {
    const { repo } = makeApprovedRepo('presence: none\n');
    await closeSession(repo, await workOn(repo, { topic: 'project-alpha' }));
    const script = consumer();
    const [pattern, refused] = await script.run(
      repo.dir,
      `const memory = await openMemory();
       return [await memory.retrieve('pattern/project-alpha/pure-functions', 'reasoning-bank'), await memory.store('k', 1).catch((error) => error.message)];`,
    );
    expect([pattern, refused]).toEqual([{ approach: 'pure functions' }, expect.stringMatching(/No session is checked out/)]);
    expect(await script.run(tempDir(), 'return openMemory().catch((error) => [error.name, error.message, error.next]);')).toEqual([
      'SessionError',
      'This is not a git repository.',
      expect.stringMatching(/git init/),
    ]);
  });

  test('what makes no sense is refused as wrong usage, also where no types say so, and nothing is written', async () => {
    const repo = makeRepo();
    await startSession(repo, 'library-misuse');
    const kinds = await consumer().run(
      repo.dir,
      `const memory = await openMemory();
       const circle = {};
       circle.self = circle;
       const calls = [
         ...[() => 1, 1n, circle, { toJSON() { throw new Error('no'); } }].map((value) => memory.store('k', value)),
         ...[[undefined, 1], [7, 1], ['k', 1, { namespace: null }], ['k', 1, { tags: 'api' }], ['k', 1, { ttl: 0 }], ['k', 1, { ttl: '5' }]].map((args) => memory.store(...args)),
         memory.retrieve(), memory.retrieve('k', null), memory.retrieve('k', undefined, { wait: -1 }),
         ...[{ limit: 0 }, { limit: NaN }, { limit: 1.5 }, { query: '???' }, { query: 5 }, { pattern: /k/ }].map((options) => memory.search(options)),
       ];
       return [await Promise.all(calls.map((call) => call.then(() => 'done', (error) => error.kind ?? String(error)))), await memory.search()];`,
    );
    expect(kinds).toEqual([Array(19).fill('usage'), []]);
  });

  test('its declarations hold for a strict consumer, and refuse what it does not take', () => {
    const { dir } = consumer();
    const options = {
      strict: true,
      noEmit: true,
      module: 'nodenext',
      target: 'es2023',
      lib: ['es2023', 'dom'],
      types: [],
      exactOptionalPropertyTypes: true,
    };
    writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['uses.ts'] }));
    writeFileSync(
      join(dir, 'uses.ts'),
      `import { type Memory, openMemory } from 'git-session';
const memory: Memory = await openMemory({ cwd: '.', agent: 'planner' });
const pattern = await memory.retrieve<{ approach: string }>('pattern/a/b', 'reasoning-bank', { wait: 5 });
export const approach: string | undefined = pattern?.approach;
export const keys: string[] = (await memory.search({ pattern: 'pattern/%', limit: 3 })).map(({ key }) => key);
export const record: string = (await memory.store('k', { any: ['json'] }, { ttl: 60, ifAbsent: true })).record;
// @ts-expect-error a key is text
await memory.retrieve(7);
// @ts-expect-error there is no such option
await memory.store('k', 1, { expires: 5 });
`,
    );
    execFileSync(process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', dir], { stdio: 'pipe' });
  });
});
