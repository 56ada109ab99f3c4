import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { artifactPath } from '../../src/core/routing/artifact-kind.ts';
import { ROOT_NAMES } from '../../src/core/routing/root-names.ts';
import { decideRoute, kindOf, type RouteFacts } from '../../src/core/routing/routing.ts';
import type { SessionId } from '../../src/core/session/session-id.ts';

const id = 'session-20251117-143022-auth-system' as SessionId;
const artifacts = `sessions/${id}/artifacts`;
const TRACKED = ['README.md', 'package.json', 'src/index.ts', 'packages/api/src/a.ts', 'packages/api/package.json', 'old.js'];

function facts(
  change: Partial<Omit<RouteFacts, 'policy'>> & { mode?: RouteFacts['policy']['mode']; policy?: Partial<RouteFacts['policy']> } = {},
): RouteFacts {
  const { mode = 'enforce', policy, ...rest } = change;
  return {
    session: id,
    tracked: (path) => TRACKED.includes(path),
    dirTracked: (dir) => TRACKED.some((path) => path.startsWith(`${dir}/`)),
    who: 'agent',
    ...rest,
    policy: { mode, redirect: false, root_allow: [], allow: [], roots: [], ...policy },
  };
}

describe('every file name of the description goes where it says', () => {
  test.each([
    ['auth.js', 'code/auth.js'],
    ['middleware.js', 'code/middleware.js'],
    ['config.js', 'code/config.js'],
    ['auth.test.js', 'tests/auth.test.js'],
    ['integration.test.js', 'tests/integration.test.js'],
    ['API.md', 'docs/API.md'],
    ['integration-guide.md', 'docs/integration-guide.md'],
    ['architecture.md', 'docs/architecture.md'],
    ['deploy.sh', 'scripts/deploy.sh'],
    ['test.sh', 'scripts/test.sh'],
    ['backup.sh', 'scripts/backup.sh'],
    ['decisions.md', 'notes/decisions.md'],
    ['architecture-decisions.md', 'notes/architecture-decisions.md'],
    ['technical-debt.md', 'notes/technical-debt.md'],
    ['lessons-learned.md', 'notes/lessons-learned.md'],
    // The three that it calls wrong at the root.
    ['test.js', 'tests/test.js'],
    ['notes.md', 'notes/notes.md'],
    // Its folders of each kind.
    ['src/auth/jwt.js', 'code/src/auth/jwt.js'],
    ['src/middleware/session.js', 'code/src/middleware/session.js'],
    ['src/utils/time.js', 'code/src/utils/time.js'],
    ['config/default.json', 'code/config/default.json'],
    ['unit/auth.test.js', 'tests/unit/auth.test.js'],
    ['integration/login.test.js', 'tests/integration/login.test.js'],
    ['e2e/flow.spec.ts', 'tests/e2e/flow.spec.ts'],
    ['tests/unit/auth.test.js', 'tests/unit/auth.test.js'],
    ['test/e2e/helpers.js', 'tests/e2e/helpers.js'],
    ['code/auth.js', 'code/auth.js'],
    ['docs/API.md', 'docs/API.md'],
    ['scripts/deploy.sh', 'scripts/deploy.sh'],
    ['notes/decisions.md', 'notes/decisions.md'],
  ])('%s -> %s', (path, expected) => {
    expect(artifactPath(path)).toBe(expected);
    const outside = facts({ tracked: () => false, dirTracked: () => false });
    expect(decideRoute(path, outside)).toMatchObject({ verdict: 'refused', kind: expected.split('/')[0], use: `${artifacts}/${expected}` });
    expect(decideRoute(`${artifacts}/${expected}`, outside)).toMatchObject({ verdict: 'session', kind: expected.split('/')[0], use: null });
  });

  test('what a session itself writes is in the session', () => {
    for (const name of ['metadata.json', 'session-summary.md', 'metrics.json']) {
      expect(decideRoute(`sessions/${id}/${name}`, facts())).toMatchObject({ verdict: 'session', kind: null });
    }
  });
});

test.each([
  ['test_auth.py', 'tests'],
  ['auth_test.go', 'tests'],
  ['auth.spec.ts', 'tests'],
  ['deploy.test.sh', 'tests'],
  ['deploy.py', 'scripts'],
  ['backupDatabase.ts', 'scripts'],
  ['run.ps1', 'scripts'],
  ['deployment-guide.md', 'docs'],
  ['openapi.yaml', 'docs'],
  ['GUIDE', 'docs'],
  ['plan.txt', 'notes'],
  ['TODO', 'notes'],
  ['api.ts', 'code'],
  ['plans.ts', 'code'],
  ['deploy.yaml', 'code'],
  ['settings.toml', 'code'],
  ['latest.js', 'code'],
  ['contest.md', 'docs'],
  ['testimony.js', 'code'],
])('%s is of kind %s', (path, kind) => {
  expect(kindOf(path)).toBe(kind);
});

describe('workspace', () => {
  test.each([
    ['an edit of a tracked file', 'old.js'],
    ['a new file beside tracked ones', 'src/auth.ts'],
    ['a new folder below one that holds tracked files', 'src/auth/jwt.ts'],
    ['a name that belongs at a root', 'tsconfig.build.json'],
    ['a dot-folder', '.github/workflows/ci.yml'],
    ['a path with dots that stays there', './src/../src/a.ts'],
  ])('%s is a change of the product', (_, path) => {
    expect(decideRoute(path, facts())).toMatchObject({ verdict: 'workspace', use: null });
  });

  test('names at a root in whatever case', () => {
    for (const name of [
      ...['package.json', 'package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'Cargo.toml', 'Cargo.lock', 'go.mod', 'go.sum', '.gitignore'],
      ...[
        'README.md',
        'readme',
        'LICENSE',
        'LICENSE-MIT',
        'licence.txt',
        'CHANGELOG.md',
        'CONTRIBUTING.md',
        'Dockerfile',
        'Dockerfile.dev',
      ],
      ...['Makefile', 'tsconfig.json', 'vite.config.ts', 'eslint.config.mjs', 'jest.config.cjs', 'babel.config.js', '.gitlab-ci.yml'],
      ...['Jenkinsfile', 'azure-pipelines.yml', 'docker-compose.yml', 'compose.yaml', 'pyproject.toml', 'requirements-dev.txt', 'pom.xml'],
    ]) {
      expect(decideRoute(name, facts()).verdict, name).toBe('workspace');
    }
    for (const name of ['auth.js', 'test.js', 'config.js', 'packages.json', 'main.py', 'report.json', 'a.config.md', 'index.html']) {
      expect(decideRoute(name, facts()).verdict, name).toBe('refused');
    }
    expect(new Set(ROOT_NAMES).size).toBe(ROOT_NAMES.length);
  });

  test('policy admits more: names at roots, and places', () => {
    const policy = { root_allow: ['*.SVG'], allow: ['assets/**'] };
    expect(decideRoute('logo.svg', facts({ policy })).verdict).toBe('workspace');
    expect(decideRoute('assets/a/b.png', facts({ policy })).verdict).toBe('workspace');
    expect(decideRoute('media/a.png', facts({ policy }))).toMatchObject({ verdict: 'refused', use: `${artifacts}/code/media/a.png` });
  });
});

test('package roots are roots', () => {
  const inPackages = facts({ workspaces: ['packages/*'] });
  expect(decideRoute('packages/api/scratch.js', inPackages)).toMatchObject({
    verdict: 'refused',
    use: `${artifacts}/code/packages/api/scratch.js`,
  });
  expect(decideRoute('packages/api/tsconfig.json', inPackages).verdict).toBe('workspace');
  expect(decideRoute('packages/api/src/b.ts', inPackages).verdict).toBe('workspace');
  expect(decideRoute('packages/api/tmp/x.js', inPackages).verdict).toBe('refused');
  expect(decideRoute('packages/web/src/x.ts', inPackages).verdict).toBe('workspace');
  expect(decideRoute('packages/web/x.ts', inPackages).verdict).toBe('refused');
  expect(decideRoute('packages/api/scratch.js', facts()).verdict).toBe('workspace');
  expect(decideRoute('packages/api/scratch.js', facts({ policy: { roots: ['packages/*/'] } })).verdict).toBe('refused');
});

describe('never', () => {
  test.each([
    ['.git/config'],
    ['src/.git/hooks/x'],
    ['.GIT/config'],
    ['a/git~1/config'],
    ['.git ./config'],
    ['.g\u200cit/config'],
    ['src/x\\.git\\config'],
    ['.swarm/log/x.jsonl'],
    ['.Swarm/x'],
    ['sessions/session-20250101-000000-other/artifacts/code/a.js'],
    [`sessions/${id}/../session-20250101-000000-other/a.js`],
    [`${artifacts}/code/../../../../.git/config`],
  ])('%s, whatever the mode', (path) => {
    for (const mode of ['enforce', 'warn', 'off', 'strict'] as const) {
      expect(decideRoute(path, facts({ mode })).verdict).toBe('refused');
      expect(decideRoute(path, facts({ mode, who: 'person' })).verdict).toBe('warned');
    }
    expect(decideRoute(path, facts({ session: null })).verdict).toBe('refused');
  });

  test.each([['../x'], ['/etc/passwd'], ['a/../../x'], ['a\0b'], [''], ['.']])('%j: no place in the tree', (path) => {
    expect(decideRoute(path, facts({ who: 'person', mode: 'off' }))).toMatchObject({ verdict: 'refused', use: null });
  });

  test('a folder beside those of landed sessions is none, unless the product keeps files there', () => {
    const landed = [...TRACKED, 'sessions/session-20251001-101010-old/metadata.json', 'sessions/store/redis.js'];
    const known = { tracked: () => false, dirTracked: (dir: string) => landed.some((path) => path.startsWith(`${dir}/`)) };
    expect(decideRoute('sessions/auth-system/artifacts/code/a.js', facts(known))).toMatchObject({
      verdict: 'refused',
      use: `${artifacts}/code/a.js`,
    });
    expect(decideRoute('sessions/store/memory.js', facts(known)).verdict).toBe('workspace');
  });

  test('an artifact of another session has its place in this one', () => {
    const path = 'sessions/session-20250101-000000-other/artifacts/docs/API.md';
    expect(decideRoute(path, facts()).use).toBe(`${artifacts}/docs/API.md`);
  });
});

test('a folder called sessions that is not ours is judged as any other', () => {
  expect(decideRoute('sessions/store.ts', facts({ dirTracked: (dir) => dir === 'sessions' })).verdict).toBe('workspace');
  expect(decideRoute('sessions/store.ts', facts()).verdict).toBe('refused');
});

test('modes', () => {
  const verdicts = (mode: RouteFacts['policy']['mode'], who: 'agent' | 'person') =>
    ['auth.js', 'src/a.ts', 'old.js', `${artifacts}/code/a.js`].map((path) => decideRoute(path, facts({ mode, who })).verdict);
  expect(verdicts('enforce', 'agent')).toEqual(['refused', 'workspace', 'workspace', 'session']);
  expect(verdicts('enforce', 'person')).toEqual(['warned', 'workspace', 'workspace', 'session']);
  expect(verdicts('warn', 'agent')).toEqual(['warned', 'workspace', 'workspace', 'session']);
  expect(verdicts('off', 'agent')).toEqual(['workspace', 'workspace', 'workspace', 'session']);
  expect(verdicts('strict', 'agent')).toEqual(['refused', 'refused', 'refused', 'session']);
  expect(decideRoute('auth.js', facts({ session: null })).verdict).toBe('workspace');
});

test('where a refusal sends a file, the file is welcome', () => {
  const part = fc.constantFrom(
    'src',
    'tests',
    'test',
    'docs',
    'a',
    'unit',
    'sessions',
    '..',
    '.',
    '.swarm',
    'x.test.ts',
    'API.md',
    'deploy.sh',
    'b.js',
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), fc.constantFrom('enforce', 'strict', 'warn'), (parts, mode) => {
      const route = decideRoute(parts.join('/'), facts({ mode }));
      if (route.use !== null) expect(decideRoute(route.use, facts({ mode: 'strict' })).verdict).toBe('session');
    }),
  );
});
