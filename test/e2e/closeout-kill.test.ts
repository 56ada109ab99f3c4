/** A closeout killed with kill -9 at every step of its plan, then run again: all or nothing, and finished, with nothing left behind. */

import { spawn } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { type LandingFacts, landingPlan } from '../../src/core/closeout/plan.ts';
import { copyOf, makeApprovedRepo, makeSession, verifies } from '../support/approved-repo.ts';
import { commitInEditor } from '../support/editor.ts';
import { expectNothingLeft } from '../support/left-behind.ts';
import { CLI, run, TestRepo } from '../support/repo.ts';
import { randomOf, SEED, SOAKING, soakSeconds } from '../support/soak.ts';

let open: TestRepo;
let id: string;
let branch: string;

beforeAll(async () => {
  open = makeApprovedRepo().repo;
  id = await makeSession(open);
  branch = open.git('branch', '--show-current');
});

const LAND: LandingFacts = { goal: 'land', sealed: false, baseCheckout: false, sessionCheckout: 'to-base', keepBranch: false, push: false };
const steps = (facts: Partial<LandingFacts>) => landingPlan({ ...LAND, ...facts }).map((step) => step.name);

/** Of the steps, what a kill can leave most of; all of them with `npm run soak`. */
const some = (names: string[], pattern: RegExp) => names.filter((name) => SOAKING || pattern.test(name));

/** Everything that a landing is, or nothing of it. */
function landed(repo: TestRepo): boolean {
  const tag = repo.git('tag', '--list', `backup/${id}`) !== '';
  const base = repo.git('log', '-1', '--format=%s', 'main').startsWith('session: ');
  expect(base, 'base and tag move together').toBe(tag);
  return base;
}

async function expectFinished(repo: TestRepo): Promise<void> {
  expect(landed(repo)).toBe(true);
  expect(verifies(repo, 'commit', 'main') && verifies(repo, 'tag', `backup/${id}`)).toBe(true);
  expect(repo.git('rev-parse', 'main^2')).toBe(repo.git('rev-parse', `backup/${id}^{commit}`));
  expect(repo.git('log', '--merges', '--format=%s', 'main').split('\n')).toHaveLength(1);
  expect(repo.git('branch', '--show-current')).toBe('main');
  expect(repo.git('status', '--porcelain', '--untracked-files=all')).toBe('');
  expect(repo.git('branch', '--list', 'session/*')).toBe('');
  expect(existsSync(join(repo.dir, '.git', 'git-session', 'closeout', `${id}.json`))).toBe(false);
  expectNothingLeft(repo);
}

describe('a closeout killed at', () => {
  test.each(steps({}))('%s, the session checked out here, is finished by running it again', async (step) => {
    const repo = copyOf(open);
    repo.write('mine.txt', 'not committed\n');
    const died = await repo.session(['closeout', '--yes'], { env: { GIT_SESSION_TEST_KILL_AT: step } });
    expect(died.code, `${step} was not reached:\n${died.out}${died.err}`).toBe(128);
    landed(repo);
    await repo.ok(['closeout', '--yes']);
    expect(repo.read('mine.txt')).toBe('not committed\n');
    await run('rm', ['-f', join(repo.dir, 'mine.txt')]);
    await expectFinished(repo);
  });

  test.each(['lock', 'move-session-checkout', 'move-refs', 'leave-branch', 'tidy'] as const)(
    'the beginning of %s, with nothing of it done',
    async (step) => {
      const repo = copyOf(open);
      const died = await repo.session(['closeout', '--yes'], { env: { GIT_SESSION_TEST_KILL_AT: `before ${step}` } });
      expect(died.code, `${step} was not reached:\n${died.out}${died.err}`).toBe(128);
      landed(repo);
      await repo.ok(['closeout', '--yes']);
      await expectFinished(repo);
    },
  );

  // What differs from the first row: base's checkout moves too, and the session's goes away. All of them with `npm run soak`.
  const linkedSteps = steps({ baseCheckout: true, sessionCheckout: 'remove' }).filter(
    (name) => SOAKING || /checkout|move-refs|leave|remove/.test(name),
  );
  const places = ["the session's", "base's", 'a third'] as const;
  const rows = linkedSteps.flatMap((step, n) => (SOAKING ? places.map((from) => [step, from] as const) : [[step, places[n % 3]] as const]));

  test.each(rows)('%s, base checked out and the session in a linked worktree, is finished from %s checkout', async (step, from) => {
    const { repo, linked, third } = spread();
    const died = await linked.session(['closeout', '--yes'], { env: { GIT_SESSION_TEST_KILL_AT: step } });
    expect(died.code, `${step} was not reached:\n${died.out}${died.err}`).toBe(128);
    landed(repo);
    const place = from === 'a third' ? third : from === "base's" || !existsSync(linked.dir) ? repo : linked;
    await place.ok(['closeout', id, '--yes']);
    expect(existsSync(linked.dir)).toBe(false);
    expect(third.git('status', '--porcelain')).toBe('');
    repo.git('worktree', 'remove', third.dir);
    await expectFinished(repo);
  });

  test('push, is finished by running it again: base and tag are on the remote', async () => {
    const repo = copyOf(open);
    repo.git('clone', '-q', '--bare', '.', '../origin.git');
    repo.git('remote', 'add', 'origin', join(repo.dir, '..', 'origin.git'));
    repo.git('fetch', '-q', 'origin');
    repo.git('branch', '-q', '--set-upstream-to=origin/main', 'main');
    expect(steps({ push: true })).toContain('push');
    const died = await repo.session(['closeout', '--yes', '--push'], { env: { GIT_SESSION_TEST_KILL_AT: 'push' } });
    expect(died.code, `push was not reached:\n${died.out}${died.err}`).toBe(128);
    landed(repo);
    await repo.ok(['closeout', '--yes', '--push']);
    const there = repo.git('ls-remote', 'origin');
    for (const ref of ['refs/heads/main', `refs/tags/backup/${id}`]) expect(there).toContain(`${repo.git('rev-parse', ref)}\t${ref}`);
    await expectFinished(repo);
  });

  test(`any moment, again and again, is finished from any checkout (seed ${SEED})`, {
    timeout: soakSeconds(0) * 1000 + 120_000,
  }, async () => {
    const random = randomOf(SEED);
    const until = Date.now() + soakSeconds(0) * 1000;
    let ends = 0;
    // How long a whole one takes, on this machine and now; the first is not killed.
    let whole = Number.POSITIVE_INFINITY;
    for (let n = 0; n < 4 || Date.now() < until; n++) {
      const { repo, linked, third } = spread();
      const child = spawn(process.execPath, [CLI, 'closeout', id, '--yes'], { cwd: linked.dir, stdio: 'ignore', detached: true });
      const begun = Date.now();
      const ended = new Promise((resolve) => child.on('close', resolve));
      if (n === 0) {
        await ended;
        whole = Date.now() - begun;
      } else await pause(random() * whole * 1.1);
      // Alone, what it has started goes on and ends by itself; as a group, git dies in the middle and leaves its own locks.
      if (child.pid && child.exitCode === null) process.kill(random() < 0.5 ? child.pid : -child.pid, 'SIGKILL');
      else if (n > 0) ends++;
      await ended;
      const place = [linked, repo, third][Math.floor(random() * 3)] ?? repo;
      const again = await (existsSync(place.dir) ? place : repo).session(['closeout', id, '--yes']);
      expect([again.code, again.err]).toEqual(again.code === 0 ? [0, again.err] : [1, expect.stringContaining('is closed: it has landed')]);
      repo.git('worktree', 'remove', third.dir);
      await expectFinished(repo);
      rmSync(join(repo.dir, '..'), { recursive: true });
    }
    console.log(`seed ${SEED}: a whole closeout took ${whole} ms; ${ends} had ended before they were killed`);
  });
});

test.each(some(steps({ keepBranch: true }), /refs|leave|tidy/))(
  'a closeout that keeps the branch, killed at %s, keeps it',
  async (step) => {
    const repo = copyOf(open);
    const died = await repo.session(['closeout', '--yes', '--keep-branch'], { env: { GIT_SESSION_TEST_KILL_AT: step } });
    expect(died.code, `${step} was not reached:\n${died.out}${died.err}`).toBe(128);
    await repo.ok(['closeout', id, '--yes']);
    expect(landed(repo)).toBe(true);
    expect(repo.git('rev-parse', branch)).toBe(repo.git('rev-parse', `backup/${id}^{commit}`));
    expect(repo.git('branch', '--show-current')).toBe('main');
    expect(repo.git('status', '--porcelain', '--untracked-files=all')).toBe('');
    expectNothingLeft(repo);
  },
);

describe('what happened between the kill and the second run is kept', () => {
  const kill = (repo: TestRepo, step: string) => repo.session(['closeout', id, '--yes'], { env: { GIT_SESSION_TEST_KILL_AT: step } });

  test('base went on: its new commit is not staged away', async () => {
    const repo = copyOf(open);
    expect((await kill(repo, 'move-refs')).code).toBe(128);
    const other = new TestRepo(join(repo.dir, '..', 'other'));
    repo.git('worktree', 'add', '-q', other.dir, 'main');
    other.write('other.txt', 'of somebody else\n');
    other.commit('work of somebody else');
    repo.git('worktree', 'remove', other.dir);
    await repo.ok(['closeout', id, '--yes']);
    expect(repo.git('branch', '--show-current')).toBe('main');
    expect(repo.read('other.txt')).toBe('of somebody else\n');
    expect(repo.git('status', '--porcelain', '--untracked-files=all')).toBe('');
  });

  test('base was checked out elsewhere: this checkout stays on what landed, and says so', async () => {
    const repo = copyOf(open);
    expect((await kill(repo, 'move-refs')).code).toBe(128);
    repo.git('worktree', 'add', '-q', '../other', 'main');
    const again = await repo.session(['closeout', id, '--yes']);
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('stays on what landed')]);
    expect(repo.git('rev-parse', 'HEAD')).toBe(repo.git('rev-parse', 'main'));
    expect(repo.git('branch', '--show-current')).toBe('');
    expect(repo.git('status', '--porcelain', '--untracked-files=all')).toBe('');
  });

  test('base\u2019s checkout went to another branch: nothing is staged there', async () => {
    const { repo, linked } = spread();
    expect((await kill(linked, 'lock')).code).toBe(128);
    repo.git('switch', '-q', '-c', 'feature');
    const before = repo.git('rev-parse', 'HEAD');
    await repo.ok(['closeout', id, '--yes']);
    expect(landed(repo)).toBe(true);
    expect([repo.git('branch', '--show-current'), repo.git('rev-parse', 'HEAD')]).toEqual(['feature', before]);
    expect(repo.git('status', '--porcelain', '--untracked-files=all')).toBe('');
  });

  test.each(['lock', 'move-refs', 'leave-branch'])('an ignored file in a worktree that was to go (killed at %s)', async (step) => {
    const { repo, linked } = spread();
    writeFileSync(join(repo.dir, '.git', 'info', 'exclude'), '.env\n');
    expect((await kill(linked, step)).code).toBe(128);
    linked.write('.env', 'TOKEN=1\n');
    await repo.ok(['closeout', id, '--yes']);
    expect(linked.read('.env')).toBe('TOKEN=1\n');
    expect(linked.git('status', '--porcelain')).toBe('');
  });
});

test('what an agent commits while the landing is pushed stays on its branch, and is not staged on base', async () => {
  const repo = copyOf(open);
  repo.git('clone', '-q', '--bare', '.', '../origin.git');
  repo.git('remote', 'add', 'origin', join(repo.dir, '..', 'origin.git'));
  repo.git('fetch', '-q', 'origin');
  repo.git('branch', '-q', '--set-upstream-to=origin/main', 'main');
  const late = 'echo late > agent.txt && git add agent.txt && git commit -qm late';
  mkdirSync(join(repo.dir, '.git', 'hooks'), { recursive: true });
  writeFileSync(join(repo.dir, '.git', 'hooks', 'pre-push'), `#!/bin/sh\n${late}\n`, { mode: 0o755 });
  const done = await repo.session(['closeout', id, '--yes', '--push']);
  expect([done.code, done.out]).toEqual([0, expect.stringContaining(`stays on ${branch}`)]);
  expect(repo.git('branch', '--show-current')).toBe(branch);
  expect(repo.git('status', '--porcelain', '--untracked-files=all')).toBe('');
  expect(repo.git('ls-tree', '--name-only', 'main')).not.toContain('agent.txt');
});

describe('by pull request, killed at', () => {
  let byRequest: TestRepo;
  let sealed: TestRepo;
  let own: string;
  beforeAll(async () => {
    byRequest = makeApprovedRepo('presence: none\nland: { by: pr }\n').repo;
    own = await makeSession(byRequest);
    sealed = copyOf(byRequest);
    await sealed.ok(['closeout', '--yes']);
  });

  /** Dies there, and the same command finishes it. */
  async function twice(repo: TestRepo, args: string[], step: string): Promise<void> {
    const died = await repo.session(args, { env: { GIT_SESSION_TEST_KILL_AT: step } });
    expect(died.code, `${step} was not reached:\n${died.out}${died.err}`).toBe(128);
    await repo.ok(args);
    expect(repo.git('status', '--porcelain', '--untracked-files=all')).toBe('');
    expect(existsSync(join(repo.dir, '.git', 'git-session', 'closeout', `${own}.json`))).toBe(false);
    expectNothingLeft(repo);
  }

  const sealing = steps({ goal: 'seal' });
  test.each(some(sealing, /seal|move|checkout|refs|tidy/))('%s, it is sealed once', async (step) => {
    const repo = copyOf(byRequest);
    await twice(repo, ['closeout', own, '--yes'], step);
    expect((await repo.json(['show', own])).session.state).toBe('sealed');
    expect(repo.git('log', '--format=%s', 'main..HEAD').match(/^session: seal|^seal/gim)).toHaveLength(1);
    expect(repo.git('tag')).toBe('');
  });

  test.each(some(sealing, /^(seal|move|tidy)/))('%s and run again without its name, it is sealed', async (step) => {
    const repo = copyOf(byRequest);
    const died = await repo.session(['closeout', '--yes'], { env: { GIT_SESSION_TEST_KILL_AT: step } });
    expect(died.code, `${step} was not reached:\n${died.out}${died.err}`).toBe(128);
    const again = await repo.session(['closeout', '--yes']);
    expect([again.code, again.err]).toEqual(again.code === 0 ? [0, again.err] : [1, expect.stringContaining('is sealed already')]);
    expect((await repo.json(['show', own])).session.state).toBe('sealed');
    expect([repo.git('tag'), repo.git('status', '--porcelain', '--untracked-files=all')]).toEqual(['', '']);
    expectNothingLeft(repo);
  });

  const signing = steps({ goal: 'tag', sealed: true, sessionCheckout: 'none' });
  test.each(some(signing, /sign|lock|move|refs|tidy/))('%s, it is signed once', async (step) => {
    const repo = copyOf(sealed);
    await twice(repo, ['approve', own, '--yes'], step);
    expect(repo.git('tag')).toBe(`backup/${own}`);
    expect(verifies(repo, 'tag', `backup/${own}`)).toBe(true);
    expect(repo.git('rev-parse', `backup/${own}^{commit}`)).toBe(repo.git('rev-parse', 'HEAD'));
  });
});

test('a git that is killed while it moves the refs is no bug of ours, and the next run goes on', async () => {
  const repo = copyOf(open);
  const hook = join(repo.dir, '.git/hooks/reference-transaction');
  mkdirSync(join(repo.dir, '.git/hooks'), { recursive: true });
  writeFileSync(hook, '#!/bin/sh\n[ "$1" = committed ] && grep -q refs/tags/backup/ && kill -9 $PPID\nexit 0\n', { mode: 0o755 });
  const ran = await repo.session(['closeout', '--yes']);
  expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('git was killed while it moved the refs')]);
  rmSync(hook);
  await repo.ok(['closeout', '--yes']);
  await expectFinished(repo);
});

/** Base checked out in the main worktree, the session in a linked one, and another branch in a third. */
function spread(): { repo: TestRepo; linked: TestRepo; third: TestRepo } {
  const repo = copyOf(open);
  const at = (name: string) => new TestRepo(join(repo.dir, '..', name));
  repo.git('switch', '-q', 'main');
  repo.git('worktree', 'add', '-q', at('linked').dir, branch);
  repo.git('worktree', 'add', '-q', '-b', 'elsewhere', at('third').dir, 'main');
  return { repo, linked: at('linked'), third: at('third') };
}

describe('what git leaves when it is killed itself', () => {
  /** A closeout killed with the refs locked, and what it had built. */
  async function killedAtLock() {
    const repo = copyOf(open);
    await repo.session(['closeout', '--yes'], { env: { GIT_SESSION_TEST_KILL_AT: 'lock' } });
    const state = JSON.parse(repo.read(`.git/git-session/closeout/${id}.json`));
    const to = (what: string): string => state.landing.moves.find((move: { what: string }) => move.what === what).to;
    return { repo, state, merge: to('base'), tag: to('tag') };
  }

  test('locks that are proven ours are cleared, files half written are written again', async () => {
    const { repo, merge, state } = await killedAtLock();
    repo.write('.git/refs/heads/main.lock', `${merge}\n`);
    const file = join(repo.dir, '.git/git-session-index.1.0');
    writeFileSync(file, '');
    linkSync(file, join(repo.dir, '.git/index.lock'));
    const { dev, ino } = statSync(file, { bigint: true });
    const claims = [{ gitDir: join(repo.dir, '.git'), file, inode: `${dev}:${ino}` }];
    repo.write(`.git/git-session/closeout/${id}.json`, JSON.stringify({ ...state, claims }));
    // HEAD is locked without a value while a branch that it names moves.
    repo.write('.git/HEAD.lock', '');
    utimesSync(join(repo.dir, '.git/HEAD.lock'), state.locking.to / 1000, state.locking.to / 1000);
    repo.write(`sessions/${id}/metrics.json`, repo.git('show', `${merge}:sessions/${id}/metrics.json`).slice(0, 200));
    repo.write(`sessions/${id}/metadata.json`, `${repo.git('show', `${merge}:sessions/${id}/metadata.json`)}\n`);
    await repo.ok(['closeout', '--yes']);
    await expectFinished(repo);
  });

  test.each(['index.lock', 'HEAD.lock'])('an empty %s that came later is somebody\u2019s who is at work', async (name) => {
    const { repo } = await killedAtLock();
    const before = repo.git('for-each-ref');
    repo.write(`.git/${name}`, '');
    // Young or old: time proves nothing of whose it is.
    if (name === 'index.lock') utimesSync(join(repo.dir, '.git', name), 1, 1);
    const ran = await repo.session(['closeout', '--yes']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining(`${name}`)]);
    expect(repo.has(`.git/${name}`)).toBe(true);
    expect(repo.git('for-each-ref')).toBe(before);
    rmSync(join(repo.dir, '.git', name));
    await repo.ok(['closeout', '--yes']);
    await expectFinished(repo);
  });

  test.each(['-a', 'README.md'])('a person\u2019s open `git commit %s` keeps its index, and what it commits lands', async (what) => {
    const { repo } = await killedAtLock();
    repo.write('README.md', 'of the person\n');
    const commit = await commitInEditor(repo, [what]);
    const before = repo.git('for-each-ref');
    const ran = await repo.session(['closeout', '--yes']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('index.lock')]);
    expect(repo.git('for-each-ref')).toBe(before);
    expect(await commit.finish('mine')).toBe(0);
    await repo.ok(['closeout', '--yes']);
    expect(repo.git('show', 'main:README.md')).toBe('of the person');
    await expectFinished(repo);
  });

  test.each(['half of it', 'all but .git', '.git alone', 'every file of it'])('a worktree of which %s was removed goes', async (what) => {
    const { repo, linked, third } = spread();
    await linked.session(['closeout', '--yes'], { env: { GIT_SESSION_TEST_KILL_AT: 'leave-branch' } });
    const path = `.git/git-session/closeout/${id}.json`;
    repo.write(path, JSON.stringify({ ...JSON.parse(repo.read(path)), step: 'remove-worktree' }));
    const gone = readdirSync(linked.dir).filter((name) =>
      what === 'half of it'
        ? name !== '.git' && name < 'a'
        : what === 'all but .git'
          ? name !== '.git'
          : what === '.git alone'
            ? name === '.git'
            : true,
    );
    for (const name of gone) rmSync(join(linked.dir, name), { recursive: true });
    if (what === 'every file of it') rmSync(linked.dir, { recursive: true });
    await third.ok(['closeout', id, '--yes']);
    expect(existsSync(linked.dir)).toBe(false);
    repo.git('worktree', 'remove', third.dir);
    await expectFinished(repo);
  });

  test('a half removed worktree in which somebody has been at work stays', async () => {
    const { repo, linked } = spread();
    await linked.session(['closeout', '--yes'], { env: { GIT_SESSION_TEST_KILL_AT: 'leave-branch' } });
    const path = `.git/git-session/closeout/${id}.json`;
    repo.write(path, JSON.stringify({ ...JSON.parse(repo.read(path)), step: 'remove-worktree' }));
    rmSync(join(linked.dir, 'README.md'));
    linked.write('mine.txt', 'mine\n');
    const ran = await repo.ok(['closeout', id, '--yes']);
    expect(ran.out + ran.err).toContain(`${linked.dir} stays`);
    expect(linked.read('mine.txt')).toBe('mine\n');
  });

  test('where the state cannot be written while the refs are locked, they are let go and the closeout ends', async () => {
    const repo = copyOf(open);
    const hook = join(repo.dir, '.git/hooks/reference-transaction');
    const state = join(repo.dir, '.git/git-session/closeout');
    writeFileSync(hook, `#!/bin/sh\n[ "$1" = prepared ] && grep -q refs/tags/backup/ && { rm -rf '${state}'; : >'${state}'; }\nexit 0\n`, {
      mode: 0o755,
    });
    const before = repo.git('for-each-ref');
    const ran = await repo.session(['closeout', '--yes']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('error: ')]);
    expect(repo.git('for-each-ref')).toBe(before);
    expectNothingLeft(repo);
    rmSync(hook);
    rmSync(state);
    await repo.ok(['closeout', '--yes']);
    await expectFinished(repo);
  });

  test('a lock that names another value is somebody else\u2019s', async () => {
    const { repo } = await killedAtLock();
    repo.write('.git/refs/heads/main.lock', `${repo.git('rev-parse', 'main')}\n`);
    const closing = repo.session(['closeout', '--yes']);
    expect(repo.has('.git/refs/heads/main.lock')).toBe(true);
    await run('rm', [join(repo.dir, '.git/refs/heads/main.lock')]);
    expect((await closing).code).toBe(0);
    await expectFinished(repo);
  });

  test.each(['base', 'tag'] as const)('only the %s had moved: the others follow', async (what) => {
    const { repo, merge, tag } = await killedAtLock();
    if (what === 'base') repo.git('update-ref', 'refs/heads/main', merge);
    else repo.git('update-ref', `refs/tags/backup/${id}`, tag);
    await repo.ok(['closeout', '--yes']);
    await expectFinished(repo);
  });

  test('the approver was removed meanwhile: what was signed does not land', async () => {
    const { repo } = await killedAtLock();
    repo.git('worktree', 'add', '-q', '../main', 'main');
    const main = new TestRepo(join(repo.dir, '..', 'main'));
    main.write('.swarm/allowed_signers', main.read('.swarm/allowed_signers').replace('dana@example.com', 'eve@example.com'));
    main.git('commit', '-q', '-S', '-am', 'Hand over');
    const ran = await repo.session(['closeout', '--yes']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('Your key is listed for eve@example.com')]);
    expect(repo.git('tag')).toBe('');
  });
});
