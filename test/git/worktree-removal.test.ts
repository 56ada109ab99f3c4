/** Every way in which a worktree could go, against everything that could be lost with it: it can be got back, or the worktree stays and that is said. */

import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SessionId } from '../../src/core/session/session-id.ts';
import { removeWorktree } from '../../src/lifecycle/checkout/remove-worktree.ts';
import { copyOf } from '../support/approved-repo.ts';
import { runCommand } from '../support/in-process.ts';
import { approvedRepo, closeSession } from '../support/landed.ts';
import { makeRepo, TestRepo, tempDir } from '../support/repo.ts';
import { startSession } from '../support/started.ts';

interface Place {
  repo: TestRepo;
  linked: TestRepo;
  id: SessionId;
}

interface Case {
  /** What is in the worktree before somebody wants it away. */
  make(place: Place): unknown;
  /** What the person would look for afterwards, and does find. */
  back(place: Place, made: unknown): void;
}

const ALLOW = ['-c', 'protocol.file.allow=always'];
const adminOf = ({ linked }: Place) => `.git/worktrees/${linked.dir.split('/').pop()}`;

const CASES: Record<string, Case> = {
  'staged changes': {
    make: ({ linked }) => {
      linked.write('README.md', 'staged\n');
      linked.git('add', 'README.md');
    },
    back: ({ linked }) => expect(linked.git('show', ':README.md')).toBe('staged'),
  },
  'unstaged changes': {
    make: ({ linked }) => linked.write('README.md', 'unstaged\n'),
    back: ({ linked }) => expect(linked.read('README.md')).toBe('unstaged\n'),
  },
  'changes that git was told not to look at': {
    make: ({ linked }) => {
      linked.git('update-index', '--skip-worktree', 'README.md');
      linked.write('README.md', 'unseen\n');
    },
    back: ({ linked }) => expect(linked.read('README.md')).toBe('unseen\n'),
  },
  'an untracked file': {
    make: ({ linked }) => linked.write('new.txt', 'untracked\n'),
    back: ({ linked }) => expect(linked.read('new.txt')).toBe('untracked\n'),
  },
  'an ignored file that the main checkout has otherwise': {
    make: ({ repo, linked }) => {
      repo.write('.env', 'TOKEN=main\n');
      linked.write('.env', 'TOKEN=mine\n');
    },
    back: ({ linked }) => expect(linked.read('.env')).toBe('TOKEN=mine\n'),
  },
  'a merge with conflicts': {
    make: ({ linked }) => {
      linked.commit('one side', { 'README.md': 'one side\n' });
      expect(() => linked.git('merge', 'other')).toThrow();
    },
    back: ({ linked }) => {
      expect(linked.git('rev-parse', 'MERGE_HEAD')).toBe(linked.git('rev-parse', 'other'));
      expect([linked.git('show', ':2:README.md'), linked.git('show', ':3:README.md')]).toEqual(['one side', 'other side']);
    },
  },
  'commits that only the reflog of the worktree holds': {
    make: ({ linked }) => {
      const lost = ['first', 'second'].map((text) => {
        const commit = linked.commit(text, { 'lost.txt': `${text}\n` });
        linked.git('reset', '-q', '--hard', 'HEAD~1');
        return commit;
      });
      return lost;
    },
    back: ({ repo, linked }, lost) => {
      for (const commit of lost as string[]) {
        const there = existsSync(linked.dir) ? linked.git('rev-list', '--walk-reflogs', 'HEAD').split('\n').includes(commit) : false;
        expect(there || repo.git('for-each-ref', `--contains=${commit}`, 'refs/git-session/trash/') !== '').toBe(true);
      }
    },
  },
  'a lock': {
    make: ({ linked }) => linked.git('worktree', 'lock', '--reason', 'on a stick', '.'),
    back: ({ linked }) => expect(linked.has('.gitmodules')).toBe(true),
  },
  'its folder gone, with something staged': {
    make: ({ linked }) => {
      linked.write('README.md', 'staged\n');
      linked.git('add', 'README.md');
      rmSync(linked.dir, { recursive: true });
    },
    back: (place) => expect(place.repo.git(`--git-dir=${adminOf(place)}`, 'show', ':README.md')).toBe('staged'),
  },
  'a submodule with a commit of its own': {
    make: ({ linked }) => {
      linked.git(...ALLOW, 'submodule', '--quiet', 'update', '--init');
      const sub = new TestRepo(join(linked.dir, 'sub'));
      sub.git('switch', '-q', '-c', 'side');
      const commit = sub.commit('side', { 'x.txt': 'x\n' });
      sub.git('switch', '-q', '--detach', 'HEAD~1');
      return commit;
    },
    back: ({ linked }, commit) => expect(new TestRepo(join(linked.dir, 'sub')).git('rev-parse', 'side')).toBe(commit),
  },
};

/** What takes worktrees away where it may. */
const TAKES: Record<string, (id: string) => string[]> = {
  closeout: (id) => ['closeout', id, '--yes'],
  'the undo of its start': (id) => ['undo', id, '--yes'],
};
/** What leaves them: looked at with all of it in one place. */
const LEAVES: Record<string, (id: string) => string[]> = {
  abandon: (id) => ['abandon', id],
  uninstall: () => ['uninstall', '--local', '--yes'],
};
/** Cases that stand in each other's way. */
const APART = ['a merge with conflicts', 'its folder gone, with something staged'];
const TOGETHER = Object.keys(CASES).filter((name) => !APART.includes(name) && name !== 'unstaged changes' && !name.startsWith('changes'));

let made: Place;
beforeAll(async () => {
  const sub = makeRepo();
  const { repo } = approvedRepo({ policy: '', files: { '.gitignore': '.env\nnode_modules/\n' } });
  repo.git(...ALLOW, 'submodule', '--quiet', 'add', sub.dir, 'sub');
  repo.git('commit', '-q', '-m', 'A submodule');
  repo.git('switch', '-q', '-c', 'other');
  repo.commit('other', { 'README.md': 'other side\n' });
  repo.git('switch', '-q', 'main');
  const { id } = await startSession(repo, 'login-form');
  repo.git('switch', '-q', 'main');
  made = { repo, id, linked: repo };
}, 60_000);

/** The session in a worktree of its own, made by the command that undo knows. */
async function fresh(): Promise<Place> {
  const repo = copyOf(made.repo);
  rmSync(join(repo.dir, '.git/git-session/acts.jsonl'));
  const { facts } = await runCommand(repo.dir, ['switch', made.id, '--worktree']);
  return { repo, id: made.id, linked: new TestRepo(facts.worktree) };
}

/** What the command said, once everything is found again. */
async function survives(names: readonly string[], argv: (id: string) => string[]): Promise<string> {
  const place = await fresh();
  // What resets the checkout comes before what changes it.
  const cases = [...names].reverse().map((name) => CASES[name] as Case);
  const made = cases.map(({ make }) => make(place));
  const { said } = await runCommand(place.repo.dir, argv(place.id));
  expect(said).not.toContain('--force');
  for (const [n, { back }] of cases.entries()) back(place, made[n]);
  return said;
}

describe.each(Object.keys(TAKES))('%s', (way) => {
  test.each(Object.keys(CASES))('drops nothing of %s', async (name) => {
    const said = await survives([name], TAKES[way] ?? (() => []));
    if (way === 'closeout' && !APART.includes(name) && !name.startsWith('commits')) expect(said).toContain('stays, detached at the seal: ');
  });
});

describe.each(Object.keys(LEAVES))('%s', (way) => {
  test.each([[TOGETHER], ...APART.map((name) => [[name]])])('drops nothing of %j', async (names) => {
    await survives(names, LEAVES[way] ?? (() => []));
  });
});

test.each(['closeout', 'abandon'])('a worktree whose folder is gone does not stand in the way of %s', async (way) => {
  const place = await fresh();
  rmSync(place.linked.dir, { recursive: true });
  expect(await runCommand(place.repo.dir, { ...TAKES, ...LEAVES }[way]?.(place.id) ?? [])).toMatchObject({ code: 0 });
  expect(place.repo.git('branch', '--list', 'session/*')).toBe('');
});

describe('what nothing keeps goes', () => {
  const removed = async (place: Place) => {
    const removal = await removeWorktree(await place.repo.open(), {
      top: place.linked.dir,
      session: place.id,
      at: null,
      refillable: ['node_modules'],
    });
    expect(removal).toEqual({ removed: true, kept: null });
    expect(existsSync(place.linked.dir)).toBe(false);
  };

  test('what tools fill again, what the main checkout has, and links into it', async () => {
    const place = await fresh();
    const { repo, linked } = place;
    for (const one of [repo, linked]) one.write('.env', 'TOKEN=1\n');
    repo.git('config', 'core.excludesFile', join(tempDir(), 'ignore'));
    repo.write('.git/info/exclude', 'data\nshared\n');
    for (const one of [repo, linked]) one.write('data/a/b.txt', 'b\n');
    repo.write('shared/c.txt', 'c\n');
    symlinkSync(join(repo.dir, 'shared'), join(linked.dir, 'shared'));
    linked.write('node_modules/x/index.js', 'x\n');
    await removed(place);
    expect(repo.read('shared/c.txt')).toBe('c\n');
  });

  test('the reflog of a session that was only worked on keeps nothing in the trash', async () => {
    const place = await fresh();
    place.linked.commit('work', { 'README.md': 'work\n' });
    await removed(place);
    expect(place.repo.git('for-each-ref', 'refs/git-session/')).toBe('');
  });
});

test('closeout says why a worktree stays, and lands all the same', async () => {
  const place = await fresh();
  place.linked.write('new.txt', 'untracked\n');
  const { said } = await runCommand(place.repo.dir, ['closeout', place.id, '--yes']);
  expect(said).toContain(`The worktree ${place.linked.dir} stays, detached at the seal: new.txt is not committed`);
  expect(place.repo.git('tag')).toBe(`backup/${place.id}`);
});

test('a landing takes the worktree, and what only its reflog held can be restored from the trash', async () => {
  const place = await fresh();
  const lost = (CASES['commits that only the reflog of the worktree holds'] as Case).make(place) as string[];
  await closeSession(place.repo, place.id);
  expect(existsSync(place.linked.dir)).toBe(false);
  const [ref, ...more] = place.repo.git('for-each-ref', '--format=%(refname)', 'refs/git-session/').split('\n');
  expect([ref, more]).toEqual([expect.stringMatching(new RegExp(`^refs/git-session/trash/${place.id}\\.reflog\\.[0-9a-f]{12}$`)), []]);
  expect(place.repo.git('rev-parse', `${ref}^@`).split('\n').sort()).toEqual([...lost].sort());
});
