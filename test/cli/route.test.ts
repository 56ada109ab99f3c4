import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { schema } from '../../src/cli/schemas/route.ts';
import { enterSession, SESSION } from '../support/hooks.ts';
import { makeRepo, run, type TestRepo, tempDir } from '../support/repo.ts';

const AGENT = { CLAUDECODE: '1' };
const artifacts = `sessions/${SESSION}/artifacts`;

async function facts(repo: TestRepo, path: string, options: { cwd?: string; env?: Record<string, string> } = {}) {
  const ran = await repo.session(['route', path, '--json'], { env: AGENT, ...options });
  const { paths, ...said } = schema.parse(JSON.parse(ran.out));
  return { code: ran.code, ...said, ...paths[0] };
}

test('says where a file belongs, and exits with 1 where it is refused', async () => {
  const repo = makeRepo({ files: { 'src/app.js': 'x\n' } });
  expect(await facts(repo, 'auth.js')).toMatchObject({ code: 0, verdict: 'workspace', session: null });
  enterSession(repo);
  const before = repo.snapshot();
  expect(await facts(repo, 'auth.test.js')).toMatchObject({
    code: 1,
    verdict: 'refused',
    kind: 'tests',
    use: `${artifacts}/tests/auth.test.js`,
    who: 'agent',
    mode: 'enforce',
    session: SESSION,
  });
  expect(await facts(repo, 'src/deep/new.js')).toMatchObject({ code: 0, verdict: 'workspace' });
  expect(await facts(repo, 'src/app.js')).toMatchObject({ verdict: 'workspace', why: 'it is a tracked file' });
  expect(await facts(repo, `${artifacts}/notes/plan.md`)).toMatchObject({ verdict: 'session', kind: 'notes' });
  expect(await facts(repo, '../outside.js')).toMatchObject({ code: 1, verdict: 'refused', use: null });
  expect(await facts(repo, 'auth.js', { env: {} })).toMatchObject({ code: 0, verdict: 'warned', who: 'person' });
  const several = await repo.session(['route', 'src/app.js', 'auth.js', '--agent', 'dev', '--json']);
  expect(several.code).toBe(1);
  expect(schema.parse(JSON.parse(several.out)).paths.map(({ verdict }) => verdict)).toEqual(['workspace', 'refused']);
  const shown = await repo.session(['route', 'a\u001b[31m.js'], { env: AGENT });
  expect(shown.out).toContain(`use: ${artifacts}/code/a^[[31m.js`);
  expect(repo.snapshot()).toBe(before);
});

test('reads a path from where it is called, and follows folders that are links', async () => {
  const repo = makeRepo({ files: { 'src/app.js': 'x\n' } });
  enterSession(repo);
  expect(await facts(repo, 'b.js', { cwd: join(repo.dir, 'src') })).toMatchObject({ path: 'src/b.js', verdict: 'workspace' });
  expect(await facts(repo, join(repo.dir, 'b.js'))).toMatchObject({ path: 'b.js', verdict: 'refused' });
  const elsewhere = tempDir();
  symlinkSync(elsewhere, join(repo.dir, 'src/link'));
  expect(await facts(repo, 'src/link/b.js')).toMatchObject({ verdict: 'refused', use: null });
});

test('needs a repository and a path', async () => {
  const dir = tempDir();
  mkdirSync(join(dir, 'x'));
  const repo = makeRepo();
  expect((await repo.session(['route', 'a.js'], { cwd: dir })).code).toBe(1);
  expect((await repo.session(['route'])).code).toBe(2);
  expect((await run('git', ['-C', repo.dir, 'status', '--porcelain'])).out).toBe('');
});
