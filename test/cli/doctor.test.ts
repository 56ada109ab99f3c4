/** `git session doctor` against repositories that are really broken: what it says of each, and what --fix mends. Nothing of its try stays. */

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../src/cli/schemas/doctor.ts';
import { keepError } from '../../src/store/hook-errors.ts';
import { markOf } from '../../src/store/process.ts';
import { copyOf } from '../support/approved-repo.ts';
import { makeRepo, makeSshKey, run, type TestRepo, tempDir } from '../support/repo.ts';
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

  test('outside of everything that is set up it says what is missing, and fails nothing', async () => {
    const { code, facts } = await doctor(makeRepo());
    expect(code).toBe(0);
    expect(facts.findings.filter(({ health }) => health === 'warn').map(({ next }) => next)).toContain('git session init');
  });
});
