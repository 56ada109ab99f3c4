/**
 * The user's own description, phase by phase, through the built commands: what each phase promises is asked of git and of the files.
 * docs/phases.md maps each step to its command; this test is the evidence for that table.
 */

import { expect, test } from 'vitest';
import { CLI, makeRepo, makeSshKey, run, type TestRepo } from '../support/repo.ts';

const TESTS = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { login } from '../code/auth.js';
test('a good password logs in', () => assert.equal(login('dana', 'right'), 'token-dana'));
test('a bad one does not', () => assert.equal(login('dana', 'wrong'), null));
`;

async function ready(): Promise<TestRepo> {
  const repo = makeRepo({ files: { 'package.json': '{ "name": "shop", "type": "module", "private": true }\n' } });
  await repo.ok([
    'init',
    '--yes',
    '--signing-key',
    makeSshKey(),
    '--presence',
    'none',
    '--no-detect',
    '--check',
    'tests=node --test --experimental-test-coverage',
  ]);
  return repo;
}

async function edit(repo: TestRepo, path: string, content: string, ...more: string[]): Promise<void> {
  repo.write(path, content);
  await repo.ok(['hooks', 'post-edit', '--file', path, ...more]);
}

test('phases 1 to 6, with the flags and keys as they stand there', async () => {
  const repo = await ready();

  // Phase 1: start.
  const started = await repo.json(['start', 'auth-system-implementation', '--goal', 'JWT authentication with tests and docs']);
  const id: string = started.session.id;
  expect(id).toMatch(/^session-\d{8}-\d{6}-auth-system-implementation$/);
  const root = `sessions/${id}`;
  for (const kind of ['code', 'tests', 'docs', 'scripts', 'notes']) expect(repo.has(`${root}/artifacts/${kind}`)).toBe(true);
  expect(JSON.parse(repo.read(`${root}/metadata.json`))).toMatchObject({
    id,
    topic: 'auth-system-implementation',
    status: 'active',
    closed_at: null,
  });
  expect(repo.git('branch', '--show-current')).toBe(`session/${id.slice('session-'.length)}`);

  // Phase 2: agents, with the seed's hook flags.
  await repo.ok([
    'hooks',
    'pre-task',
    '--description',
    'Build authentication API',
    '--task-id',
    'task-auth-api-001',
    '--agent',
    'backend-dev',
  ]);
  await repo.ok(['hooks', 'pre-task', '--description', 'Write auth tests', '--task-id', 'task-auth-tests-002', '--agent', 'tester']);
  await repo.ok(['hooks', 'pre-task', '--description', 'Create documentation', '--task-id', 'task-auth-docs-003', '--agent', 'api-docs']);

  // Phase 3: memory, session-scoped and cross-session.
  await repo.ok(['memory', 'store', 'swarm/shared/api-contract', '{"login":"(user, password) -> token | null"}']);
  const coordination = `session/${id.slice(0, 'session-YYYYMMDD-HHMMSS'.length)}/coordination`;
  await repo.ok([
    'memory',
    'store',
    coordination,
    JSON.stringify({ agents_active: 3, phase: 'implementation', progress: 65 }),
    '--namespace',
    'coordination',
  ]);
  await repo.ok([
    'memory',
    'store',
    'pattern/auth-system/jwt-implementation',
    JSON.stringify({
      pattern_id: 'auth-jwt-httponly-cookies',
      approach: 'httpOnly cookies + refresh tokens',
      success_rate: 100,
      reusable: true,
    }),
    '--namespace',
    'reasoning-bank',
  ]);
  expect((await repo.json(['memory', 'get', coordination])).value).toEqual({ agents_active: 3, phase: 'implementation', progress: 65 });

  // Phase 4: artifacts, routed; the root is refused to agents with the path to use.
  await edit(
    repo,
    `${root}/artifacts/code/auth.js`,
    "/** Logs a user in. */\nexport const login = (user, password) => (password === 'right' ? 'token-' + user : null);\n",
    '--task-id',
    'task-auth-api-001',
    '--memory-key',
    'swarm/coder/auth-api-complete',
  );
  await edit(repo, `${root}/artifacts/tests/auth.test.js`, TESTS, '--task-id', 'task-auth-tests-002');
  await edit(
    repo,
    `${root}/artifacts/docs/API.md`,
    '# API documentation\n\n`login(user, password)` returns a token or null.\n',
    '--task-id',
    'task-auth-docs-003',
  );
  expect((await repo.json(['memory', 'get', 'swarm/coder/auth-api-complete'])).value).toMatchObject({
    path: `${root}/artifacts/code/auth.js`,
    task: 'task-auth-api-001',
  });
  const route = await repo.session(['route', 'auth.js', '--json'], { env: { GIT_SESSION_AGENT: 'backend-dev' } });
  expect(route.code).toBe(1);
  expect(JSON.parse(route.out)).toMatchObject({ paths: [{ use: `${root}/artifacts/code/auth.js` }] });
  for (const task of ['task-auth-api-001', 'task-auth-tests-002', 'task-auth-docs-003']) {
    await repo.ok(['hooks', 'post-task', '--task-id', task, '--status', 'completed', '--wait']);
  }
  expect(
    repo.git('log', '--format=%(trailers:key=Session-Task,valueonly,separator=%x2C)', '-3').split('\n').filter(Boolean).sort(),
  ).toEqual(['task-auth-api-001', 'task-auth-docs-003', 'task-auth-tests-002']);

  // Phase 5: session end drafts the three files; the closeout shows the summary and asks.
  await repo.ok(['hooks', 'session-end', '--export-metrics', 'true']);
  for (const file of ['session-summary.md', 'metrics.json', 'inventory.json']) expect(repo.has(`${root}/${file}`)).toBe(true);
  const shown = await repo.session(['closeout'], { input: '' });
  const review = shown.out + shown.err;
  expect(shown.code).toBe(3);
  for (const words of [
    'auth-system-implementation',
    'JWT authentication with tests and docs',
    'backend-dev',
    'tester',
    'api-docs',
    'auth.js',
    'auth.test.js',
    'API.md',
    'Memory entries',
    'httpOnly cookies + refresh tokens',
    'Approve closeout? (yes/no)',
    'Duration',
    'Recommendation',
  ]) {
    expect(review).toContain(words);
  }
  const before = repo.git('rev-parse', 'main');
  await repo.ok(['closeout', '--yes']);

  // What landed: one signed merge commit, one signed tag on the seal.
  expect(repo.git('rev-parse', 'main^1')).toBe(before);
  expect(repo.git('rev-parse', `backup/${id}^{commit}`)).toBe(repo.git('rev-parse', 'main^2'));
  expect(repo.git('cat-file', 'tag', `backup/${id}`)).toContain('-----BEGIN SSH SIGNATURE-----');
  expect(repo.git('cat-file', 'commit', 'main')).toContain('gpgsig -----BEGIN SSH SIGNATURE-----');
  expect(repo.git('branch', '--show-current')).toBe('main');
  expect(repo.git('status', '--porcelain')).toBe('');
  expect(repo.git('branch', '--list', 'session/*')).toBe('');

  // Phase 6: the backup, field by field as the description has it.
  const metadata = JSON.parse(repo.read(`${root}/metadata.json`));
  expect(metadata).toMatchObject({ status: 'closed', backup_location: `.swarm/backups/${id}.json` });
  const backup = JSON.parse(repo.read(`.swarm/backups/${id}.json`));
  expect(backup).toMatchObject({
    session_id: id,
    created_at: metadata.created_at,
    closed_at: metadata.closed_at,
    topic: 'auth-system-implementation',
  });
  expect(backup.duration_minutes).toBeTypeOf('number');
  expect(
    backup.agents.map((agent: { type: string; task: string; status: string }) => [agent.type, agent.task, agent.status]).sort(),
  ).toEqual([
    ['api-docs', 'Create documentation', 'completed'],
    ['backend-dev', 'Build authentication API', 'completed'],
    ['tester', 'Write auth tests', 'completed'],
  ]);
  expect(backup.artifacts).toMatchObject({ code: ['auth.js'], tests: ['auth.test.js'], docs: ['API.md'] });
  expect(Object.keys(backup.memory_snapshot).sort()).toEqual(['coordination', 'reasoning-bank']);
  expect(backup.metrics).toMatchObject({ files_created: 3, agents_spawned: 3, test_coverage: 100 });
  expect(backup.metrics.memory_entries).toBeGreaterThanOrEqual(4);
  expect(backup.learned_patterns).toMatchObject([{ pattern_id: 'auth-jwt-httponly-cookies', reusable: true }]);

  // Session memory is cleaned from the tip, what was learned stays, and the next session finds it.
  const log = repo.git('grep', '-h', 'memory.stored', 'main', '--', `.swarm/log/${id}`);
  expect(log).toContain('pattern/auth-system/jwt-implementation');
  expect(log).toContain(`trajectory/${id}/decisions`);
  expect(log).not.toContain('swarm/shared/api-contract');
  const next = await repo.json(['start', 'auth-token-rotation', '--goal', 'Rotate the refresh tokens of the auth system']);
  expect(JSON.stringify(next.patterns)).toContain('auth-jwt-httponly-cookies');
  const found = await repo.json(['memory', 'search', '--pattern', 'pattern/%', '--namespace', 'reasoning-bank']);
  expect(JSON.stringify(found)).toContain('pattern/auth-system/jwt-implementation');
  expect((await repo.session(['memory', 'get', 'swarm/shared/api-contract'])).code).toBe(1);

  // Anyone with a clone.
  repo.git('switch', '-q', 'main');
  await repo.ok(['verify', '--all']);
});

test('the final checkpoint: backend, frontend, tests and docs in one session, by plain git commit only', async () => {
  const repo = await ready();
  const { session } = await repo.json(['start', 'shop-checkout-page']);
  const root = `sessions/${session.id}/artifacts`;
  const commit = (message: string, files: Record<string, string>, env: Record<string, string>) => {
    for (const [path, content] of Object.entries(files)) repo.write(path, content);
    repo.git('add', '-A');
    return run('git', ['commit', '-q', '-m', message], { cwd: repo.dir, env });
  };
  const as = (task: string, agent: string) => ({ GIT_SESSION_TASK: task, GIT_SESSION_AGENT: agent });
  expect(
    await commit(
      'Add the backend',
      { [`${root}/code/backend.js`]: 'export const total = (prices) => prices.reduce((sum, price) => sum + price, 0);\n' },
      as('backend', 'backend-dev'),
    ),
  ).toMatchObject({ code: 0 });
  expect(
    await commit(
      'Add the page',
      { [`${root}/code/frontend.html`]: '<!doctype html><title>Checkout</title>\n' },
      as('frontend', 'frontend-dev'),
    ),
  ).toMatchObject({ code: 0 });
  expect(
    await commit(
      'Test the backend\n\nSession-Event: task-done',
      {
        [`${root}/tests/backend.test.js`]:
          "import assert from 'node:assert';\nimport { test } from 'node:test';\nimport { total } from '../code/backend.js';\ntest('adds up', () => assert.equal(total([1, 2]), 3));\n",
      },
      as('tests', 'tester'),
    ),
  ).toMatchObject({ code: 0 });
  expect(await commit('Document it', { [`${root}/docs/API.md`]: '# Checkout API\n' }, as('docs', 'api-docs'))).toMatchObject({ code: 0 });

  const shown = await repo.json(['show']);
  expect(shown.tasks.map((task: { task: string }) => task.task).sort()).toEqual(['backend', 'docs', 'frontend', 'tests']);
  expect(shown.tasks.find((task: { task: string }) => task.task === 'tests').status).toBe('completed');
  expect(
    repo
      .git('log', '--format=%(trailers:key=Session-Id,valueonly,separator=%x2C)', 'main..')
      .split('\n')
      .every((line) => line === session.id),
  ).toBe(true);
  await repo.ok(['closeout', '--yes']);
  const backup = JSON.parse(repo.read(`.swarm/backups/${session.id}.json`));
  expect(backup.artifacts).toMatchObject({ code: ['backend.js', 'frontend.html'], tests: ['backend.test.js'], docs: ['API.md'] });
  expect(backup.agents.map((agent: { type: string }) => agent.type).sort()).toEqual(['api-docs', 'backend-dev', 'frontend-dev', 'tester']);
  await repo.ok(['verify', session.id]);
});

test('a project over several sessions: a later one refers to an earlier one', async () => {
  const repo = await ready();
  const planning = (await repo.json(['start', 'project-alpha-planning'])).session.id;
  await edit(repo, `sessions/${planning}/artifacts/docs/architecture.md`, '# Architecture\n\nTwo services.\n');
  await repo.ok(['memory', 'store', 'pattern/project-alpha/architecture', '{"approach":"two services behind one gateway"}']);
  await edit(repo, `sessions/${planning}/artifacts/tests/plan.test.js`, "import { test } from 'node:test';\ntest('plan', () => {});\n");
  await repo.ok(['hooks', 'session-end']);
  await repo.ok(['closeout', '--yes']);

  const core = await repo.json(['start', 'project-alpha-core-impl', '--from', planning]);
  expect(JSON.stringify(core)).toContain(`sessions/${planning}/artifacts/docs/architecture.md`);
  expect(JSON.parse(repo.read(`sessions/${core.session.id}/metadata.json`)).continues).toBe(planning);
  expect((await repo.json(['memory', 'get', 'reasoning-bank/pattern/project-alpha/architecture'])).value).toEqual({
    approach: 'two services behind one gateway',
  });
});

test('the rows that are about saying no, waiting and strays', async () => {
  const repo = await ready();
  const before = repo.snapshot();
  for (const topic of ['work', 'stuff', 'test']) {
    const refused = await repo.session(['start', topic]);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('git session start ');
  }
  expect(repo.snapshot()).toBe(before);

  const { session } = await repo.json(['start', 'inventory-report-export']);
  // One agent reads what another has not written yet.
  const reading = repo.session(['memory', 'get', 'swarm/shared/api-contract', '--wait', '30']);
  await repo.ok(['memory', 'store', 'swarm/shared/api-contract', 'GET /report']);
  expect(await reading).toMatchObject({ code: 0, out: 'GET /report\n' });

  // A new file at the root: refused to an agent's commit, with the path to use; adopt moves it there.
  repo.write('notes.md', '# Notes\n');
  repo.git('add', 'notes.md');
  const use = `sessions/${session.id}/artifacts/notes/notes.md`;
  const commit = await run('git', ['commit', '-q', '-m', 'Notes'], { cwd: repo.dir, env: { GIT_SESSION_AGENT: 'writer' } });
  expect(commit.code).not.toBe(0);
  expect(commit.err).toContain(use);
  await repo.ok(['adopt', 'notes.md']);
  expect(repo.has('notes.md')).toBe(false);
  expect(repo.read(use)).toBe('# Notes\n');

  // A task that failed is a failure, and stays one in the backup.
  await repo.ok(['hooks', 'pre-task', '--task-id', 'export', '--description', 'Export as CSV', '--agent', 'backend-dev']);
  await repo.ok(['hooks', 'post-task', '--task-id', 'export', '--status', 'failed']);
  const tasks = (await repo.json(['show'])).tasks as { task: string; status: string }[];
  expect(tasks.find((task) => task.task === 'export')?.status).toBe('failed');
});

test('through git itself', async () => {
  const repo = await ready();
  const { mkdirSync, symlinkSync } = await import('node:fs');
  const bin = `${repo.dir}/../bin`;
  mkdirSync(bin);
  symlinkSync(CLI, `${bin}/git-session`);
  const env = { PATH: `${bin}:${process.env.PATH}` };
  const started = await run('git', ['session', 'start', 'search-page-speed'], { cwd: repo.dir, env });
  expect(started).toMatchObject({ code: 0 });
  const help = await run('git', ['session', '-h'], { cwd: repo.dir, env });
  expect(help.out).toContain('git session <command>');
  const verb = await run('git', ['session', 'start', '--help'], { cwd: repo.dir, env });
  expect(verb).toMatchObject({ code: 0 });
  expect(verb.out).toContain('<topic>');
});
