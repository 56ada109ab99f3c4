/** The git hooks in real commits. */

import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GIT_HOOKS, type GitHook, hookBlock } from '../../src/core/hooks/hook-block.ts';
import { BRANCH, enterSession, type HookedRepo, hookedRepo, SESSION } from '../support/hooks.ts';
import { DIST, makeRepo, ROOT, run, type TestRepo, tempDir } from '../support/repo.ts';

const artifacts = `sessions/${SESSION}/artifacts`;
const trailers = (repo: TestRepo) => repo.git('log', '-1', '--format=%(trailers:unfold)').trim().split('\n').filter(Boolean);
const git = (repo: TestRepo, args: string[], env: Record<string, string> = {}) => run('git', args, { cwd: repo.dir, env });
const AGENT = { CLAUDECODE: '1' };

async function inSession(files: Record<string, string> = {}): Promise<HookedRepo> {
  const hooked = await hookedRepo({ 'src/app.js': 'one\n', ...files });
  enterSession(hooked.repo);
  return hooked;
}

function script(text: string): string {
  const path = join(tempDir('gs-script-'), 'script');
  writeFileSync(path, `#!/bin/sh\n${text}`);
  chmodSync(path, 0o755);
  return path;
}

const shells = ['/bin/dash', '/bin/bash', '/bin/sh'].filter((shell) => existsSync(shell));

test('the scripts pass shellcheck', async (context) => {
  const names = [...GIT_HOOKS, 'inside.sh', 'run'].map((name) => join('hooks', name));
  const ran = await run('shellcheck', ['-x', ...names], { cwd: ROOT });
  if (ran.code === 128) return context.skip('shellcheck is not installed');
  expect(ran.out).toBe('');
  const block = join(tempDir(), 'pre-commit');
  writeFileSync(block, `#!/bin/sh\n${hookBlock('pre-commit')}`);
  expect((await run('shellcheck', [block])).out).toBe('');
});

describe('outside a session', () => {
  test('a commit, merge, switch and push start no Node, and git starts nothing but the hooks', async () => {
    const { repo, nodeStarts } = await hookedRepo();
    repo.git('init', '-q', '--bare', '../remote.git');
    const trace = join(tempDir(), 'trace');
    const env = { GIT_TRACE2_EVENT: trace };
    repo.write('auth.js', 'x\n');
    repo.git('add', '.');
    expect(await git(repo, ['commit', '-q', '-m', 'plain'], { ...env, ...AGENT, GIT_SESSION_TASK: 'task-1' })).toMatchObject({
      code: 0,
      err: '',
    });
    expect(trailers(repo)).toEqual([]);
    repo.git('switch', '-q', '-c', 'other', 'HEAD~1');
    repo.commit('other', { 'b.js': 'y\n' });
    for (const args of [
      ['merge', '-q', '--no-edit', 'main'],
      ['commit', '-q', '--amend', '--no-edit'],
      ['switch', '-q', 'main'],
      ['push', '-q', '../remote.git', 'main'],
    ]) {
      expect(await git(repo, args, { ...env, ...AGENT }), args[0]).toMatchObject({ code: 0, err: '' });
    }
    expect(nodeStarts()).toEqual([]);
    const children = readFileSync(trace, 'utf8')
      .split('\n')
      .filter((line) => line.includes('"event":"child_start"'))
      .map((line) => JSON.parse(line));
    expect(children.length).toBeGreaterThan(8);
    const others = children.filter((child) => child.child_class !== 'hook').map((child) => child.argv.join(' '));
    expect(others.filter((line) => /node|git-session|symbolic-ref|interpret-trailers|rev-parse/.test(line))).toEqual([]);
  });

  test.each(shells)('every hook decides with builtins of %s', async (shell) => {
    const repo = makeRepo();
    const home = join(repo.dir, '.git/git-session/hooks');
    mkdirSync(home, { recursive: true });
    for (const name of [...GIT_HOOKS, 'inside.sh']) writeFileSync(join(home, name), readFileSync(join(ROOT, 'hooks', name)));
    repo.write('.git/git-session/tool', '/nowhere/node\n/nowhere/hook.cjs\n');
    repo.write('message', 'hello\n');
    const args: Partial<Record<GitHook, string[]>> = {
      'prepare-commit-msg': ['message', 'message'],
      'commit-msg': ['message'],
      'post-checkout': ['a', 'b', '1'],
      'post-merge': ['0'],
      'post-rewrite': ['rebase'],
      'pre-push': ['origin', 'url'],
    };
    for (const branch of ['main', 'session/not-an-id', 'session-20251117-143022-x']) {
      repo.git('symbolic-ref', 'HEAD', `refs/heads/${branch}`);
      for (const hook of GIT_HOOKS) {
        const path = join(repo.dir, `stub-${hook}`);
        writeFileSync(path, `#!/bin/sh\n${hookBlock(hook)}echo "went on with $# $*"\n`);
        const given = args[hook] ?? [];
        const ran = await run(shell, ['-e', path, ...given], { cwd: repo.dir, env: { PATH: '/nowhere' } });
        expect(ran, hook).toEqual({
          code: 0,
          out: `went on with ${[given.length, ...given].join(' ')}${given.length ? '' : ' '}\n`,
          err: '',
        });
      }
    }
    expect(repo.read('message')).toBe('hello\n');
  });
});

describe('inside a session', () => {
  test('a commit starts Node once, and carries its trailers', async () => {
    const { repo, nodeStarts } = await inSession();
    repo.write('src/app.js', 'two\n');
    const env = { GIT_SESSION_TASK: 'task-auth-1', GIT_SESSION_AGENT: 'backend-dev' };
    expect(await git(repo, ['commit', '-q', '-a', '-m', 'Change the app'], env)).toMatchObject({ code: 0, out: '', err: '' });
    expect(nodeStarts()).toEqual([`${join(DIST, 'hook.cjs')} git pre-commit`]);
    expect(trailers(repo)).toEqual([`Session-Id: ${SESSION}`, 'Session-Task: task-auth-1', 'Session-Agent: backend-dev']);
    expect(existsSync(join(repo.dir, '.git/git-session-committing'))).toBe(false);
    expect(existsSync(join(repo.dir, '.git/git-session/errors.jsonl'))).toBe(false);
  });

  test('values that would forge a trailer are dropped, odd ones are kept as text', async () => {
    const { repo } = await inSession();
    await git(repo, ['commit', '-q', '--allow-empty', '-m', 'one'], {
      GIT_SESSION_TASK: 'x\nSession-Approved-By: me',
      GIT_SESSION_AGENT: 'a\tb',
    });
    expect(trailers(repo)).toEqual([`Session-Id: ${SESSION}`]);
    const odd = '--if-exists=replace $(touch pwned) `x` "quoted" é';
    await git(repo, ['commit', '-q', '--allow-empty', '-m', 'two'], { GIT_SESSION_TASK: odd });
    expect(trailers(repo)).toEqual([`Session-Id: ${SESSION}`, `Session-Task: ${odd}`]);
    expect(repo.has('pwned')).toBe(false);
  });

  test('commit -a, commit -- path and amend judge the index of the commit', async () => {
    const { repo, nodeStarts } = await inSession({ 'src/b.js': 'b\n' });
    repo.write('auth.js', 'x\n');
    repo.git('add', 'auth.js');
    repo.write('src/app.js', 'two\n');
    // The stray is staged, and not part of this commit.
    expect(await git(repo, ['commit', '-q', '-m', 'only the app', '--', 'src/app.js'], AGENT)).toMatchObject({ code: 0, err: '' });
    expect(repo.git('show', '--format=', '--name-only', 'HEAD')).toBe('src/app.js');
    const before = repo.snapshot();
    const refused = await git(repo, ['commit', '-q', '-m', 'all'], AGENT);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain(`auth.js: it would be a new file at the root. Use ${artifacts}/code/auth.js`);
    expect(refused.err).toContain('next: git session adopt');
    expect(refused.err).not.toContain('no-verify');
    expect(repo.snapshot()).toBe(before);
    repo.git('rm', '-q', '--cached', 'auth.js');
    const key = ['gh', 'p_', 'A1b2'.repeat(9)].join('');
    repo.write('src/b.js', `// b\nconst t = '${key}';\n`);
    const secret = await git(repo, ['commit', '-q', '-a', '-m', 'leak']);
    expect(secret.code).toBe(1);
    expect(secret.err).toContain('src/b.js:2: this looks like a secret (rule github).');
    expect(secret.err).not.toContain(key);
    repo.git('checkout', '-q', '--', 'src/b.js');
    expect(await git(repo, ['commit', '-q', '--amend', '-m', 'other words'], AGENT)).toMatchObject({ code: 0, err: '' });
    expect(trailers(repo)).toEqual([`Session-Id: ${SESSION}`]);
    expect(nodeStarts()).toHaveLength(4);
  });

  test('a person is warned of a stray, and told the way round a secret', async () => {
    const { repo } = await inSession();
    repo.write('auth.js', 'x\n');
    repo.git('add', 'auth.js');
    const warned = await git(repo, ['commit', '-q', '-m', 'stray']);
    expect(warned).toMatchObject({ code: 0 });
    expect(warned.err).toContain('this commit goes on');
    repo.write('src/key.pem', `-----BEGIN ${'PRIVATE'} KEY-----\n${'MIIB'.repeat(16)}\n-----END ${'PRIVATE'} KEY-----\n`);
    repo.git('add', '.');
    expect((await git(repo, ['commit', '-q', '-m', 'key'])).err).toContain('--no-verify');
    expect(await git(repo, ['commit', '-q', '--no-verify', '-m', 'key'])).toMatchObject({ code: 0 });
    expect(trailers(repo)).toEqual([`Session-Id: ${SESSION}`]);
  });

  test('old secrets of a file that is edited elsewhere do not stop a commit, accepted ones neither', async () => {
    const key = ['gh', 'p_', 'A1b2'.repeat(9)].join('');
    const { repo } = await inSession({ 'src/old.js': `const t = '${key}';\n\n\n\nend\n` });
    repo.write('src/old.js', repo.read('src/old.js').replace('end', 'the end'));
    expect(await git(repo, ['commit', '-q', '-a', '-m', 'edit'])).toMatchObject({ code: 0, err: '' });
    repo.write('src/new.js', key);
    repo.git('add', '.');
    expect(await git(repo, ['commit', '-q', '-m', 'new'])).toMatchObject({ code: 1 });
    const { DEFAULT_POLICY } = await import('../../src/core/policy/policy.ts');
    const policy = { ...DEFAULT_POLICY, secrets: { allow: [{ rule: 'github', path: 'src/new.js', reason: 'made up' }] } };
    repo.write('.git/git-session/cache/policy.json', JSON.stringify({ commit: null, policy }));
    expect(await git(repo, ['commit', '-q', '-m', 'new'])).toMatchObject({ code: 0, err: '' });
  });

  test.each([
    ['attributes that say binary', { '.gitattributes': '*.js -diff\n*.ts binary\n' }, ''],
    ['a NUL far into the file', {}, `${'// x\n'.repeat(2000)}\0\n`],
  ])('secrets are seen through %s', async (_, files, before) => {
    const { repo } = await inSession(files);
    const key = ['gh', 'p_', 'A1b2'.repeat(9)].join('');
    for (const name of ['src/a.js', 'src/a.ts']) {
      repo.write(name, `${before}const t = '${key}';\n`);
      repo.git('add', '.');
      const refused = await git(repo, ['commit', '-q', '-m', 'leak']);
      expect(refused.code, name).toBe(1);
      expect(refused.err).toContain(`${name}:${before.split('\n').length}: this looks like a secret`);
      repo.git('rm', '-q', '-f', name);
    }
  });

  test('secrets are found in the file that they are in, also behind a link that became a file, and among binary files', async () => {
    const { repo } = await inSession({ 'src/z.js': 'z\n' });
    symlinkSync('app.js', join(repo.dir, 'src/b'));
    writeFileSync(join(repo.dir, 'src/c.png'), Buffer.from([0x89, 0x50, 0, 0, 10, 64, 64, 32, 45, 49, 32, 43, 49, 32, 64, 64, 10]));
    repo.commit('a link');
    await run('rm', [join(repo.dir, 'src/b')]);
    repo.write('src/b', 'a file now\n');
    writeFileSync(join(repo.dir, 'src/c.png'), Buffer.alloc(70_000));
    repo.write('src/z.js', `z\nconst t = '${['gh', 'p_', 'A1b2'.repeat(9)].join('')}';\n`);
    const refused = await git(repo, ['commit', '-q', '-a', '-m', 'leak']);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('src/z.js:2: this looks like a secret');
    expect(refused.err).not.toContain('src/b');
  });

  test('what is too large to be looked at is named, and the rest is judged', async () => {
    const { repo } = await inSession();
    writeFileSync(join(repo.dir, 'src/big.bin'), Buffer.alloc(80 << 20, 'x\n'));
    repo.git('add', '.');
    const passed = await git(repo, ['commit', '-q', '-m', 'big']);
    expect(passed.code).toBe(0);
    expect(passed.err).toContain('src/big.bin: not checked for secrets');
    repo.write('src/big.bin', 'small');
    repo.write('src/z.js', `const t = '${['gh', 'p_', 'A1b2'.repeat(9)].join('')}';\n`);
    repo.git('add', '.');
    const refused = await git(repo, ['commit', '-q', '-m', 'leak']);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('src/z.js:1: this looks like a secret');
  });

  test('in a merge, every file of its own is looked at, however many there are', async () => {
    const { repo } = await inSession();
    repo.git('switch', '-q', 'main');
    repo.commit('on main', { 'src/main.js': 'm\n' });
    repo.git('switch', '-q', BRANCH);
    repo.git('merge', '-q', '--no-commit', '--no-ff', 'main');
    for (let n = 0; n < 1100; n++) repo.write(`src/many/f${String(n).padStart(4, '0')}.js`, `${n}\n`);
    repo.write('src/zz.js', `const t = '${['gh', 'p_', 'A1b2'.repeat(9)].join('')}';\n`);
    repo.git('add', '.');
    const refused = await git(repo, ['commit', '-q', '--no-edit']);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('src/zz.js:1: this looks like a secret');
  });

  test('strange file names are judged and shown safely', async () => {
    const { repo } = await inSession();
    repo.write('new\nline\u001b[31m.js', 'x\n');
    repo.write('src/tab\t"quote.js', 'x\n');
    repo.git('add', '.');
    const refused = await git(repo, ['commit', '-q', '-m', 'odd'], AGENT);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('new^Jline^[[31m.js: it would be a new file at the root');
    expect(refused.err).not.toContain('tab');
  });

  test('a merge of base keeps its own message, and its files are not judged again', async () => {
    const { repo } = await inSession();
    repo.git('switch', '-q', 'main');
    repo.commit('on main', { 'stray-on-main.js': 'm\n', 'src/app.js': 'main\n' });
    repo.git('switch', '-q', BRANCH);
    repo.write('src/app.js', 'session\n');
    repo.git('commit', '-q', '-a', '-m', 'ours');
    expect((await git(repo, ['merge', 'main'], AGENT)).code).toBe(1);
    repo.write('src/app.js', 'both\n');
    repo.write('auth.js', 'own stray\n');
    repo.git('add', '.');
    const refused = await git(repo, ['commit', '-q', '--no-edit'], AGENT);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('auth.js');
    expect(refused.err).not.toContain('stray-on-main');
    repo.git('rm', '-q', '-f', 'auth.js');
    expect(await git(repo, ['commit', '-q', '--no-edit'], AGENT)).toMatchObject({ code: 0, err: '' });
    expect(trailers(repo)).toEqual([]);
    expect(repo.git('log', '-1', '--format=%p').split(' ')).toHaveLength(2);
  });

  test('a squash is this session\u2019s commit', async () => {
    const { repo } = await inSession();
    repo.git('switch', '-q', '-c', 'side');
    repo.commit('side work', { 'src/side.js': 's\n' });
    repo.git('switch', '-q', BRANCH);
    repo.git('merge', '-q', '--squash', 'side');
    await git(repo, ['commit', '-q', '--no-edit'], { GIT_SESSION_TASK: 'task-1' });
    expect(trailers(repo)).toEqual([`Session-Id: ${SESSION}`]);
  });

  test('leaving the editor without a word commits nothing; a template neither; words do', async () => {
    const { repo } = await inSession();
    repo.write('src/app.js', 'two\n');
    repo.git('add', '.');
    const tip = repo.git('rev-parse', 'HEAD');
    const empty = await git(repo, ['commit'], { GIT_EDITOR: 'true' });
    expect(empty.err).toContain('empty commit message');
    const template = join(tempDir(), 'template');
    writeFileSync(template, '# write why\nWhy:\n');
    const untouched = await git(repo, ['-c', `commit.template=${template}`, 'commit'], { GIT_EDITOR: 'true' });
    expect(untouched.err).toContain('you did not edit the message');
    expect((await git(repo, ['commit', '-m', ''])).code).toBe(1);
    expect(repo.git('rev-parse', 'HEAD')).toBe(tip);
    const words = script('printf "Say something\\n\\nAt length.\\n" >"$1"\n');
    expect((await git(repo, ['commit', '-q'], { GIT_EDITOR: words, GIT_SESSION_TASK: 't1' })).code).toBe(0);
    expect(trailers(repo)).toEqual([`Session-Id: ${SESSION}`, 'Session-Task: t1']);
    const removes = script('sed -i "/^Session-Id/d" "$1"\n');
    repo.write('src/app.js', 'three\n');
    expect((await git(repo, ['commit', '-q', '-a', '-e', '-m', 'Edited'], { GIT_EDITOR: removes })).code).toBe(0);
    expect(trailers(repo)).toEqual([`Session-Id: ${SESSION}`]);
  });

  test('while an editor is open, the mark names the living git; afterwards it is gone', async () => {
    const { repo } = await inSession();
    repo.write('src/app.js', 'two\n');
    const dir = tempDir();
    const editor = script(
      `cat '${repo.dir}/.git/git-session-committing' >'${dir}/seen'\ntouch '${dir}/open'\nwhile [ ! -e '${dir}/close' ]; do sleep 0.02; done\necho words >"$1"\n`,
    );
    const child = spawn('git', ['commit', '-q', '-a'], { cwd: repo.dir, env: { ...process.env, GIT_EDITOR: editor }, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.on('close', resolve));
    await expect.poll(() => existsSync(join(dir, 'open')), { timeout: 20_000 }).toBe(true);
    expect(Number(readFileSync(join(dir, 'seen'), 'utf8'))).toBe(child.pid);
    writeFileSync(join(dir, 'close'), '');
    expect(await ended).toBe(0);
    expect(existsSync(join(repo.dir, '.git/git-session-committing'))).toBe(false);
  });

  test('a commit works with the tool uninstalled, and with a hook bundle that crashes', async () => {
    const { repo, nodeStarts } = await inSession();
    const broken = join(tempDir(), 'hook.cjs');
    writeFileSync(broken, 'process.exit(1)');
    for (const tool of [
      '/nowhere/node\n/nowhere/hook.cjs\n',
      `${process.execPath}\n/nowhere/hook.cjs\n`,
      `${process.execPath}\n${broken}\n`,
      '',
      'x',
    ]) {
      repo.write('.git/git-session/tool', tool);
      expect(await git(repo, ['commit', '-q', '--allow-empty', '-m', 'x'], AGENT)).toMatchObject({ code: 0, out: '', err: '' });
    }
    await run('rm', ['-rf', join(repo.dir, '.git/git-session')]);
    expect(await git(repo, ['commit', '-q', '--allow-empty', '-m', 'x'], AGENT)).toMatchObject({ code: 0, out: '', err: '' });
    expect(trailers(repo)).toEqual([]);
    expect(nodeStarts()).toEqual([]);
  });

  test('an error of ours is one line and a private note', async () => {
    const { repo } = await inSession();
    const fake = tempDir();
    writeFileSync(join(fake, 'git'), '#!/bin/sh\nexit 3\n');
    chmodSync(join(fake, 'git'), 0o755);
    const ran = await run(process.execPath, [join(DIST, 'hook.cjs'), 'git', 'pre-commit'], { cwd: repo.dir, env: { PATH: fake } });
    expect(ran.code).toBe(0);
    expect(ran.err.trim().split('\n')).toHaveLength(1);
    const kept = JSON.parse(repo.read('.git/git-session/errors.jsonl').trim());
    expect(kept).toMatchObject({ v: 1, where: 'git pre-commit' });
  });
});

describe('switching', () => {
  test('the artifact folders are there again on the session branch', async () => {
    const { repo, nodeStarts } = await inSession();
    repo.git('switch', '-q', 'main');
    await run('rm', ['-rf', join(repo.dir, 'sessions')]);
    expect(await git(repo, ['switch', '-q', BRANCH])).toMatchObject({ code: 0, err: '' });
    for (const kind of ['code', 'tests', 'docs', 'scripts', 'notes']) expect(repo.has(`${artifacts}/${kind}`)).toBe(true);
    expect(repo.git('status', '--porcelain')).toBe('');
    const notes = join(repo.dir, '.git/git-session/resumed');
    const said = readdirSync(notes).map((name) => readFileSync(join(notes, name), 'utf8'));
    expect(said).toContain(`${repo.git('rev-parse', 'main')} ${repo.git('rev-parse', 'HEAD')}\n`);
    repo.git('switch', '-q', 'main');
    expect(repo.has('sessions')).toBe(false);
    expect(nodeStarts()).toEqual([]);
  });

  test('nothing that stands in the way makes git switch fail', async () => {
    const { repo } = await inSession();
    repo.commit('a file where folders go', { [`${artifacts}/code`]: 'x' });
    repo.git('switch', '-q', 'main');
    expect(await git(repo, ['switch', '-q', BRANCH])).toMatchObject({ code: 0, err: '' });
    repo.git('switch', '-q', 'main');
    await run('rm', ['-rf', join(repo.dir, '.git/git-session/hooks/inside.sh')]);
    expect(await git(repo, ['switch', '-q', BRANCH])).toMatchObject({ code: 0, err: '' });
  });

  test('a plain git worktree add has hooks, and a session in it is judged there', async () => {
    const { repo, nodeStarts } = await inSession();
    repo.git('switch', '-q', 'main');
    const path = join(tempDir(), 'linked tree');
    repo.git('worktree', 'add', '-q', path, BRANCH);
    expect(existsSync(join(path, '.husky/_/h'))).toBe(true);
    expect(existsSync(join(path, artifacts, 'notes'))).toBe(true);
    writeFileSync(join(path, 'auth.js'), 'x\n');
    await run('git', ['add', '.'], { cwd: path });
    expect(await run('git', ['commit', '-q', '-m', 'x'], { cwd: path, env: AGENT })).toMatchObject({ code: 1 });
    expect(nodeStarts()).toHaveLength(1);
    await run('git', ['rm', '-q', '-f', 'auth.js'], { cwd: path });
    expect(await run('git', ['commit', '-q', '--allow-empty', '-m', 'x'], { cwd: path, env: AGENT })).toMatchObject({ code: 0 });
    expect(repo.git('log', '-1', '--format=%(trailers:key=Session-Id,valueonly)', BRANCH).trim()).toBe(SESSION);
    // From a linked worktree as well.
    const second = join(tempDir(), 'second');
    await run('git', ['worktree', 'add', '-q', '-b', 'more', second], { cwd: path });
    expect(existsSync(join(second, '.husky/_/h'))).toBe(true);
  });

  test('a worktree bound to a session by a file in its git dir is inside it', async () => {
    const { repo } = await inSession();
    const path = join(tempDir(), 'bound');
    repo.git('worktree', 'add', '-q', '-b', 'worktree-agent-1', path);
    writeFileSync(join(repo.dir, '.git/worktrees/bound/git-session'), `${SESSION}\n`);
    writeFileSync(join(path, 'auth.js'), 'x\n');
    await run('git', ['add', '.'], { cwd: path });
    expect(await run('git', ['commit', '-q', '-m', 'x'], { cwd: path, env: AGENT })).toMatchObject({ code: 1 });
    expect(await run('git', ['commit', '-q', '-m', 'x'], { cwd: path })).toMatchObject({ code: 0 });
    expect(repo.git('log', '-1', '--format=%(trailers:key=Session-Id,valueonly)', 'worktree-agent-1').trim()).toBe(SESSION);
  });
});

test('a push of a session branch names what it leaves behind, and goes on; the hook\u2019s input stays for the user\u2019s script', async () => {
  const { repo, nodeStarts } = await inSession({ '.husky/pre-push': 'cat >pushed.txt\n' });
  repo.git('init', '-q', '--bare', '../remote.git');
  expect(await git(repo, ['push', '-q', '../remote.git', 'HEAD'])).toMatchObject({ code: 0, err: '' });
  expect(repo.read('pushed.txt')).toContain(`refs/heads/${BRANCH}`);
  repo.write(`${artifacts}/notes/plan.md`, 'x\n');
  repo.write('.git/git-session/queue/1.json', '{}');
  repo.git('commit', '-q', '--allow-empty', '-m', 'more');
  // Names that a shell or awk would take for something else, and what cannot be read to its end.
  const line = (key: string) => `{"v":1,"kind":"memory.stored","data":{"key":"${key}"}}\n`;
  repo.write(`.swarm/log/${SESSION}/a - b.jsonl`, line('told'));
  await run('mkfifo', [join(repo.dir, `.swarm/log/${SESSION}/pipe.1.jsonl`)]);
  repo.write(`.git/git-session/journal/${SESSION}.jsonl`, line('told') + line('untold'));
  const pushed = await git(repo, ['push', '-q', '../remote.git', 'HEAD']);
  expect(pushed.code).toBe(0);
  expect(repo.read('pushed.txt')).toContain(`refs/heads/${BRANCH}`);
  expect(pushed.err).toContain('records of memory and tasks not committed yet: 1');
  expect(pushed.err).toContain(`${artifacts}/notes/plan.md`);
  expect(pushed.err).toContain('checkpoints not committed yet: 1');
  expect(nodeStarts()).toHaveLength(1);
});

test('what arrives while an approved session is awaited starts reconcile once, which cannot fail the merge', async () => {
  const { repo, nodeStarts } = await hookedRepo();
  repo.git('switch', '-q', '-c', 'side');
  repo.commit('side', { 'src/x.js': 'x\n' });
  repo.git('switch', '-q', 'main');
  repo.git('merge', '-q', '--no-ff', '--no-edit', 'side');
  expect(nodeStarts()).toEqual([]);
  repo.write('.git/git-session/awaiting', `${SESSION}\n`);
  repo.git('switch', '-q', '-c', 'side2');
  repo.commit('side2', { 'src/y.js': 'x\n' });
  repo.git('switch', '-q', 'main');
  expect((await git(repo, ['merge', '-q', 'side2'])).code).toBe(0);
  expect(nodeStarts()).toEqual([`${join(DIST, 'cli.cjs')} reconcile --quiet`]);
});

test.each(shells)('HEAD of a reftable repository is asked of git, in %s', async (shell) => {
  const repo = makeRepo();
  const fake = tempDir();
  writeFileSync(join(fake, 'git'), `#!/bin/sh\necho "$*" >>'${fake}/log'\necho refs/heads/${BRANCH}\n`);
  chmodSync(join(fake, 'git'), 0o755);
  const gitDir = join(tempDir(), 'x.git');
  mkdirSync(gitDir);
  writeFileSync(join(gitDir, 'HEAD'), 'ref: refs/heads/.invalid\n');
  const text = `git_session_dir='${gitDir}' git_session_common='${gitDir}'\n. '${ROOT}/hooks/inside.sh'\ngit_session_inside && echo "in $git_session_id"\n`;
  const ran = await run(shell, ['-e', script(text)], { cwd: repo.dir, env: { PATH: fake } });
  expect(ran).toEqual({ code: 0, out: `in ${SESSION}\n`, err: '' });
  expect(readFileSync(join(fake, 'log'), 'utf8')).toBe('symbolic-ref --quiet HEAD\n');
});
