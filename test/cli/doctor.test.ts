/** `git session doctor` against repositories that are really broken: what it says of each, and what --fix mends. Nothing of its try stays. */

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../src/cli/schemas/doctor.ts';
import { agents } from '../../src/lifecycle/doctor/agents.ts';
import { keepError } from '../../src/store/hook-errors.ts';
import { markOf } from '../../src/store/process.ts';
import { copyOf } from '../support/approved-repo.ts';
import { CLI, makeRepo, makeSshKey, run, type TestRepo, tempDir } from '../support/repo.ts';
import { record } from '../support/started.ts';
import { commit, signWith } from '../support/trust.ts';

let ready: TestRepo;

/** Set up by `init`: husky, an approver, a policy. */
beforeAll(async () => {
  ready = makeRepo();
  signWith(ready, makeSshKey(tempDir('gs-key-')));
  await ready.ok(['init', '--yes', '--no-try', '--signing-key', ready.git('config', 'user.signingKey')]);
});

async function doctor(repo: TestRepo, args: string[] = []) {
  const ran = await repo.session(['doctor', '--json', ...args], { env: { TMPDIR: TMP } });
  const facts = schema.parse(JSON.parse(ran.out));
  const of = (probe: string, health?: string) => facts.findings.filter((row) => row.probe === probe && (!health || row.health === health));
  return { code: ran.code, err: ran.err, facts, of };
}

/** Where its throwaway worktrees are made. */
const TMP = mkdtempSync(join(process.env.HOME ?? tmpdir(), 'tmp-'));
const doctorFolders = () => readdirSync(TMP).filter((name) => name.startsWith('git-session-doctor-'));

describe('doctor', () => {
  test('in good order: every probe says what it saw, and its commits leave nothing', async () => {
    const repo = copyOf(ready);
    const before = [repo.snapshot(), repo.git('count-objects'), repo.git('worktree', 'list')];
    const { code, facts, of } = await doctor(repo);
    expect(facts.findings.filter(({ health }) => health !== 'ok')).toEqual([]);
    expect(code).toBe(0);
    expect(of('versions').map(({ what }) => what)).toEqual([expect.stringMatching(/^git 2\./), `Node ${process.versions.node}`]);
    expect(of('commit')[0]?.what).toContain('names its session');
    expect(of('commit')[1]?.what).toMatch(/^All hooks together take \d+ ms of a commit \(\d+ ms with them, \d+ ms without/);
    expect(of('signing')[0]?.what).toMatch(/signs, as dana@example.com, an approver$/);
    expect([repo.snapshot(), repo.git('count-objects'), repo.git('worktree', 'list')]).toEqual(before);
    expect(doctorFolders()).toEqual([]);
    const shown = await repo.ok(['doctor'], { env: { TMPDIR: TMP } });
    expect(shown.out).toMatch(/\d+ ok\.\n$/);
  });

  test('a person\u2019s own hook that refuses is told, and its try is cleared away', async () => {
    const repo = copyOf(ready);
    const hook = join(repo.dir, '.husky/pre-commit');
    repo.write('.husky/pre-commit', `${repo.read('.husky/pre-commit')}echo no lint today >&2\nexit 1\n`);
    chmodSync(hook, 0o755);
    repo.git('-c', 'core.hooksPath=/dev/null', 'commit', '-qam', 'A hook of my own');
    const { of } = await doctor(repo);
    expect(of('commit')).toMatchObject([{ health: 'warn', why: expect.stringContaining('no lint today') }]);
    expect(doctorFolders()).toEqual([]);
    expect(repo.git('worktree', 'list').split('\n')).toHaveLength(1);
  });

  test('a hook that is slow is named, with its time', async () => {
    const repo = copyOf(ready);
    repo.write('.husky/pre-commit', `${repo.read('.husky/pre-commit')}\nsleep 2.1\n`);
    repo.git('-c', 'core.hooksPath=/dev/null', 'commit', '-qam', 'A hook of my own');
    const [, cost] = (await doctor(repo)).of('commit');
    expect(cost).toMatchObject({ health: 'warn', next: 'The slowest is pre-commit: look at what it runs' });
    const [, hook, ms] = /^(\S+) (\d+) ms, /.exec(cost?.why ?? '') ?? [];
    expect([hook, Number(ms) >= 2100]).toEqual(['pre-commit', true]);
    expect(cost?.why).toContain('commit-msg');
  });

  test('interrupted in the middle it clears away; killed, the next one does', async () => {
    const repo = copyOf(ready);
    const killed = (signal: string) => {
      // The folder of the try names the process that made it.
      const kill = `kill -${signal} "$(pwd | sed 's/.*doctor-\\([0-9]*\\)-.*/\\1/')"`;
      repo.write('.husky/commit-msg', `${repo.git('show', 'HEAD:.husky/commit-msg')}\n${kill}\n`);
      repo.git('-c', 'core.hooksPath=/dev/null', 'commit', '-qam', 'A hook that kills');
      return repo.session(['doctor'], { env: { TMPDIR: TMP } });
    };
    expect((await killed('TERM')).code).not.toBe(0);
    expect(doctorFolders()).toEqual([]);
    expect(repo.git('worktree', 'list').split('\n')).toHaveLength(1);
    repo.git('reset', '-q', '--hard', 'HEAD^');
    await killed('KILL');
    expect(repo.git('worktree', 'list').split('\n')).toHaveLength(2);
    repo.git('reset', '-q', '--hard', 'HEAD^');
    expect((await doctor(repo)).code).toBe(0);
    expect(doctorFolders()).toEqual([]);
    expect(repo.git('worktree', 'list').split('\n')).toHaveLength(1);
  });

  test('hooks that do not run, and a Node that was moved: --fix mends both and says so', async () => {
    const repo = copyOf(ready);
    repo.write('.git/git-session/tool', '/nowhere/node\n/nowhere/hook.cjs\n');
    const linked = join(tempDir(), 'linked');
    repo.git('worktree', 'add', '-q', linked);
    rmSync(join(linked, '.husky/_'), { recursive: true, force: true });
    const broken = await doctor(repo);
    expect(broken.code).toBe(1);
    expect(broken.of('hooks', 'fail').map(({ what }) => what)).toEqual([
      expect.stringContaining('does not run the hooks in '),
      expect.stringContaining('/nowhere/node'),
    ]);
    repo.write('.git/git-session/tool', '/nowhere/node\n/nowhere/hook.cjs\n');
    const fixed = await doctor(repo, ['--fix']);
    expect([fixed.code, fixed.facts.counts.mended]).toEqual([0, 2]);
    expect(repo.read('.git/git-session/tool')).toContain(process.execPath);
    expect((await doctor(repo)).facts.healthy).toBe(true);
  });

  test('records from the future, bad lines, errors of hooks, a dead lock, a worktree that is gone', async () => {
    const repo = copyOf(ready);
    const { session } = await repo.json(['start', 'broken-things']);
    await record(
      repo,
      { id: session.id },
      { kind: 'memory.stored', data: { namespace: 'coordination', key: 'k', value: 1 } },
      Date.now() + 3_600_000,
    );
    const journal = join(repo.dir, '.git/git-session/journal', `${session.id}.jsonl`);
    writeFileSync(journal, 'no record\n', { flag: 'a' });
    keepError(join(repo.dir, '.git'), 'agent claude', new Error('it fell over'));
    const lock = join(repo.dir, '.git/git-session/locks/index');
    mkdirSync(lock, { recursive: true });
    writeFileSync(join(lock, 'e1'), JSON.stringify({ ...markOf(), start: '1' }));
    const gone = join(tempDir(), 'gone');
    repo.git('worktree', 'add', '-q', gone);
    renameSync(gone, `${gone}-moved`);
    const { code, of } = await doctor(repo, ['--fix']);
    expect(code).toBe(0);
    expect(of('records').map(({ what }) => what)).toEqual([expect.stringContaining('1 line of'), expect.stringContaining('1 record of')]);
    expect(of('state', 'warn')).toMatchObject([
      { what: expect.stringContaining('"index" is held by a process that is dead'), mended: 'Released the lock "index".' },
      { why: expect.stringContaining('agent claude: Error: it fell over'), mended: expect.stringContaining('aside') },
    ]);
    expect(of('worktrees', 'warn')[0]).toMatchObject({ what: expect.stringContaining('gone'), mended: null });
    expect((await doctor(repo)).of('state', 'warn')).toEqual([]);
  });

  test('a clock that went back, or is ahead elsewhere, is told by the commits that are dated in the future', async () => {
    const repo = makeRepo();
    await run('git', ['commit', '-q', '--allow-empty', '-m', 'ahead'], {
      cwd: repo.dir,
      env: { GIT_COMMITTER_DATE: '2090-01-01T00:00:00Z' },
    });
    expect((await doctor(repo)).of('records', 'warn')).toMatchObject([
      {
        what: expect.stringMatching(/^The newest commit of main is dated in the future \(2090-01-01 00:00 UTC; it is /),
        next: 'Set this clock',
      },
    ]);
  });

  test('a lock of git\u2019s own that nobody lets go of is told with its age, and left alone', async () => {
    const repo = makeRepo();
    const old = new Date(Date.now() - 5 * 60_000);
    for (const name of ['index.lock', 'refs/heads/main.lock', 'packed-refs.lock']) {
      repo.write(`.git/${name}`, '');
      if (name !== 'packed-refs.lock') utimesSync(join(repo.dir, '.git', name), old, old);
    }
    const { code, of } = await doctor(repo, ['--fix']);
    expect(code).toBe(0);
    expect(of('worktrees', 'warn').map(({ what }) => what.replace(repo.dir, ''))).toEqual([
      '/.git/index.lock has been there for 5 minutes',
      '/.git/refs/heads/main.lock has been there for 5 minutes',
    ]);
    expect(repo.has('.git/index.lock')).toBe(true);
  });

  test('policy: an unsigned change, no key to sign with, approvals that nobody can give', async () => {
    const repo = copyOf(ready);
    commit(repo, 'Somebody changes the rules', { files: { '.sessionrc.yaml': 'version: 1\napprovals: {count: 3}\npresence: none\n' } });
    repo.git('config', 'user.signingKey', '/nowhere/key');
    const { of } = await doctor(repo);
    expect(of('policy', 'warn')[0]).toMatchObject({
      what: '1 policy change on main does not count',
      next: expect.stringContaining('git diff'),
    });
    expect(of('signing')[0]).toMatchObject({ health: 'warn', what: expect.stringContaining('You can approve nothing here') });
    repo.write('.sessionrc.yaml', 'version: 1\npresence: nobody\n');
    const edited = await doctor(repo);
    expect(edited.code).toBe(1);
    expect(edited.of('policy', 'fail')[0]?.why).toContain('.sessionrc.yaml:2:11: presence: must be one of');
  });

  test('a key with a passphrase is not tried without a terminal, and why is said', async () => {
    const repo = copyOf(ready);
    const key = join(tempDir('gs-key-'), 'locked');
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'secret words', '-f', key]);
    repo.git('config', 'user.signingKey', key);
    expect((await doctor(repo)).of('signing')).toMatchObject([
      { health: 'skipped', why: expect.stringMatching(/may ask for a passphrase, and there is no terminal\.$/) },
    ]);
  });

  test('tags and landings that the remote lacks, and a remote that cannot be asked', async () => {
    const repo = copyOf(ready);
    const remote = join(tempDir(), 'remote.git');
    await run('git', ['clone', '-q', '--bare', repo.dir, remote]);
    repo.git('remote', 'add', 'origin', remote);
    repo.git('fetch', '-q', 'origin');
    repo.git('remote', 'set-head', 'origin', 'main');
    repo.git('tag', 'backup/session-20251117-143022-auth-system');
    expect((await doctor(repo)).of('remote')).toMatchObject([
      { health: 'warn', next: 'git push origin backup/session-20251117-143022-auth-system' },
    ]);
    renameSync(remote, `${remote}.away`);
    expect((await doctor(repo)).of('remote')).toMatchObject([{ health: 'skipped', why: 'origin could not be asked.' }]);
  });

  test('an old git is told with what is needed; an old Node is told by every command', async () => {
    const repo = makeRepo();
    const bin = tempDir();
    const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    // The real git, but for what it says of itself.
    writeFileSync(join(bin, 'git'), `#!/bin/sh\ncase $1 in --version) echo git version 2.30.9 ;; *) exec "${git}" "$@" ;; esac\n`, {
      mode: 0o755,
    });
    const ran = await repo.session(['doctor', '--json'], { env: { PATH: `${bin}:${process.env.PATH}` } });
    expect(ran.code).toBe(1);
    expect(schema.parse(JSON.parse(ran.out)).findings[0]).toMatchObject({
      probe: 'versions',
      health: 'fail',
      what: 'git 2.30.9',
      next: 'Install git 2.38 or later',
    });
    const older = `data:text/javascript,Object.defineProperty(process.versions, 'node', { value: '18.20.8' })`;
    const old = await run(process.execPath, ['--import', older, CLI, 'doctor'], { cwd: repo.dir });
    expect([old.code, old.err]).toEqual([1, expect.stringContaining('This is Node 18.20.8; git-session needs 20.19 or later.')]);
  });

  test('outside of everything that is set up it says what is missing, and fails nothing', async () => {
    const { code, facts } = await doctor(makeRepo());
    expect(code).toBe(0);
    expect(facts.findings.filter(({ health }) => health === 'warn').map(({ next }) => next)).toContain('git session init');
  });
});

describe('settings of agents', () => {
  let connected: TestRepo;
  beforeAll(async () => {
    connected = makeRepo({ files: { '.claude/settings.json': '{\n  "model": "opus"\n}\n' } });
    const key = makeSshKey(tempDir('gs-key-'));
    await connected.ok(['init', '--yes', '--no-detect', '--signing-key', key, '--agent', 'claude']);
  });
  const SETTINGS = '.claude/settings.json';

  /** This probe alone, which needs no commit in a throwaway worktree. */
  async function probed(repo: TestRepo, fix = false) {
    const found = await agents.look({ repo: await repo.open(), now: new Date(), terminal: false, tell: () => {} });
    return Promise.all(found.map(async ({ mend, ...row }) => (fix && mend ? { ...row, mended: await mend() } : row)));
  }

  test('that are no JSON: said with the parser\u2019s words; nothing is written, also by --fix', async () => {
    const repo = copyOf(connected);
    expect(await probed(repo)).toEqual([{ health: 'ok', what: 'Claude Code is connected, and up to date' }]);
    const broken = repo.read(SETTINGS).replace('"model": "opus",', '"model": "opus"');
    repo.write(SETTINGS, broken);
    const { code, of } = await doctor(repo, ['--fix']);
    expect([code, of('agents').length]).toEqual([1, 1]);
    expect(of('agents')[0]).toMatchObject({
      health: 'fail',
      what: `${SETTINGS} is no JSON here, so that our hooks do not run in its client`,
      why: expect.stringContaining('JSON'),
      next: `See what changed it: git diff -- ${SETTINGS}`,
    });
    expect(repo.read(SETTINGS)).toBe(broken);
    repo.git('-c', 'core.hooksPath=/dev/null', 'commit', '-qam', 'Broken');
    expect((await probed(repo)).map(({ what }) => what)).toEqual([expect.stringContaining(`${SETTINGS} is no JSON on main`)]);
  });

  test('whose entries of ours were edited, and a hook script that is gone: --fix puts both back, and nothing else', async () => {
    const repo = copyOf(connected);
    const settings = JSON.parse(repo.read(SETTINGS));
    delete settings.hooks.PreToolUse;
    repo.write(SETTINGS, `${JSON.stringify({ ...settings, model: 'sonnet' }, null, 2)}\n`);
    rmSync(join(repo.dir, '.swarm/hook.sh'));
    expect(await probed(repo, true)).toEqual([
      {
        health: 'fail',
        what: '.swarm/hook.sh is gone here, and the hooks of every client call it',
        mended: 'Wrote .swarm/hook.sh again.',
      },
      {
        health: 'fail',
        what: `Our entries in ${SETTINGS} were changed or removed here`,
        mended: `Put our entries back into ${SETTINGS}; the rest of it is as it was.`,
      },
    ]);
    expect(repo.git('diff', '--stat', '--', '.swarm')).toBe('');
    expect(JSON.parse(repo.read(SETTINGS))).toMatchObject({ model: 'sonnet', hooks: { PreToolUse: expect.any(Array) } });
    expect((await probed(repo)).filter(({ health }) => health !== 'ok')).toEqual([]);
  });

  test('of this clone alone that are no JSON: the parser\u2019s words, and what to do then', async () => {
    const repo = makeRepo();
    const key = makeSshKey(tempDir('gs-key-'));
    await repo.ok(['init', '--local', '--yes', '--no-try', '--no-detect', '--signing-key', key, '--agent', 'claude']);
    expect((await probed(repo)).map(({ health }) => health)).toEqual(['ok']);
    repo.write('.claude/settings.local.json', '{ broken');
    expect(await probed(repo)).toMatchObject([
      {
        health: 'fail',
        what: '.claude/settings.local.json is no JSON here, so that our hooks do not run in its client',
        next: 'Correct it, and then: git session init --local --agent claude',
      },
    ]);
  });

  test('that a session\u2019s branch has committed are its own: told, and left alone', async () => {
    const repo = copyOf(connected);
    repo.git('switch', '-qc', 'other');
    repo.git('rm', '-q', '.claude/commands/session-start.md');
    repo.git('-c', 'core.hooksPath=/dev/null', 'commit', '-qm', 'Without it');
    expect(await probed(repo, true)).toEqual([
      {
        health: 'warn',
        what: '.claude/commands/session-start.md is not on this branch',
        next: 'git diff main -- .claude/commands/session-start.md',
      },
    ]);
    // Line endings of another system are no change.
    repo.git('switch', '-q', 'main');
    repo.write(SETTINGS, repo.read(SETTINGS).replaceAll('\n', '\r\n'));
    repo.write('.claude/commands/session-start.md', repo.read('.claude/commands/session-start.md').replaceAll('\n', '\r\n'));
    expect((await probed(repo)).map(({ health }) => health)).toEqual(['ok']);
  });
});
