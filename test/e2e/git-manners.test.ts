/** git's conventions: GIT_DIR and its kin, git -C, -c and aliases, ceilings, locks, prompts, identity, pathspecs, and a bare repository. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { pathWithSession } from '../support/git-session.ts';
import { hookedRepo } from '../support/hooks.ts';
import { atTerminal } from '../support/pty.ts';
import { makeRepo, run, TestRepo, tempDir } from '../support/repo.ts';

/** A repository with a session checked out, and the session's id. */
async function started(): Promise<{ repo: TestRepo; id: string }> {
  const repo = makeRepo({ files: { 'src/app.js': 'app\n' } });
  return { repo, id: (await repo.json(['start', 'auth-system'])).session.id };
}

/** The id of the session that `status` tells of, run anywhere. */
async function told(cwd: string, env: Record<string, string>, before: string[] = []): Promise<string> {
  const { PATH } = pathWithSession();
  const ran = await run('git', [...before, 'session', 'status', '--json'], { cwd, env: { PATH, ...env } });
  expect(ran.code, ran.err).toBe(0);
  return JSON.parse(ran.out).session?.id;
}

describe('where the repository is', () => {
  test('GIT_DIR with GIT_WORK_TREE, whole or relative; git --git-dir, git --work-tree and git -C', async () => {
    const { repo, id } = await started();
    const [above, git] = [join(repo.dir, '..'), join(repo.dir, '.git')];
    expect(await told(tempDir(), { GIT_DIR: git, GIT_WORK_TREE: repo.dir })).toBe(id);
    expect(await told(above, { GIT_DIR: 'repo/.git', GIT_WORK_TREE: 'repo' })).toBe(id);
    expect(await told(above, {}, ['--git-dir=repo/.git', '--work-tree=repo'])).toBe(id);
    expect(await told(above, {}, ['-C', 'repo/src'])).toBe(id);
    expect(await told(repo.dir, { GIT_DIR: git })).toBe(id);
    // Another repository around us changes nothing of that, and is not written to.
    const other = makeRepo();
    const before = other.snapshot();
    expect(await told(other.dir, { GIT_DIR: git, GIT_WORK_TREE: repo.dir })).toBe(id);
    await other.ok(['memory', 'store', 'key', 'value'], { env: { GIT_DIR: git, GIT_WORK_TREE: repo.dir } });
    expect([other.snapshot(), other.has('.git/git-session')]).toEqual([before, false]);
    expect((await repo.json(['memory', 'get', 'key'])).value).toBe('value');
  });

  test.each(['GIT_WORK_TREE alone', 'core.worktree'])('%s: files are read and written there', async (how) => {
    const repo = makeRepo();
    const tree = join(repo.dir, '..', 'tree');
    mkdirSync(tree);
    writeFileSync(join(tree, 'README.md'), '# demo\n');
    const env: Record<string, string> = how === 'core.worktree' ? {} : { GIT_WORK_TREE: tree };
    if (how === 'core.worktree') repo.git('config', 'core.worktree', tree);
    const { id } = (await repo.json(['start', 'auth-system'], { env })).session;
    const here = new TestRepo(tree);
    expect(JSON.parse(here.read(`sessions/${id}/metadata.json`)).id).toBe(id);
    expect(repo.has('sessions')).toBe(false);
    writeFileSync(join(tree, 'README.md'), '# changed\n');
    expect(JSON.stringify((await repo.json(['status'], { env })).uncommitted)).toContain('README.md');
    await repo.ok(['memory', 'store', 'key', 'value'], { env });
    expect((await repo.json(['memory', 'get', 'key'], { env })).value).toBe('value');
  });

  test('GIT_CEILING_DIRECTORIES ends the search, for the fast commands too', async () => {
    const { repo } = await started();
    const at = { cwd: join(repo.dir, 'src'), env: { GIT_CEILING_DIRECTORIES: `${tempDir()}:${repo.dir}` } };
    expect((await run('git', ['rev-parse'], at)).code).toBe(128);
    for (const args of [['status'], ['memory', 'store', 'k', 'v'], ['memory', 'get', 'k'], ['route', 'x.js']]) {
      const ran = await repo.session(args, at);
      expect([ran.code, ran.err], args.join(' ')).toEqual([1, expect.stringContaining('not a git repository')]);
    }
    // The folder itself is always looked at.
    await repo.ok(['status'], { ...at, cwd: repo.dir });
    await repo.ok(['memory', 'store', 'k', 'v'], { ...at, cwd: repo.dir });
  });

  test('aliases, from a subdirectory', async () => {
    const { repo } = await started();
    const { PATH } = pathWithSession();
    repo.git('config', 'alias.s', 'session');
    repo.git('config', 'alias.outside', '!git session');
    for (const alias of ['s', 'outside']) {
      const ran = await run('git', [alias, 'route', 'app.js', '--json'], { cwd: join(repo.dir, 'src'), env: { PATH } });
      // git runs the second at the top.
      expect(JSON.parse(ran.out).paths[0].path, ran.err).toBe(alias === 's' ? 'src/app.js' : 'app.js');
    }
  });

  test('a bare repository: said, with what to do, and nothing is left in it', async () => {
    const { repo } = await started();
    const bare = join(tempDir(), 'bare.git');
    repo.git('clone', '-q', '--bare', '.', bare);
    const before = new TestRepo(bare).git('for-each-ref');
    const { PATH } = pathWithSession();
    for (const [cwd, args] of [
      [bare, ['session', 'status']],
      [tempDir(), [`--git-dir=${bare}`, 'session', 'list']],
      [tempDir(), ['-C', bare, 'session', 'memory', 'store', 'k', 'v']],
    ] as const) {
      const ran = await run('git', [...args], { cwd, env: { PATH } });
      expect([ran.code, ran.err], args.join(' ')).toEqual([1, expect.stringMatching(/is bare[\s\S]*next: /)]);
    }
    expect(new TestRepo(bare).git('for-each-ref')).toBe(before);
    expect(new TestRepo(bare).has('git-session')).toBe(false);
    // A worktree of it is a checkout like any other.
    const tree = join(tempDir(), 'tree');
    execFileSync('git', ['worktree', 'add', '-q', tree, 'main'], { cwd: bare });
    await new TestRepo(tree).ok(['start', 'beside-a-bare-one']);
  });
});

describe('the index', () => {
  test('GIT_OPTIONAL_LOCKS: what only reads leaves the index as it is, also where it is out of date', async () => {
    const { repo } = await started();
    const index = join(repo.dir, '.git/index');
    utimesSync(join(repo.dir, 'src/app.js'), 1, 1);
    const before = [readFileSync(index, 'base64'), statSync(index).mtimeMs];
    for (const args of [['status'], ['list'], ['show'], ['check', '--dry-run'], ['why', 'README.md']]) await repo.session(args);
    expect([readFileSync(index, 'base64'), statSync(index).mtimeMs]).toEqual(before);
    // Plain git writes it.
    repo.git('status');
    expect(readFileSync(index, 'base64')).not.toBe(before[0]);
  });

  test("GIT_INDEX_FILE: another index stays as it is; the session works with the checkout's own", async () => {
    const { repo } = await started();
    const other = join(tempDir(), 'index');
    const env = { GIT_INDEX_FILE: other };
    execFileSync('git', ['read-tree', '--empty'], { cwd: repo.dir, env: { ...process.env, ...env } });
    const before = readFileSync(other, 'base64');
    const plain = await repo.json(['status']);
    expect((await repo.json(['status'], { env })).uncommitted).toEqual(plain.uncommitted);
    repo.write('src/app.js', 'changed\n');
    await repo.ok(['hooks', 'post-edit', '--file', 'src/app.js', '--task-id', 't1'], { env });
    await repo.ok(['hooks', 'post-task', '--task-id', 't1', '--wait'], { env });
    expect(readFileSync(other, 'base64')).toBe(before);
    expect([repo.git('status', '--porcelain'), repo.git('show', 'HEAD:src/app.js')]).toEqual(['', 'changed']);
  });

  test('in a hook it is the index of the commit: what git commits is what is looked at', async () => {
    const { repo } = await hookedRepo();
    await repo.ok(['start', 'auth-system']);
    const [other, secret] = [join(tempDir(), 'index'), `AKIA${'IOSFODNN7REALKEY'.slice(0, 16)}`];
    const env = { GIT_INDEX_FILE: other };
    const git = (...args: string[]) => run('git', args, { cwd: repo.dir, env });
    await git('read-tree', 'HEAD');
    repo.write('src/key.js', `export const id = '${secret}';\n`);
    await git('add', 'src/key.js');
    const refused = await git('commit', '-q', '-m', 'key');
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('src/key.js')]);
  });
});

describe('what git is told', () => {
  test('identity: GIT_AUTHOR_* and GIT_COMMITTER_*, git -c and GIT_CONFIG_COUNT', async () => {
    const who = (repo: TestRepo) => repo.git('log', '-1', '--format=%an <%ae> %cn <%ce>');
    const start = async (before: string[], env: Record<string, string>) => {
      const repo = makeRepo();
      const { PATH } = pathWithSession();
      const ran = await run('git', [...before, 'session', 'start', 'auth-system'], { cwd: repo.dir, env: { PATH, ...env } });
      expect(ran.code, ran.err).toBe(0);
      return who(repo);
    };
    const author = { GIT_AUTHOR_NAME: 'Ann', GIT_AUTHOR_EMAIL: 'ann@example.com' };
    const committer = { GIT_COMMITTER_NAME: 'Cid', GIT_COMMITTER_EMAIL: 'cid@example.com' };
    expect(await start([], { ...author, ...committer })).toBe('Ann <ann@example.com> Cid <cid@example.com>');
    const eve = 'Eve <eve@example.com>';
    expect(await start(['-c', 'user.name=Eve', '-c', 'user.email=eve@example.com'], {})).toBe(`${eve} ${eve}`);
    const counted = { GIT_CONFIG_COUNT: '2', GIT_CONFIG_KEY_0: 'user.name', GIT_CONFIG_VALUE_0: 'Eve' };
    expect(await start([], { ...counted, GIT_CONFIG_KEY_1: 'user.email', GIT_CONFIG_VALUE_1: 'eve@example.com' })).toBe(`${eve} ${eve}`);
  });

  test.each(['LITERAL', 'GLOB', 'NOGLOB', 'ICASE'])('GIT_%s_PATHSPECS is for git: our own paths are read as they are', async (kind) => {
    const { repo } = await hookedRepo({ 'src/app.js': 'app\n' });
    await repo.ok(['start', 'auth-system']);
    const env = { [`GIT_${kind}_PATHSPECS`]: '1' };
    for (const args of [['status'], ['list'], ['show'], ['log'], ['why', 'README.md']]) await repo.ok(args, { env });
    // The gate as well.
    repo.write('stray.txt', 'x\n');
    repo.git('add', 'stray.txt');
    const ran = await run('git', ['commit', '-m', 'stray'], { cwd: repo.dir, env: { ...env, GIT_SESSION_AGENT: 'backend-dev' } });
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('stray.txt')]);
  });

  test('GIT_TRACE and its kin say what they say beside the facts', async () => {
    const { repo, id } = await started();
    for (const name of ['GIT_TRACE', 'GIT_TRACE_SETUP', 'GIT_TRACE2', 'GIT_TRACE2_EVENT', 'GIT_CURL_VERBOSE'])
      expect((await repo.json(['status'], { env: { [name]: '1' } })).session.id, name).toBe(id);
  });
});

const HTTP = (() => {
  try {
    return statSync(join(execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim(), 'git-remote-http')).isFile();
  } catch {
    return false;
  }
})();

describe.runIf(HTTP)('a remote that wants a password', () => {
  /** A forge that lets nobody in. */
  async function closed(): Promise<string> {
    const server = createServer((_, answer) => {
      answer.writeHead(401, { 'WWW-Authenticate': 'Basic realm="closed"' });
      answer.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/repo.git`;
  }

  test('is asked for it at a terminal by what a person called, and not with GIT_TERMINAL_PROMPT=0', async () => {
    const { repo } = await started();
    repo.git('remote', 'add', 'origin', await closed());
    const terminal = atTerminal(repo.dir, ['sync'], { GIT_TERMINAL_PROMPT: '1' });
    await terminal.waitFor('Fetching the session branches of the remotes…');
    await terminal.waitFor("Username for 'http://127.0.0.1");
    terminal.type('nobody\r');
    await terminal.waitFor('Password for');
    terminal.type('wrong\r');
    await terminal.waitFor('origin could not be reached');
    expect(await terminal.exit).toBe(1);

    const quiet = atTerminal(repo.dir, ['sync'], { GIT_TERMINAL_PROMPT: '0' });
    await quiet.waitFor('origin could not be reached');
    expect([await quiet.exit, quiet.text().includes('Username')]).toEqual([1, false]);
  });

  test('is never asked for by what only looks', async () => {
    const { repo } = await started();
    repo.git('remote', 'add', 'origin', await closed());
    for (const args of [['status'], ['doctor'], ['list']]) {
      const terminal = atTerminal(repo.dir, args, { GIT_TERMINAL_PROMPT: '1' });
      await terminal.exit;
      expect(terminal.text(), args.join(' ')).not.toContain('Username');
    }
  });
});
