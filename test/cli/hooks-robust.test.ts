/** Hooks where the surroundings are poor: a graphical client without the person's PATH, a Node that was moved, a tool that was removed; and in worktrees that git alone made. */

import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeRepo, run, TestRepo, tempDir } from '../support/repo.ts';

/** What hooks use of a system; no Node among it, and no git-session. */
const SYSTEM = 'git sh env basename dirname tr cat cp rm mkdir rmdir tail'.split(' ');
let poor = '';

beforeAll(() => {
  poor = join(tempDir(), 'bin');
  mkdirSync(poor);
  for (const name of SYSTEM) {
    const found = ['/usr/bin', '/bin', '/usr/local/bin', '/opt/homebrew/bin']
      .map((folder) => join(folder, name))
      .find((path) => existsSync(path));
    if (found) symlinkSync(found, join(poor, name));
  }
});

interface SetUp {
  args: string[];
  prepare?(repo: TestRepo): void;
}

const SETUPS: Record<string, SetUp> = {
  husky: { args: [] },
  'scripts in the git dir': {
    args: [],
    prepare: (repo) => {
      repo.write('.git/hooks/pre-commit', '#!/bin/sh\nexit 0\n');
      chmodSync(join(repo.dir, '.git/hooks/pre-commit'), 0o755);
    },
  },
  'this clone alone': { args: ['--local'] },
};

/** A commit by git alone, with an agent's stray staged or without; what it printed beside. */
async function commit(repo: TestRepo, { PATH, stray }: { PATH: string; stray?: string }) {
  if (stray) {
    repo.write(stray, 'x\n');
    repo.git('add', stray);
  }
  const ran = await run('git', ['commit', '-q', '--allow-empty', '-m', 'x'], {
    cwd: repo.dir,
    env: { PATH, ...(stray ? { CLAUDECODE: '1' } : {}) },
  });
  return { ...ran, trailer: repo.git('log', '-1', '--format=%(trailers:key=Session-Id,valueonly)').trim() };
}

const GONE_THROUGH = { code: 0, err: '', trailer: expect.stringMatching(/^session-.*-auth-system$/) };

describe.each(Object.entries(SETUPS))('%s', (_, { args, prepare }) => {
  test.each(['main worktree', 'worktree by plain git worktree add'])('%s', async (place) => {
    const repo = makeRepo();
    prepare?.(repo);
    await repo.ok(['init', '--yes', '--no-detect', '--no-agent', '--no-approver', ...args]);
    await repo.ok(['start', 'auth-system']);
    let here = repo;
    if (place !== 'main worktree') {
      const branch = repo.git('branch', '--show-current');
      repo.git('switch', '-q', 'main');
      const top = join(tempDir(), 'linked tree');
      repo.git('worktree', 'add', '-q', top, branch);
      here = new TestRepo(top);
    }
    const doctor = async (...more: string[]) => {
      const ran = await here.session(['doctor', '--json', ...more]);
      const findings: { probe: string; health: string; what: string }[] = JSON.parse(ran.out).findings;
      return findings.filter(({ probe, health }) => probe === 'hooks' && health !== 'ok').map(({ what }) => what);
    };
    const PATH = process.env.PATH ?? '';
    const tool = '.git/git-session/tool';
    const [node = '', bundle = ''] = repo.read(tool).split('\n');

    // A graphical client: the hooks do all that they do elsewhere.
    expect(await commit(here, { PATH: poor })).toMatchObject(GONE_THROUGH);
    expect(await commit(here, { PATH: poor, stray: 'one.txt' })).toMatchObject({ code: 1, err: expect.stringContaining('one.txt') });

    // Node was moved: nothing looks at the commit, and it goes through.
    const old = join(tempDir(), 'node');
    symlinkSync(node, old);
    repo.write(tool, `${old}\n${bundle}\n`);
    expect(await commit(here, { PATH, stray: 'one.txt' })).toMatchObject({ code: 1 });
    rmSync(old);
    expect(await commit(here, { PATH, stray: 'one.txt' })).toMatchObject(GONE_THROUGH);
    expect(await doctor()).toEqual([`The hooks did not find ${old}`]);

    // The tool was removed.
    repo.write(tool, `${node}\n/nowhere/git-session/dist/hook.cjs\n`);
    expect(await commit(here, { PATH })).toMatchObject(GONE_THROUGH);
    expect(await commit(here, { PATH: poor })).toMatchObject(GONE_THROUGH);
    expect(await doctor('--fix')).toEqual(['The hooks did not find /nowhere/git-session/dist/hook.cjs']);
    expect(await commit(here, { PATH: poor, stray: 'two.txt' })).toMatchObject({ code: 1, err: expect.stringContaining('two.txt') });
    here.git('rm', '-q', '-f', '--cached', 'two.txt');

    // Nothing of it is left in the clone but the lines in the scripts.
    rmSync(join(repo.dir, '.git/git-session'), { recursive: true });
    expect(await commit(here, { PATH: poor })).toMatchObject({ code: 0, err: '', trailer: '' });
  });
});
