/**
 * Hook managers as people install them, in every kind of checkout: each git command is run once in a repository with the manager alone
 * and once in the same one with git-session in a session. The person's own hooks must see the same, and so must the person.
 */

import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { run, TestRepo, tempDir } from '../support/repo.ts';

const VERSIONS = { husky: '9.1.7', lefthook: '2.2.2', 'simple-git-hooks': '2.14.0' };
/** Kept between runs. */
const HOME = join(tmpdir(), `git-session-managers/${Object.values(VERSIONS).join('-')}`);
const MODULES = join(HOME, 'node_modules');
/** A folder with a git that runs hooks of its configuration, where the installed one is older than 2.54. */
const NEWER_GIT = process.env.NEWER_GIT;
const PATH = [...(NEWER_GIT ? [NEWER_GIT] : []), join(MODULES, '.bin'), process.env.PATH].join(delimiter);

beforeAll(() => {
  mkdirSync(POOR, { recursive: true });
  for (const name of SYSTEM)
    if (existsSync(`/usr/bin/${name}`) && !existsSync(join(POOR, name))) symlinkSync(`/usr/bin/${name}`, join(POOR, name));
});

beforeAll(() => {
  if (existsSync(join(MODULES, '.bin/lefthook'))) return;
  mkdirSync(HOME, { recursive: true });
  const wanted = Object.entries(VERSIONS).map(([name, version]) => `${name}@${version}`);
  execFileSync('npm', ['install', '--prefix', HOME, '--no-audit', '--no-fund', '--loglevel=error', '--fetch-retries=0', ...wanted]);
}, 600_000);

/** As a graphical client may have it: what hooks use of the system, and no Node. */
const POOR = join(HOME, 'poor');
const SYSTEM = 'git sh bash env basename dirname tr cat cp rm mkdir rmdir uname ls tail grep sed ps true python3'.split(' ');

const has = (program: string) => PATH.split(delimiter).some((folder) => existsSync(join(folder, program)));

/** Why a manager cannot be tested here; null where it can. */
function missing({ needs }: Manager): string | null {
  if (needs !== 'git 2.54') return needs && !has(needs) ? `${needs} is not on PATH: install it, it was not tested` : null;
  const version = execFileSync('git', ['--version'], { encoding: 'utf8', env: { ...process.env, PATH } });
  const [, minor = 0] = (/ (\d+\.\d+)/.exec(version)?.[1] ?? '').split('.').map(Number);
  return / [3-9]\./.test(version) || minor >= 54
    ? null
    : `${version.trim()} runs no hooks of its configuration: name a folder with a newer one in NEWER_GIT, it was not tested`;
}

/** What the person's hooks do: write down what they were given, and refuse where FAIL names them. */
const SPY = `#!/bin/sh
hook=$1; shift
case $hook in *-msg) set -- "$(basename "$1")";; pre-commit) set --;; esac
echo "$hook [$*] in $(git rev-parse --show-prefix) index $(git diff --cached --name-only -- src | tr '\\n' ' ')" >>"$SPY_LOG"
[ "\${FAIL-}" != "$hook" ]
`;

interface Manager {
  files: Record<string, string>;
  /** Makes the manager's hooks run in this checkout. */
  install(dir: string): void;
  needs?: string;
  /** There is no hook of the person's. */
  bare?: true;
  /** `init --local` leaves its hooks alone, and says why. */
  tracked?: true;
}

const tool = (dir: string, file: string, args: string[]) =>
  execFileSync(file, args, { cwd: dir, env: { ...process.env, PATH }, stdio: 'pipe' });
const npm = (extra: object) => `${JSON.stringify({ name: 'x', private: true, ...extra }, null, 2)}\n`;
const scripts = (folder: string) =>
  Object.fromEntries(['pre-commit', 'commit-msg'].map((hook) => [`${folder}/${hook}`, `#!/bin/sh\nexec sh ./spy.sh ${hook} "$@"\n`]));
const local = (hook: string, files: boolean) =>
  `      - id: spy-${hook}\n        name: spy\n        language: system\n        entry: sh ./spy.sh ${hook}\n        always_run: true\n        pass_filenames: ${files}\n`;

const MANAGERS: Record<string, Manager> = {
  'nothing at all': { files: {}, install: () => {}, bare: true },
  "git's own configuration": {
    files: {},
    install: (dir) => {
      for (const hook of ['pre-commit', 'commit-msg']) {
        tool(dir, 'git', ['config', `hook.spy-${hook}.command`, `sh ./spy.sh ${hook}`]);
        tool(dir, 'git', ['config', `hook.spy-${hook}.event`, hook]);
      }
    },
    needs: 'git 2.54',
  },
  husky: {
    files: {
      'package.json': npm({ devDependencies: { husky: '^9.1.7' }, scripts: { prepare: 'husky' } }),
      '.husky/pre-commit': 'sh ./spy.sh pre-commit\n',
      '.husky/commit-msg': 'sh ./spy.sh commit-msg "$1"\n',
    },
    install: (dir) => tool(dir, process.execPath, [join(MODULES, 'husky/bin.js')]),
  },
  lefthook: {
    files: {
      'lefthook.yml':
        'output: [failure]\n# ours\npre-commit:\n  commands:\n    spy:\n      run: sh ./spy.sh pre-commit\ncommit-msg:\n  jobs:\n    - run: sh ./spy.sh commit-msg {1}\n',
    },
    install: (dir) => tool(dir, join(MODULES, '.bin/lefthook'), ['install']),
  },
  'pre-commit': {
    files: {
      '.pre-commit-config.yaml': `default_install_hook_types: [pre-commit, commit-msg]\nrepos:\n  # ours\n  - repo: local\n    hooks:\n${local('pre-commit', false)}        stages: [commit]\n${local('commit-msg', true)}        stages: [commit-msg]\n`,
    },
    install: (dir) => tool(dir, 'pre-commit', ['install']),
    needs: 'pre-commit',
  },
  'simple-git-hooks': {
    files: {
      'package.json': npm({ 'simple-git-hooks': { 'pre-commit': 'sh ./spy.sh pre-commit', 'commit-msg': 'sh ./spy.sh commit-msg "$1"' } }),
    },
    install: (dir) => {
      symlinkSync(MODULES, join(dir, 'node_modules'));
      tool(dir, process.execPath, [join(MODULES, 'simple-git-hooks/cli.js')]);
    },
  },
  'scripts in the git dir': {
    files: {},
    install: (dir) => {
      const folder = execFileSync('git', ['rev-parse', '--path-format=absolute', '--git-path', 'hooks'], {
        cwd: dir,
        encoding: 'utf8',
      }).trim();
      for (const [path, text] of Object.entries(scripts(folder))) {
        writeFileSync(path, text);
        chmodSync(path, 0o755);
      }
    },
  },
  'core.hooksPath with tracked scripts': {
    files: scripts('tools/hooks'),
    install: (dir) => tool(dir, 'git', ['config', 'core.hooksPath', 'tools/hooks']),
    tracked: true,
  },
};

/** A repository with the manager active, a branch to merge, one to rebase onto, and a commit to pick. */
function prepared(manager: Manager): TestRepo {
  const dir = join(tempDir(), 'repo');
  mkdirSync(dir);
  const repo = new TestRepo(dir);
  repo.git('init', '-q', '-b', 'main');
  for (const [path, text] of Object.entries({
    ...manager.files,
    '.gitignore': 'node_modules\n',
    'spy.sh': SPY,
    'src/a.txt': 'a\n',
    'src/b.txt': 'b\n',
  }))
    repo.write(path, text);
  for (const path of Object.keys(scripts('tools/hooks'))) if (repo.has(path)) chmodSync(join(dir, path), 0o755);
  repo.git('add', '-A');
  repo.git('commit', '-q', '-m', 'first');
  for (const name of ['to-merge', 'to-rebase-onto', 'to-pick']) {
    repo.git('switch', '-q', '-c', name, 'main');
    repo.write(`src/${name}.txt`, 'x\n');
    repo.git('add', '-A');
    repo.git('commit', '-q', '-m', name);
  }
  repo.git('switch', '-q', 'main');
  return repo;
}

/** The repository as a submodule of another. */
function asSubmodule(repo: TestRepo): TestRepo {
  const above = new TestRepo(join(tempDir(), 'above'));
  mkdirSync(above.dir);
  above.git('init', '-q', '-b', 'main');
  above.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', repo.dir, 'lib');
  const lib = new TestRepo(join(above.dir, 'lib'));
  for (const name of ['to-merge', 'to-rebase-onto', 'to-pick']) lib.git('branch', '-q', '--no-track', name, `origin/${name}`);
  lib.git('remote', 'remove', 'origin');
  return lib;
}

const PLACES = ['main worktree', 'linked worktree', 'subdirectory', 'submodule'] as const;
type Place = (typeof PLACES)[number];

interface Arena {
  /** The top of the checkout, and where commands run. */
  top: string;
  cwd: string;
}

/** The manager alone, or with git-session in a session. */
async function arena(manager: Manager, place: Place, withUs: boolean, init: readonly string[] = []): Promise<Arena> {
  const first = prepared(manager);
  const repo = place === 'submodule' ? asSubmodule(first) : first;
  manager.install(repo.dir);
  if (withUs) {
    const args = ['init', '--yes', '--no-detect', '--no-agent', '--no-approver', ...init];
    await repo.ok(args, { env: { PATH } });
    expect((await repo.json(args, { env: { PATH } })).hooks).toBe('active');
    if (init.includes('--local')) expect(repo.git('status', '--porcelain', '-uall')).toBe('');
    await repo.ok(['start', 'auth-system'], { env: { PATH } });
  } else repo.git('switch', '-q', '-c', 'work');
  let top = repo.dir;
  if (place === 'linked worktree') {
    const branch = repo.git('branch', '--show-current');
    repo.git('switch', '-q', 'main');
    top = join(tempDir(), 'linked tree');
    // By plain git; where the manager alone needs more than that for a linked worktree, it gets it.
    await run('git', ['worktree', 'add', '-q', top, branch], { cwd: repo.dir, env: { PATH, SPY_LOG: '/dev/null' } });
    if (!withUs && existsSync(join(top, '.husky'))) manager.install(top);
  }
  return { top, cwd: place === 'subdirectory' ? join(top, 'src') : top };
}

const put = (top: string, path: string, text: string) => writeFileSync(join(top, path), text);

/** Each: what is done before, the git command, and whether the commit is one of the session's own. */
const OPERATIONS: { name: string; args: string[]; before?(at: Arena): void; fail?: string; own: boolean }[] = [
  {
    name: 'commit',
    args: ['commit', '-m', 'one'],
    before: ({ top }) => {
      put(top, 'src/a.txt', '1\n');
      git(top, 'add', 'src/a.txt');
    },
    own: true,
  },
  {
    name: 'amend',
    args: ['commit', '--amend', '-m', 'one, amended'],
    before: ({ top }) => {
      put(top, 'src/a.txt', '2\n');
      git(top, 'add', 'src/a.txt');
    },
    own: true,
  },
  {
    name: 'commit -a',
    args: ['commit', '-a', '-m', 'all'],
    before: ({ top }) => {
      put(top, 'src/a.txt', '3\n');
      put(top, 'src/b.txt', '3\n');
    },
    own: true,
  },
  {
    name: 'commit with paths',
    args: ['commit', '-m', 'paths', '--', ':/src/b.txt'],
    before: ({ top }) => {
      put(top, 'src/a.txt', '4\n');
      git(top, 'add', 'src/a.txt');
      put(top, 'src/b.txt', '4\n');
    },
    own: true,
  },
  { name: 'refused by the person\u2019s hook', args: ['commit', '-m', 'no'], fail: 'pre-commit', own: false },
  { name: 'refused by the person\u2019s message hook', args: ['commit', '-m', 'no'], fail: 'commit-msg', own: false },
  { name: 'commit --no-verify', args: ['commit', '--no-verify', '-m', 'unverified'], own: true },
  { name: 'merge', args: ['merge', '--no-ff', '-m', 'Merge it', 'to-merge'], own: false },
  { name: 'cherry-pick', args: ['cherry-pick', 'to-pick'], own: false },
  { name: 'rebase', args: ['rebase', 'to-rebase-onto'], own: false },
];

const git = (cwd: string, ...args: string[]) => execFileSync('git', args, { cwd, encoding: 'utf8', stdio: 'pipe' }).trim();

/** What a command left: its exit code, what the person's hooks saw, the index, the author and the subject. */
async function outcome(at: Arena, operation: (typeof OPERATIONS)[number]) {
  operation.before?.(at);
  const log = join(tempDir(), 'log');
  writeFileSync(log, '');
  const head = git(at.top, 'rev-parse', 'HEAD');
  const ran = await run('git', operation.args, { cwd: at.cwd, env: { PATH, SPY_LOG: log, FAIL: operation.fail ?? '' } });
  return {
    code: ran.code,
    hooks: readFileSync(log, 'utf8'),
    index: git(at.top, 'ls-files', '-s', '--', 'src'),
    dirty: git(at.top, 'status', '--porcelain', '--', 'src'),
    author: git(at.top, 'log', '-1', '--format=%an <%ae> | %cn <%ce> | %s'),
    moved: git(at.top, 'rev-parse', 'HEAD') !== head,
  };
}

/** Some twenty commits beside managers that each start programs of their own. */
const SLOW = 300_000;
const MODES = { everybody: [], 'this clone alone': ['--local'] };

describe.each(
  Object.entries(MANAGERS).flatMap(([name, manager]) => Object.entries(MODES).map(([mode, args]) => ({ name, mode, manager, args }))),
)('$name, set up for $mode', ({ name, manager, args }) => {
  const refused = manager.tracked && args.length > 0;
  test.each(refused ? [] : PLACES)(
    '%s',
    async (place) => {
      const why = missing(manager);
      if (why) return expect.unreachable(why);
      const [alone, ours] = [await arena(manager, place, false), await arena(manager, place, true, args)];
      let seen = '';
      // Where there is no hook of the person's, none refuses.
      for (const operation of OPERATIONS.filter(({ fail }) => !manager.bare || fail === undefined)) {
        const [before, after] = [await outcome(alone, operation), await outcome(ours, operation)];
        expect(after, operation.name).toEqual(before);
        seen += before.hooks;
        const trailer = git(ours.top, 'log', '-1', '--format=%(trailers:key=Session-Id,valueonly)');
        if (operation.own) expect(trailer, operation.name).toMatch(/^session-.*-auth-system$/);
        if (operation.own || operation.name === 'merge') expect(before.moved, operation.name).toBe(true);
      }
      if (!manager.bare) {
        expect(seen).toMatch(/^pre-commit \[\] in {2}index src\/a\.txt $/m);
        expect(seen).toMatch(/^commit-msg \[COMMIT_EDITMSG\]/m);
      }
      // Ours refuses a stray of an agent, whoever looks after the hooks.
      put(ours.top, 'stray.txt', 'x\n');
      git(ours.top, 'add', 'stray.txt');
      // A graphical client has little of a PATH: the program is found all the same.
      for (const path of [PATH, POOR]) {
        const refused = await run('git', ['commit', '-m', 'stray'], {
          cwd: ours.cwd,
          env: { PATH: path, SPY_LOG: '/dev/null', CLAUDECODE: '1' },
        });
        expect([refused.code, refused.out + refused.err]).toEqual([1, expect.stringContaining('stray.txt')]);
      }
      // The tool removed, and no program to be found but git's own: the commit goes through.
      const common = git(ours.top, 'rev-parse', '--path-format=absolute', '--git-common-dir');
      writeFileSync(join(common, 'git-session/tool'), '/nowhere/node\n/nowhere/hook.cjs\n');
      const env = { SPY_LOG: '/dev/null', CLAUDECODE: '1' };
      expect((await run('git', ['commit', '-m', 'Node is gone'], { cwd: ours.cwd, env: { PATH, ...env } })).code).toBe(0);
      rmSync(join(common, 'git-session'), { recursive: true });
      const bare = await run('git', ['commit', '--allow-empty', '-m', 'all is gone'], {
        cwd: ours.cwd,
        env: { ...env, PATH: POOR },
      });
      expect(bare.code, name).toBe(0);
    },
    SLOW,
  );

  test('uninstall puts configuration and scripts back to the byte', async () => {
    const why = missing(manager);
    if (why) return expect.unreachable(why);
    const repo = prepared(manager);
    manager.install(repo.dir);
    const state = () => {
      const copy = join(tempDir(), 'hooks');
      cpSync(join(repo.dir, '.git/hooks'), copy, { recursive: true });
      const hooks = execFileSync('sh', ['-c', 'for f in *; do ls -l "$f" | cut -c1-10; cat "$f"; done'], { cwd: copy, encoding: 'utf8' });
      return [
        repo.git('rev-parse', 'main^{tree}'),
        repo.git('status', '--porcelain', '--ignored'),
        repo.read('.git/config'),
        repo.read('.git/info/exclude'),
        hooks,
      ];
    };
    const first = state();
    await repo.ok(['init', '--yes', '--no-detect', '--no-agent', '--no-approver', ...args], { env: { PATH } });
    await repo.ok(['uninstall', '--yes'], { env: { PATH } });
    expect(state()).toEqual(first);
  });
});
