/** `start --worktree` as the policy wants it: its place, what is brought into it, and the set-up that a person agrees to once. */

import { existsSync, linkSync, lstatSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { schema as configSchema } from '../../src/cli/schemas/config.ts';
import { schema as listSchema } from '../../src/cli/schemas/list.ts';
import { schema } from '../../src/cli/schemas/start.ts';
import { schema as switchSchema } from '../../src/cli/schemas/switch.ts';
import { diskUse } from '../../src/store/disk-use.ts';
import { makeApprovedRepo } from '../support/approved-repo.ts';
import { runCommand } from '../support/in-process.ts';
import { atTerminal } from '../support/pty.ts';
import { TestRepo, tempDir } from '../support/repo.ts';

const IGNORE = '.env\n.env.local\ndata/\ncache\nlinked/.env\nout.txt\nlog\n';
const policyOf = (...lines: string[]) => `presence: none\nworktree:\n${lines.map((line) => `  ${line}\n`).join('')}`;

describe('its place', () => {
  test('is the policy\u2019s, beside the repository, and a second one beside the first', async () => {
    const { repo } = makeApprovedRepo(policyOf('place: ../trees/{repo}-{topic}'));
    for (const name of ['repo-login-form', 'repo-login-form-2']) {
      const { facts } = await runCommand(repo.dir, ['start', 'login-form', '--worktree']);
      expect(facts.linked_worktree).toBe(join(dirname(repo.dir), 'trees', name));
    }
  });

  test('is the person\u2019s own where they say so, and `config` tells whose it is', async () => {
    const { repo } = makeApprovedRepo(policyOf('place: ../trees/{topic}'));
    const home = tempDir();
    repo.git('config', 'gitsession.worktreePlace', `${home}/{repo}/{topic}`);
    const { facts } = await runCommand(repo.dir, ['start', 'login-form', '--worktree']);
    expect(facts.linked_worktree).toBe(join(home, 'repo', 'login-form'));
    const { facts: config } = await runCommand(repo.dir, ['config', 'worktree.place']);
    expect(config.settings).toMatchObject([
      { value: `${home}/{repo}/{topic}`, source: 'personal', line: 4, default: '../{repo}.worktrees/{topic}' },
    ]);
    repo.git('config', 'gitsession.worktreePlace', '~/trees');
    expect((await runCommand(repo.dir, ['config'])).said).toContain('does nothing: a place must hold {topic}');
    repo.git('config', 'gitsession.worktreePlace', `${repo.dir}/in/{topic}`);
    const refused = await runCommand(repo.dir, ['start', 'other-form', '--worktree']);
    expect(refused).toMatchObject({ code: 1, said: expect.stringContaining('inside the repository') });
    expect(repo.git('branch', '--list', 'session/*other*')).toBe('');
  });
});

describe('what is brought into it', () => {
  test('ignored files, folders and links of the list; nothing else, nothing over what is there, and nothing dirty', async () => {
    const list = 'copy: [.env, .env.local, data/, tracked.env, open.txt, linked/.env, out.txt, gone, log]';
    const { repo } = makeApprovedRepo(policyOf(list, 'link: [cache, data]').replace(', data]', ']'), {
      '.gitignore': IGNORE,
      'tracked.env': 'tracked\n',
    });
    const outside = tempDir();
    new TestRepo(outside).write('secret', 'secret\n');
    symlinkSync(outside, join(repo.dir, 'linked'));
    repo.commit('A link that leads out', {});
    repo.write('.env', 'TOKEN=1\n');
    repo.write('data/a/b.txt', 'b\n');
    symlinkSync('a/b.txt', join(repo.dir, 'data/inside'));
    symlinkSync(join(outside, 'secret'), join(repo.dir, 'data/outside'));
    repo.write('data/.git/config', 'x\n');
    repo.write('cache/big.bin', 'big\n');
    repo.write('tracked.env', 'changed here\n');
    repo.write('open.txt', 'nobody ignores it\n');
    symlinkSync(join(outside, 'secret'), join(repo.dir, 'out.txt'));
    symlinkSync('.git/config', join(repo.dir, 'log'));
    new TestRepo(outside).write('.env', 'TOKEN=2\n');

    const ran = await repo.ok(['start', 'login-form', '--worktree', '--json']);
    const facts = schema.parse(JSON.parse(ran.out));
    const linked = new TestRepo(facts.linked_worktree ?? '');
    expect(facts.brought).toEqual([
      { path: '.env', how: 'copied', why: null },
      { path: '.env.local', how: 'left', why: 'it is not in the main checkout' },
      { path: 'data', how: 'copied', why: null },
      { path: 'tracked.env', how: 'kept', why: 'something is there already' },
      { path: 'open.txt', how: 'left', why: 'git does not ignore open.txt there, so that it would be committed' },
      { path: 'linked/.env', how: 'left', why: 'linked is no folder on that branch' },
      { path: 'out.txt', how: 'left', why: 'it leads out of the main checkout' },
      { path: 'gone', how: 'left', why: 'it is not in the main checkout' },
      { path: 'log', how: 'left', why: 'it leads into a git dir' },
      { path: 'cache', how: 'linked', why: null },
    ]);
    expect(ran.err).toContain('brought    .env (copied), data (copied), cache (linked)');
    expect(ran.err).toContain('note: open.txt was not brought along: git does not ignore open.txt there');
    expect([linked.read('.env'), linked.read('data/inside'), linked.read('cache/big.bin')]).toEqual(['TOKEN=1\n', 'b\n', 'big\n']);
    expect(readlinkSync(join(linked.dir, 'cache'))).toBe(join(repo.dir, 'cache'));
    for (const path of ['data/outside', 'data/.git']) expect(lstatSync(join(linked.dir, path), { throwIfNoEntry: false })).toBeUndefined();
    expect(linked.read('tracked.env')).toBe('tracked\n');
    expect(linked.git('status', '--porcelain')).toBe('');
  });

  test('comes through no link of the branch, and a link needs a rule that ignores links', async () => {
    const { repo } = makeApprovedRepo(policyOf('copy: [conf/.env]', 'link: [data]'), { '.gitignore': IGNORE });
    repo.write('conf/.env', 'TOKEN=1\n');
    repo.write('data/x', 'x\n');
    repo.git('switch', '-q', '-c', 'hostile');
    const outside = tempDir();
    rmSync(join(repo.dir, 'conf'), { recursive: true });
    symlinkSync(outside, join(repo.dir, 'conf'));
    repo.commit('conf leads out', {});
    repo.git('switch', '-q', 'main');
    repo.write('conf/.env', 'TOKEN=1\n');
    const { facts } = await runCommand(repo.dir, ['start', 'login-form', '--worktree', '--base', 'hostile']);
    expect(facts.brought).toEqual([
      { path: 'conf/.env', how: 'left', why: 'conf is no folder on that branch' },
      { path: 'data', how: 'left', why: expect.stringContaining('as a link: a pattern that ends in a slash ignores folders alone') },
    ]);
    expect(existsSync(join(outside, '.env'))).toBe(false);
  });

  test('stays out of every checkpoint, also where somebody stops ignoring it', async () => {
    const { repo } = makeApprovedRepo(policyOf('copy: [.env, data]'), { '.gitignore': IGNORE });
    repo.write('.env', 'NAME=1\n');
    repo.write('data/a.txt', 'a\n');
    const { facts } = await runCommand(repo.dir, ['start', 'login-form', '--worktree']);
    const linked = new TestRepo(facts.linked_worktree);
    linked.write('.gitignore', 'nothing\n');
    linked.write('data/a.txt', 'of an agent\n');
    const by = ['--task-id', 't', '--agent', 'dev'];
    await linked.ok(['hooks', 'pre-task', '--description', 'Look around', ...by]);
    for (const file of ['.gitignore', '.env', 'data/a.txt']) await linked.ok(['hooks', 'post-edit', '--file', file, ...by]);
    await linked.session(['hooks', 'post-task', '--wait', ...by]);
    expect(linked.git('ls-files', '.env', 'data')).toBe('');
    expect(linked.git('show', 'HEAD:.gitignore')).toBe('nothing');
    expect(linked.git('status', '--porcelain').split('\n')).toEqual(['?? .env', '?? data/']);
  });

  test('does not keep a landed worktree from being removed while the main checkout has the same', async () => {
    const { repo } = makeApprovedRepo(policyOf('copy: [.env]', 'link: [cache]'), { '.gitignore': IGNORE });
    repo.write('.env', 'TOKEN=1\n');
    repo.write('cache/big.bin', 'big\n');
    const { facts } = await runCommand(repo.dir, ['start', 'login-form', '--worktree']);
    await repo.ok(['undo', '--yes']);
    expect(existsSync(facts.linked_worktree)).toBe(false);
    expect(repo.read('cache/big.bin')).toBe('big\n');
    await repo.ok(['undo', '--redo', '--yes']);
    expect(readFileSync(join(facts.linked_worktree, '.env'), 'utf8')).toBe('TOKEN=1\n');
    new TestRepo(facts.linked_worktree).write('.env', 'TOKEN=mine\n');
    expect((await repo.session(['undo', '--yes'])).err).toContain('.env is ignored by git, and nothing else has the same');
  });
});

describe('its set-up', () => {
  const SETUP = 'echo "begin in $(basename "$PWD")" && echo done >> log';
  const made = () => makeApprovedRepo(policyOf(`setup: '${SETUP}'`), { '.gitignore': IGNORE }).repo;
  const agreed = (repo: TestRepo) =>
    repo.has('.git/git-session/consents.json') ? JSON.parse(repo.read('.git/git-session/consents.json')).consents : [];

  test('is asked about once at a terminal, runs live, and is asked about again when it changes', async () => {
    const repo = made();
    const first = atTerminal(repo.dir, ['start', 'login-form', '--worktree']);
    await first.waitFor('The policy runs this in new worktrees');
    await first.waitFor(SETUP);
    await first.waitFor('(yes/no)');
    first.type('yes\r');
    await first.waitFor('begin in login-form');
    await first.waitFor('Set up.');
    expect(await first.exit).toBe(0);
    expect(agreed(repo)).toMatchObject([{ command: SETUP }]);
    const second = atTerminal(repo.dir, ['start', 'search-index', '--worktree']);
    await second.waitFor('begin in search-index');
    expect(await second.exit).toBe(0);
    expect(second.text()).not.toContain('(yes/no)');
    repo.write('.sessionrc.yaml', repo.read('.sessionrc.yaml').replace('begin in', 'anew in'));
    repo.git('commit', '-q', '-S', '-am', 'Another set-up');
    const third = atTerminal(repo.dir, ['start', 'mail-queue', '--worktree']);
    await third.waitFor('(yes/no)');
    third.type('no\r');
    await third.waitFor('The set-up was not run: You said no.');
    expect(await third.exit).toBe(0);
    expect(third.text()).not.toContain('anew in mail-queue');
    expect(agreed(repo)).toHaveLength(1);
  });

  test('without a terminal, or by an agent, it is not run the first time; the session stands, and the command is told', async () => {
    const repo = made();
    for (const [args, env, why] of [
      [[], {}, 'There is no terminal to ask at'],
      [['--yes'], { CLAUDECODE: '1' }, 'This runs in the environment of Claude Code'],
      [['--yes'], { GIT_SESSION_AGENT: 'coder' }, 'An agent starts the session'],
      [['--no-setup'], {}, 'It was not wanted'],
    ] as const) {
      const ran = await repo.ok(['start', 'login-form', '--worktree', '--json', ...args], { env });
      const { set_up: setUp, linked_worktree: top } = schema.parse(JSON.parse(ran.out));
      expect(setUp).toMatchObject({ command: SETUP, status: 'not run', exit_code: null, why: expect.stringContaining(why) });
      expect(ran.err).toContain(`  in   ${top}\n  run  ${SETUP}\n`);
      expect(existsSync(join(top ?? '', 'log'))).toBe(false);
    }
    expect(agreed(repo)).toEqual([]);
  });

  test('--yes agrees for the clone; then agents\u2019 worktrees are set up too, and a copy of the repository asks again', async () => {
    const repo = made();
    const yes = await repo.ok(['start', 'login-form', '--worktree', '--yes', '--json']);
    expect(schema.parse(JSON.parse(yes.out)).set_up).toMatchObject({ status: 'passed', exit_code: 0, why: null });
    expect(yes.err).toContain('begin in login-form\n');
    await repo.ok(['start', 'search-index', '--worktree', '--json'], { env: { CLAUDECODE: '1' } });
    expect(readFileSync(join(dirname(repo.dir), 'repo.worktrees/search-index/log'), 'utf8')).toBe('done\n');
    expect(configSchema.parse(await repo.json(['config'])).agreed).toEqual([SETUP]);
    expect((await repo.ok(['config'])).err).toContain(`has agreed to run in new worktrees: ${SETUP}`);
    const at = join(tempDir(), 'copy');
    mkdirSync(at);
    const { cpSync } = await import('node:fs');
    cpSync(repo.dir, at, { recursive: true });
    new TestRepo(at).git('worktree', 'prune');
    const { set_up: setUp } = await new TestRepo(at).json(['start', 'mail-queue', '--worktree']);
    expect(setUp.status).toBe('not run');
    expect((await repo.ok(['config', '--forget'])).out).toBe(`Will be asked for again: ${SETUP}\n`);
    expect((await repo.json(['start', 'mail-queue', '--worktree'])).set_up.status).toBe('not run');
    expect((await repo.ok(['config', '--forget'])).out).toBe('This clone has agreed to run nothing.\n');
  });

  test('one that fails, or dirties the checkout, is told; session and worktree stand', async () => {
    const { repo } = makeApprovedRepo(policyOf("setup: 'echo half > README.md; exit 3'"));
    const ran = await repo.ok(['start', 'login-form', '--worktree', '--yes', '--json']);
    const facts = schema.parse(JSON.parse(ran.out));
    expect(facts.set_up).toMatchObject({ status: 'failed', exit_code: 3, why: 'it exited with 3' });
    expect(ran.err).toContain('After the set-up there is something uncommitted: README.md');
    expect(ran.err).toMatch(/The set-up failed: it exited with 3\. The session stands[\s\S]* {2}run {2}echo half/);
    expect(new TestRepo(facts.linked_worktree ?? '').git('branch', '--show-current')).toBe(facts.session.branch);
    repo.git('worktree', 'remove', '--force', facts.linked_worktree ?? '');
    const switched = await repo.ok(['switch', facts.session.id, '--worktree', '--json']);
    expect(switchSchema.parse(JSON.parse(switched.out))).toMatchObject({ moved: true, brought: [], set_up: { status: 'failed' } });
  });
});

test('`list` tells for each checkout its folder, what is not committed in it, and the room it takes', async () => {
  const { repo } = makeApprovedRepo(policyOf('place: ../trees/{topic}'), { '.gitignore': IGNORE });
  const { facts } = await runCommand(repo.dir, ['start', 'login-form', '--worktree']);
  const gone = await runCommand(repo.dir, ['start', 'mail-queue', '--worktree']);
  rmSync(gone.facts.linked_worktree, { recursive: true });
  await repo.ok(['start', 'search-index']);
  const linked = new TestRepo(facts.linked_worktree);
  linked.write('.gitignore', 'changed\n');
  linked.write('new.txt', 'x\n');
  linked.write('data.bin', 'x'.repeat(300_000));
  const listed = await repo.ok(['list', '--json', '--disk']);
  const rows = Object.fromEntries(listSchema.parse(JSON.parse(listed.out)).sessions.map((row) => [row.topic, row]));
  expect(rows['login-form']).toMatchObject({ worktree: linked.dir, checkout: { changed: 1, untracked: 2, disk_whole: true } });
  expect(rows['login-form']?.checkout?.disk_bytes).toBeGreaterThan(300_000);
  expect(rows['login-form']?.checkout?.disk_bytes).toBeLessThan(600_000);
  expect(rows['mail-queue']?.checkout).toBeNull();
  expect(rows['search-index']).toMatchObject({ worktree: repo.dir, checkout: { changed: 0, untracked: 0 } });
  const said = (await repo.ok(['list'])).out;
  expect(said).toMatch(/login-form\n {2}1 changed, 2 untracked, \d+(\.\d)? KB {2}.*trees\/login-form\n/);
  expect(said).toMatch(/search-index \*\n {2}nothing to commit, /);
});

test('measuring a checkout stops when its time is over, and says that there is more', () => {
  const dir = tempDir();
  new TestRepo(dir).write('a/b.txt', 'x'.repeat(5000));
  new TestRepo(dir).write('.git/big', 'x'.repeat(50_000));
  linkSync(join(dir, 'a/b.txt'), join(dir, 'a/again.txt'));
  const [{ bytes, whole } = { bytes: 0, whole: false }] = diskUse([dir], Number.POSITIVE_INFINITY);
  expect(whole).toBe(true);
  expect(bytes).toBeGreaterThan(4999);
  expect(bytes).toBeLessThan(40_000);
  expect(diskUse([dir], 0)).toEqual([{ bytes: 0, whole: false }]);
});
