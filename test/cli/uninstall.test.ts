/** `init`, then `uninstall`: everything as it was, byte for byte, in repositories of many kinds; and what uninstall never drops unasked. */

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { schema } from '../../src/cli/schemas/uninstall.ts';
import { atTerminal } from '../support/pty.ts';
import { makeRepo, makeSshKey, ROOT, type TestRepo, tempDir } from '../support/repo.ts';
import { signWith } from '../support/trust.ts';

const OPEN = ['init', '--yes', '--no-try', '--presence', 'none'];

/** Every file and folder below, with its bytes, mode and kind; of the git dir only what a person set there. */
function everything(top: string): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (folder: string) => {
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      const stat = lstatSync(path);
      const shown = relative(top, path);
      if (stat.isSymbolicLink()) found.set(shown, `-> ${readlinkSync(path)}`);
      else if (stat.isDirectory()) {
        found.set(`${shown}/`, '');
        if (shown === '.git') for (const part of ['hooks', 'info']) existsSync(join(path, part)) && walk(join(path, part));
        else walk(path);
      } else found.set(shown, `${(stat.mode & 0o777).toString(8)} ${readFileSync(path).toString('latin1')}`);
    }
  };
  walk(top);
  found.set('.git/config', readFileSync(join(top, '.git/config'), 'latin1'));
  found.set(
    'names in .git',
    readdirSync(join(top, '.git'))
      .filter((name) => /session|modules$/.test(name))
      .join(),
  );
  return found;
}

/** Refs but for the branch that got two commits, and the index. */
function refsAndIndex(repo: TestRepo): string {
  const refs = repo
    .git('for-each-ref', '--format=%(refname) %(objectname)')
    .split('\n')
    .filter((row) => !row.startsWith('refs/heads/main '));
  return [...refs, repo.git('rev-parse', 'main^{tree}'), repo.git('ls-files', '-s'), repo.git('status', '--porcelain')].join('\n');
}

const npm = (extra: object = {}) => `${JSON.stringify({ name: 'x', version: '1.0.0', ...extra }, null, 2)}\n`;
const lock = `${JSON.stringify({ name: 'x', version: '1.0.0', lockfileVersion: 3, requires: true, packages: { '': { name: 'x', version: '1.0.0' } } }, null, 2)}\n`;
const BATCH = [...'claude,codex,gemini,copilot,opencode,cursor,generic'.split(',').flatMap((name) => ['--agent', name])];

interface Kind {
  files?: Record<string, string>;
  args?: string[];
  prepare?(repo: TestRepo): unknown;
}

const KINDS: Record<string, Kind> = {
  'nothing but a README': {},
  'an npm project with a lock file': { files: { 'package.json': npm(), 'package-lock.json': lock } },
  'tabs, sorted dependencies and a prepare script': {
    files: { 'package.json': '{\n\t"scripts": {\n\t\t"prepare": "tsc"\n\t},\n\t"devDependencies": {\n\t\t"a": "1",\n\t\t"z": "1"\n\t}\n}' },
  },
  'empty objects and one line': { files: { 'package.json': '{"name":"x","scripts":{},"devDependencies":{}}' } },
  'CRLF everywhere': {
    files: { 'package.json': '{\r\n  "name": "x"\r\n}\r\n', '.gitattributes': '*.png binary\r\n', '.gitignore': '/sessions\r\nx\r\n' },
  },
  'line ends mixed, none at the end': { files: { '.gitattributes': 'a text\r\nb text\nc text', '.gitignore': '.swarm\n*.log' } },
  'files of ignore patterns, one empty': {
    files: { '.npmignore': 'src', '.dockerignore': '', '.prettierignore': '\n\n', '.eslintignore': 'x\r\n' },
  },
  'husky in use': {
    files: { 'package.json': npm({ devDependencies: { husky: '^9.1.7' }, scripts: { prepare: 'husky' } }), '.husky/pre-commit': 'true\n' },
    prepare: (repo) => execFileSync(process.execPath, [join(ROOT, 'node_modules/husky/bin.js')], { cwd: repo.dir }),
  },
  'husky scripts of another mode, not in use': {
    files: { '.husky/commit-msg': '#!/bin/sh\nexit 0\n' },
    prepare: (repo) => {
      chmodSync(join(repo.dir, '.husky/commit-msg'), 0o755);
      repo.commit('mode');
    },
  },
  'every client of agents, from nothing': { args: BATCH },
  'every client of agents, with settings of its own': {
    args: BATCH,
    files: {
      '.claude/settings.json': '{"model":"opus","hooks":{"Stop":[{"hooks":[]}]}}',
      '.claude/commands/session-start.md': 'mine\n',
      '.mcp.json': '{\n    "mcpServers": {}\n}\n',
      '.codex/config.toml': 'model = "x"',
      '.gemini/settings.json': '{}',
      'opencode.json': '{ "$schema": "x" }\n',
      '.cursor/hooks.json': '{"version":1,"hooks":{}}\n',
      'AGENTS.md': '# Agents\n\nBe kind.',
    },
  },
  'every client of agents, behind links': {
    args: BATCH,
    files: { 'CLAUDE.md': '# Agents', 'tools/claude/settings.json': '{}\n', 'tools/gemini/notes.txt': 'x\n', '.prettierignore': 'dist\n' },
    prepare: (repo) => {
      const links = {
        'AGENTS.md': 'CLAUDE.md',
        '.claude': 'tools/claude',
        '.gemini': './tools//gemini/',
        '.codex': '/nowhere',
        '.npmignore': '.prettierignore',
      };
      for (const [path, target] of Object.entries(links)) symlinkSync(target, join(repo.dir, path));
      repo.commit('links');
    },
  },
  'a policy written by hand': { files: { '.sessionrc.yaml': '# ours\nland: local # stay\n' } },
  'a Python project with pre-commit': {
    files: {
      'pyproject.toml': '[project]\nname = "x"\n',
      '.pre-commit-config.yaml': 'repos:\n# mine\n- repo: https://example.com/x\n  rev: v1\n  hooks:\n  - id: x',
    },
  },
  'lefthook, CRLF': { files: { 'lefthook.yml': 'pre-commit:\r\n  commands:\r\n    lint:\r\n      run: x\r\n' } },
  'tracked scripts in core.hooksPath': {
    files: { 'tools/hooks/pre-commit': '#!/bin/sh\nexit 0\n' },
    prepare: (repo) => {
      chmodSync(join(repo.dir, 'tools/hooks/pre-commit'), 0o755);
      repo.commit('mode');
      repo.git('config', 'core.hooksPath', 'tools/hooks');
    },
  },
  'names that are no ASCII, and links': {
    files: { 'ä ö/ü.txt': 'x\n', 'quote\'d "file".txt': 'x\n' },
    prepare: (repo) => symlinkSync('README.md', join(repo.dir, 'link')),
  },
  'work in progress: staged, changed, untracked': {
    files: { 'a.txt': 'a\n' },
    prepare: (repo) => {
      repo.write('a.txt', 'staged\n');
      repo.git('add', 'a.txt');
      repo.write('a.txt', 'changed\n');
      repo.write('new.txt', 'untracked\n');
    },
  },
  'settings of its own, with comments': {
    prepare: (repo) => {
      const config = join(repo.dir, '.git/config');
      writeFileSync(
        config,
        `${readFileSync(config, 'utf8')}# mine\n[gpg]\n\tprogram = gpg\n[user]\n\tname = Dana Dev\n[alias]\n\tx = !true\n`,
      );
    },
  },
  'another signing key set': { prepare: (repo) => signWith(repo, makeSshKey()) },
  'scripts of its own in the git dir': {
    prepare: (repo) => {
      writeFileSync(join(repo.dir, '.git/hooks/pre-commit'), '#!/bin/sh\nexit 0\n');
      chmodSync(join(repo.dir, '.git/hooks/pre-commit'), 0o755);
    },
  },
  'a detached HEAD beside main': { prepare: (repo) => repo.git('switch', '-q', '--detach') },
  'this clone alone, from nothing': { args: ['--local'] },
  'this clone alone: every client, settings of its own, CRLF in info/exclude': {
    args: ['--local', ...BATCH],
    files: { '.mcp.json': '{}\n', 'package.json': npm() },
    prepare: (repo) => {
      repo.write('.claude/settings.local.json', '{"permissions":{"allow":["Bash(ls)"]}}');
      repo.write('.git/info/exclude', '*.bak\r\n/.cursor');
      repo.write('.git/info/attributes', '*.png binary');
    },
  },
  'this clone alone: no folder of templates, scripts of its own, no approver': {
    args: ['--local', '--no-approver'],
    prepare: (repo) => {
      rmSync(join(repo.dir, '.git/info'), { recursive: true });
      rmSync(join(repo.dir, '.git/hooks'), { recursive: true });
      repo.write('.git/hooks/commit-msg', '#!/bin/bash\nexec true\n');
      chmodSync(join(repo.dir, '.git/hooks/commit-msg'), 0o755);
    },
  },
  'this clone alone: husky in use': {
    args: ['--local'],
    files: { 'package.json': npm({ devDependencies: { husky: '^9.1.7' } }), '.husky/pre-commit': 'true\n' },
    prepare: (repo) => execFileSync(process.execPath, [join(ROOT, 'node_modules/husky/bin.js')], { cwd: repo.dir }),
  },
  'this clone alone: tracked scripts in core.hooksPath, ignored places, a detached HEAD': {
    args: ['--local'],
    files: { 'tools/hooks/pre-commit': '#!/bin/sh\nexit 0\n', '.gitignore': 'sessions\n' },
    prepare: (repo) => {
      repo.git('config', 'core.hooksPath', 'tools/hooks');
      repo.write('.git/info/exclude', '.swarm\n');
      repo.git('switch', '-q', '--detach');
    },
  },
  'hooks by git\u2019s own configuration': {
    prepare: (repo) => {
      repo.git('config', 'hook.lint.command', 'true');
      repo.git('config', '--add', 'hook.lint.event', 'pre-commit');
      repo.git('config', '--add', 'hook.lint.event', 'commit-msg');
    },
  },
  'this clone alone: hooks by git\u2019s own configuration': {
    args: ['--local'],
    prepare: (repo) => {
      repo.git('config', 'hook.lint.command', 'true');
      repo.git('config', 'hook.lint.event', 'pre-commit');
    },
  },
  'nobody named, and a submodule': {
    args: ['--no-approver'],
    prepare: (repo) => {
      const other = makeRepo();
      repo.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', other.dir, 'lib');
      repo.git('commit', '-q', '-m', 'lib');
    },
  },
};

describe('as it was, byte for byte', () => {
  const rows = Object.entries(KINDS);
  test.each(rows)('%s', async (_, { files, args = [], prepare }) => {
    const repo = makeRepo(files ? { files } : {});
    prepare?.(repo);
    const key = args.includes('--no-approver') ? [] : ['--signing-key', makeSshKey()];
    const before = { all: everything(repo.dir), refs: refsAndIndex(repo) };
    await repo.ok([...OPEN, ...args, ...key]);
    expect(everything(repo.dir)).not.toEqual(before.all);
    const facts = schema.parse(await repo.json(['uninstall', '--yes']));
    expect(facts.files.every(({ exact }) => exact)).toBe(true);
    expect(everything(repo.dir)).toEqual(before.all);
    expect(refsAndIndex(repo)).toBe(before.refs);
  });

  test('there are more than twenty of them', () => expect(rows.length).toBeGreaterThan(20));
});

const ready = async (...args: string[]) => {
  const repo = makeRepo({ files: { 'package.json': npm() } });
  await repo.ok(['init', '--yes', '--no-detect', '--signing-key', makeSshKey(), ...args]);
  return repo;
};
const open = () => ready('--presence', 'none');

test('where a file was changed since, only our part goes; a second run finds nothing', async () => {
  const repo = await open();
  const package2 = repo.read('package.json').replace('"version": "1.0.0"', '"version": "2.0.0"');
  const hook = `${repo.read('.husky/pre-commit')}true # npm test\n`;
  repo.commit('work', {
    'package.json': package2,
    '.husky/pre-commit': hook,
    '.gitattributes': `*.png binary\n${repo.read('.gitattributes')}*.jpg binary\n`,
  });
  const facts = schema.parse(await repo.json(['uninstall', '--yes']));
  expect(facts.files.filter(({ exact }) => !exact).map(({ path }) => path)).toEqual([
    '.gitattributes',
    '.husky/pre-commit',
    'package.json',
  ]);
  expect(facts.notes.join()).toContain('.husky/pre-commit was changed since');
  expect(repo.read('package.json')).toBe(npm().replace('1.0.0', '2.0.0'));
  expect(repo.read('.husky/pre-commit')).toBe('#!/bin/sh\ntrue # npm test\n');
  expect(repo.read('.gitattributes')).toBe('*.png binary\n*.jpg binary\n');
  expect(repo.git('ls-files')).toBe('.gitattributes\n.husky/pre-commit\nREADME.md\npackage.json');
  const again = await repo.ok(['uninstall', '--yes']);
  expect(again.out).toBe('Nothing of git-session is set up here.\n');
  expect(existsSync(join(repo.dir, '.git/git-session'))).toBe(false);
});

test('a squash that hid who set it up leaves no part of ours behind, and takes nothing of others', async () => {
  const repo = makeRepo({ files: { 'package.json': npm() } });
  await repo.ok(['init', '--yes', '--no-detect', '--no-approver']);
  repo.write('package.json', repo.read('package.json').replace('1.0.0', '2.0.0'));
  const message = repo.git('log', '-1', '--format=%B');
  repo.git('reset', '-q', '--soft', 'HEAD^');
  repo.git('add', '-A');
  repo.git('commit', '-q', '-m', message);
  const facts = schema.parse(await repo.json(['uninstall', '--yes']));
  expect(facts.files.map(({ path }) => path)).toEqual(expect.arrayContaining(['.sessionrc.yaml', '.husky/pre-push', 'package.json']));
  expect(repo.git('ls-files')).toBe('README.md\npackage.json');
  expect(repo.read('package.json')).toBe(npm().replace('1.0.0', '2.0.0'));
});

test('records that no commit holds are named and never dropped by --yes; committed, they stay for git to read', async () => {
  const repo = await open();
  await repo.ok(['start', 'auth-system']);
  await repo.ok(['memory', 'store', 'swarm/plan', 'first the login']);
  repo.git('switch', '-q', 'main');
  const before = [repo.snapshot(), repo.read('.git/config')];
  const refused = await repo.session(['uninstall', '--yes']);
  expect(refused.code).toBe(3);
  expect(refused.err).toMatch(/holds what no commit has[\s\S]*record.* of session-\d+-\d+-auth-system, not committed[\s\S]*session-end/);
  expect([repo.snapshot(), repo.read('.git/config')]).toEqual(before);
  const { holds } = await repo.json(['uninstall', '--dry-run']);
  expect(holds.records).toEqual([{ session: expect.stringContaining('auth-system'), count: expect.any(Number) }]);
  const excluded = repo.read('.git/info/exclude');
  repo.git('switch', '-q', repo.git('branch', '--list', '--format=%(refname:short)', 'session/*'));
  await repo.ok(['hooks', 'session-end']);
  expect(repo.read('.git/info/exclude')).not.toBe(excluded);
  repo.git('switch', '-q', 'main');
  const done = await repo.ok(['uninstall', '--yes']);
  expect(done.out).toContain('git-session is out of this clone.');
  expect(repo.read('.git/info/exclude')).toBe(excluded);
  const [branch = ''] = repo.git('branch', '--list', '--format=%(refname:short)', 'session/*').split('\n');
  expect(repo.git('grep', 'first the login', branch, '--', '.swarm/log')).toContain('memory.stored');
  expect(repo.git('config', '--local', '--list')).not.toMatch(/gitsession|hookspath/);
});

test('what was taken out is not set up again by looking, and names how to set it up', async () => {
  const remote = tempDir();
  execFileSync('git', ['init', '-q', '--bare', remote]);
  const repo = await open();
  repo.git('remote', 'add', 'origin', remote);
  repo.git('push', '-q', '-u', 'origin', 'main');
  repo.git('remote', 'set-head', 'origin', 'main');
  await repo.ok(['uninstall', '--yes']);
  // The remote still has the policy, as every clone has that was never set up.
  const look = await repo.json(['status']);
  expect(look).toMatchObject({ initialised: true, next: 'Set this clone up with: git session init. Then: git session start <topic>' });
  expect(repo.git('config', '--local', '--list')).not.toContain('gitsession');
  repo.git('push', '-q');
  expect(await repo.json(['status'])).toMatchObject({
    initialised: false,
    next: 'Set this repository up with: git session init. Then: git session start <topic>',
  });
  expect((await repo.ok(['start', 'price-tax'])).err).toContain('No policy is set up here yet: a closeout will need `git session init`');
});

test('looking does not bring it back either where the branch that is checked out still calls our hooks', async () => {
  const repo = makeRepo({ files: { 'tools/hooks/pre-commit': '#!/bin/sh\nexit 0\n' } });
  chmodSync(join(repo.dir, 'tools/hooks/pre-commit'), 0o755);
  repo.git('commit', '-q', '-a', '--amend', '--no-edit');
  repo.git('config', 'core.hooksPath', 'tools/hooks');
  await repo.ok(['init', '--yes', '--no-detect', '--no-approver']);
  await repo.ok(['start', 'price-tax']);
  expect((await repo.json(['status'])).hooks).toBe('active');
  await repo.ok(['uninstall', '--yes']);
  expect(repo.read('tools/hooks/pre-commit')).toContain('git-session');
  for (const args of [['status'], ['list'], ['verify', '--all'], ['doctor']]) await repo.session(args);
  expect(existsSync(join(repo.dir, '.git/git-session/hooks'))).toBe(false);
  expect((await repo.json(['status'])).hooks).toBe('inactive');
  repo.git('commit', '-q', '--allow-empty', '-m', 'mine');
  expect(repo.git('log', '-1', '--format=%B').trim()).toBe('mine');
});

test('what it would do is shown to anybody, also where only a person may do it', async () => {
  const repo = makeRepo();
  signWith(repo, makeSshKey());
  await repo.ok(['init', '--yes', '--no-detect']);
  const before = [repo.snapshot(), repo.read('.git/config')];
  expect((await repo.session(['uninstall', '--yes'])).code).toBe(3);
  const shown = schema.parse(await repo.json(['uninstall', '--dry-run']));
  expect(shown.files.map(({ path }) => path)).toContain('.sessionrc.yaml');
  expect([repo.snapshot(), repo.read('.git/config')]).toEqual(before);
});

test('a loss is asked about at a terminal, and goes only with a yes', async () => {
  const repo = await open();
  await repo.ok(['start', 'auth-system']);
  await repo.ok(['abandon', '--yes']).catch(() => repo.ok(['abandon']));
  const refs = repo.git('for-each-ref', 'refs/git-session/');
  expect(refs).not.toBe('');
  for (const [answer, code, args, asked] of [
    ['no', 3, [], 'Accept, and remove for good what exists only here?'],
    ['no', 3, ['--yes'], 'Remove for good what exists only here?'],
    ['yes', 0, ['--yes'], 'Remove for good what exists only here?'],
  ] as const) {
    const terminal = atTerminal(repo.dir, ['uninstall', ...args]);
    await terminal.waitFor(/a dropped session, which restore could\s+bring back:\s+refs\/git-session\/trash\/session-/);
    await terminal.waitFor(`${asked} (yes/no)`);
    terminal.type(`${answer}\r`);
    expect(await terminal.exit).toBe(code);
    expect(repo.git('for-each-ref', 'refs/git-session/')).toBe(answer === 'no' ? refs : '');
  }
});

test('without a terminal it says what would accept the plan in this repository', async () => {
  const free = await open();
  const [named, left] = [await ready(), await open()];
  await left.ok(['start', 'auth-system']);
  await left.ok(['memory', 'store', 'swarm/plan', 'first the login']);
  const says = async (repo: TestRepo, ...args: string[]) => {
    const before = repo.snapshot();
    const ran = await repo.session(['uninstall', ...args]);
    expect(repo.snapshot()).toBe(before);
    expect([ran.code, ran.out]).toEqual([3, '']);
    return ran.err.replace(/\s+/g, ' ');
  };
  const person = /and yourself, in a terminal that neither an agent nor CI started, to accept it/;
  expect(await says(free)).toMatch(
    /no terminal to ask at\. next: Run the same command with --dry-run to see the plan, and with --yes to accept it/,
  );
  expect(await says(named)).toMatch(/Approvers are named here/);
  expect(await says(named, '--local')).toMatch(person);
  expect(await says(named, '--agent', 'claude')).toMatch(/with --yes to accept it/);
  expect(await says(left)).toMatch(person);
  expect(await says(left)).toMatch(/holds what no commit has/);
});

describe('who may', () => {
  test('an agent may not where approvers are named, in the clone alone neither; nothing has changed then', async () => {
    const repo = await ready();
    const before = repo.snapshot();
    for (const args of [['--yes'], ['--yes', '--local']]) {
      const ran = await repo.session(['uninstall', ...args], { env: { CLAUDECODE: '1' } });
      expect([ran.code, ran.err]).toEqual([3, expect.stringMatching(/A person decides this/)]);
    }
    expect(repo.snapshot()).toBe(before);
    const terminal = atTerminal(repo.dir, ['uninstall', '--yes']);
    expect(await terminal.exit).toBe(0);
    expect(repo.git('ls-files')).toBe('README.md\npackage.json');
  });

  test('who is no approver clears the clone alone; and after the approver took it out, only an approver sets it up again', async () => {
    const repo = await open();
    const key = repo.git('config', 'user.signingKey');
    signWith(repo, makeSshKey());
    const before = repo.git('rev-parse', 'main');
    const refused = await repo.session(['uninstall', '--yes']);
    expect([refused.code, refused.err]).toEqual([4, expect.stringMatching(/not an approver/)]);
    await repo.ok(['uninstall', '--yes', '--local']);
    expect(repo.git('rev-parse', 'main')).toBe(before);
    expect(repo.git('config', '--local', '--list')).not.toContain('gitsession');
    repo.commit('the tracked hooks find nothing here');
    await repo.ok(['init', '--yes', '--no-detect', '--signing-key', key]);
    await repo.ok(['uninstall', '--yes']);
    const other = await repo.session(['init', '--yes', '--no-detect', '--signing-key', makeSshKey()]);
    expect([other.code, other.err]).toEqual([4, expect.stringMatching(/not an approver/)]);
    const again = await repo.json(['init', '--yes', '--no-detect', '--signing-key', key]);
    expect(again.signed).toBe(true);
    await repo.ok(['start', 'auth-system']);
  });
});
