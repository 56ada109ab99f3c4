/** Base, branches and remotes that move while somebody reads the review, and several landings at once. */

import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Ask } from '../../src/closeout/context.ts';
import { closeOut } from '../../src/closeout/run.ts';
import { parseTagMessage } from '../../src/core/closeout/manifest-text.ts';
import { resolveSession } from '../../src/lifecycle/session/session.ts';
import { copyOf, makeApprovedRepo, makeSession, verifies } from '../support/approved-repo.ts';
import { expectNothingLeft } from '../support/left-behind.ts';
import { TestRepo } from '../support/repo.ts';

let open: TestRepo;
let id: string;
let branch: string;

beforeAll(async () => {
  open = makeApprovedRepo().repo;
  id = await makeSession(open);
  branch = open.git('branch', '--show-current');
});

/** A commit on main that the session's checkout does not see. */
function moveMain(repo: TestRepo, files: Record<string, string>): string {
  const tree = Object.entries(files).reduce((base, [path, content]) => {
    repo.write(`../blob`, content);
    const blob = repo.git('hash-object', '-w', '../blob');
    const rows = repo
      .git('ls-tree', base)
      .split('\n')
      .filter((row) => !row.endsWith(`\t${path}`));
    repo.write('../rows', `${[...rows, `100644 blob ${blob}\t${path}`].join('\n')}\n`);
    return repo.git('-c', 'alias.mk=!git mktree < "$PWD/../rows"', 'mk');
  }, 'main^{tree}');
  const commit = repo.git('commit-tree', tree, '-p', 'main', '-m', 'meanwhile');
  repo.git('update-ref', 'refs/heads/main', commit);
  return commit;
}

/** Closes in this process; `during` runs while the review is read, each time. */
async function closeWhile(repo: TestRepo, during: (again: string | null) => void | Promise<void>) {
  const asked: (string | null)[] = [];
  const ask: Ask = async (_, { again }) => {
    asked.push(again);
    await during(again);
    return { verdict: 'approve', dropped: new Set(), accepted: [] };
  };
  const git = await repo.open();
  const result = await closeOut(git, await resolveSession(git), {
    ask,
    as: 'closeout',
    decides: true,
  });
  return { result, asked };
}

function manifest(repo: TestRepo) {
  const found = parseTagMessage(repo.git('cat-file', 'tag', `backup/${id}`).split('\n\n').slice(1).join('\n\n'));
  if (!found) throw new Error('no manifest');
  return found.manifest;
}

describe('base moves while the review is read', () => {
  test('the same change is checked again and signed without a new question; the manifest names both bases', async () => {
    const repo = copyOf(open);
    const seen = repo.git('rev-parse', 'main');
    let moved = '';
    const { asked } = await closeWhile(repo, () => {
      moved = moveMain(repo, { 'other.txt': 'x\n' });
    });
    expect(asked).toEqual([null]);
    expect(repo.git('rev-parse', 'main^1')).toBe(moved);
    expect(manifest(repo)).toMatchObject({ base: moved, reviewed_base: seen });
    expect(manifest(repo).checks.every((check) => check.tree === manifest(repo).checked_tree)).toBe(true);
    await repo.ok(['verify', id]);
    expect(repo.git('status', '--porcelain')).toBe('');
  });

  test('another change is asked again', async () => {
    const repo = copyOf(open);
    const { asked } = await closeWhile(repo, (again) => {
      if (again === null) moveMain(repo, { 'README.md': '# demo\n\nNow with a login.\n' });
    });
    expect(asked).toEqual([null, 'main has moved since you looked, and with it the change that would land.']);
    expect(manifest(repo).reviewed_base).toBeNull();
  });

  test('a conflict stops, and nothing has moved', async () => {
    const repo = copyOf(open);
    const closing = closeWhile(repo, () => void moveMain(repo, { 'README.md': '# another\n' }));
    await expect(closing).rejects.toMatchObject({ message: 'The session conflicts with main.' });
    expect(repo.git('tag')).toBe('');
    expect(repo.git('branch', '--show-current')).toBe(branch);
    expect(repo.git('status', '--porcelain')).toBe('');
    expectNothingLeft(repo);
  });

  test('the name of the tag is taken meanwhile: nothing has moved, and nothing is left', async () => {
    const repo = copyOf(open);
    const before = repo.git('rev-parse', 'main', branch);
    const closing = closeWhile(repo, () => void repo.git('tag', `backup/${id}`, 'main'));
    await expect(closing).rejects.toMatchObject({ message: expect.stringContaining('exists already') });
    expect(repo.git('rev-parse', 'main', branch)).toBe(before);
    expect(repo.git('status', '--porcelain')).toBe('');
    expectNothingLeft(repo);
    repo.git('tag', '-d', `backup/${id}`);
    await repo.ok(['closeout', '--yes']);
    await repo.ok(['verify', id]);
  });

  test('other approvers or rules stop it', async () => {
    const repo = copyOf(open);
    const closing = closeWhile(repo, () => {
      const other = new TestRepo(join(repo.dir, '..', 'main'));
      repo.git('worktree', 'add', '-q', other.dir, 'main');
      other.write('.sessionrc.yaml', 'version: 1\npresence: none\napprovals: { self: deny }\n');
      other.git('commit', '-q', '-S', '-am', 'Deny');
    });
    await expect(closing).rejects.toMatchObject({ message: 'The policy has changed since you looked, so nothing was changed.' });
    expect(repo.git('tag')).toBe('');
  });

  test('new commits of the session are reviewed', async () => {
    const repo = copyOf(open);
    const { asked } = await closeWhile(repo, (again) => {
      if (again === null) repo.commit('late', { 'README.md': '# demo\n\nNow with a better login.\n' });
    });
    expect(asked).toEqual([null, 'The session has new commits.']);
    expect(repo.git('show', 'main:README.md')).toContain('better');
  });
});

describe('where checkouts are', () => {
  test('base checked out elsewhere: a dirty session worktree stays, detached at the seal', async () => {
    const repo = copyOf(open);
    repo.git('switch', '-q', 'main');
    repo.git('worktree', 'add', '-q', '../linked', branch);
    const linked = new TestRepo(join(repo.dir, '..', 'linked'));
    linked.write('scratch.txt', 'mine\n');
    await linked.ok(['closeout', '--yes']);
    expect(linked.read('scratch.txt')).toBe('mine\n');
    expect(linked.git('rev-parse', 'HEAD')).toBe(repo.git('rev-parse', `backup/${id}^{commit}`));
    expect(linked.git('branch', '--show-current')).toBe('');
    expect(linked.git('status', '--porcelain')).toBe('?? scratch.txt');
    expect(repo.git('status', '--porcelain')).toBe('');
    expect(repo.git('branch', '--list', 'session/*')).toBe('');
  });

  test('base checked out nowhere: a session worktree goes on to base, and the closeout says where base is', async () => {
    const repo = copyOf(open);
    repo.git('switch', '-q', '-c', 'elsewhere', 'main');
    repo.git('worktree', 'add', '-q', '../linked', branch);
    const linked = new TestRepo(join(repo.dir, '..', 'linked'));
    expect((await linked.ok(['closeout', '--yes'])).out).toContain(
      `The worktree ${linked.dir} stays, on main now: no other checkout had it.\n`,
    );
    expect(linked.git('branch', '--show-current')).toBe('main');
  });

  test('neither is checked out: only refs move', async () => {
    const repo = copyOf(open);
    repo.git('switch', '-q', '-c', 'elsewhere', 'main');
    const before = repo.git('status', '--porcelain=v2', '--branch');
    await repo.ok(['closeout', id, '--yes']);
    expect(repo.git('status', '--porcelain=v2', '--branch')).toBe(before);
    expect(verifies(repo, 'commit', 'main')).toBe(true);
  });

  test('staged, modified and untracked files stay as they are; drafts give way to what is sealed', async () => {
    const repo = copyOf(open);
    repo.commit('base for edits', { 'mine.txt': 'one\n' });
    repo.write('mine.txt', 'two\n');
    repo.git('add', 'mine.txt');
    repo.write('mine.txt', 'three\n');
    repo.write('loose.txt', 'loose\n');
    await repo.ok(['hooks', 'session-end', '--export-metrics', 'true']);
    expect(repo.has(`sessions/${id}/session-summary.md`)).toBe(true);
    await repo.ok(['closeout', '--yes']);
    expect(repo.git('branch', '--show-current')).toBe('main');
    expect(repo.git('status', '--porcelain')).toBe('MM mine.txt\n?? loose.txt');
    expect(repo.git('show', ':mine.txt')).toBe('two');
    expect(repo.read('mine.txt')).toBe('three\n');
    expect(repo.read(`sessions/${id}/session-summary.md`)).toContain('\u2705 secrets');
  });
});

describe('several at once', () => {
  test('three closeouts of three sessions all land', async () => {
    const { repo } = makeApprovedRepo();
    const ids: string[] = [];
    for (const topic of ['first-feature', 'second-feature', 'third-feature']) {
      await repo.ok(['start', topic, '--base', 'main']);
      ids.push(`session-${repo.git('branch', '--show-current').slice('session/'.length)}`);
      repo.commit(topic, { [`${topic}.md`]: `# ${topic}\n` });
    }
    repo.git('switch', '-q', 'main');
    const ran = await Promise.all(ids.map((one) => repo.session(['closeout', one, '--yes'])));
    expect(ran.map((r) => r.code === 0 || r.err)).toEqual([true, true, true]);
    expect(repo.git('log', '--first-parent', '--merges', '--format=%s', 'main').split('\n')).toHaveLength(3);
    for (const one of ids) expect(verifies(repo, 'tag', `backup/${one}`)).toBe(true);
    expectNothingLeft(repo);
    expect(repo.git('status', '--porcelain')).toBe('');
    expect(repo.git('branch', '--list', 'session/*')).toBe('');
  });

  test('the second closeout of one session says that the first is running', async () => {
    const repo = copyOf(open);
    const { result } = await closeWhile(repo, async () => {
      const second = await repo.session(['closeout', '--yes']);
      expect([second.code, second.err]).toEqual([1, expect.stringContaining('Another closeout')]);
    });
    expect(result.state).toBe('closed');
  });
});

describe('--push', () => {
  function withRemote(): TestRepo {
    const repo = copyOf(open);
    repo.git('clone', '-q', '--bare', '.', '../origin.git');
    repo.git('remote', 'add', 'origin', join(repo.dir, '..', 'origin.git'));
    repo.git('fetch', '-q', 'origin');
    repo.git('branch', '-q', '--set-upstream-to=origin/main', 'main');
    return repo;
  }

  test('pushes base and tag together', async () => {
    const repo = withRemote();
    const facts = await repo.json(['closeout', '--yes', '--push']);
    expect(facts).toMatchObject({ state: 'closed', push: null });
    const there = repo.git('ls-remote', 'origin');
    expect(there).toContain(`${repo.git('rev-parse', 'main')}\trefs/heads/main`);
    expect(there).toContain(`${repo.git('rev-parse', `backup/${id}`)}\trefs/tags/backup/${id}`);
  });

  test('takes the landing back where the remote refuses; nothing is lost', async () => {
    const repo = withRemote();
    repo.write('../origin.git/hooks/update', '#!/bin/sh\n[ "$1" != refs/heads/main ] || { echo "main is protected"; exit 1; }\n');
    repo.git('-c', 'alias.x=!chmod +x ../origin.git/hooks/update', 'x');
    const before = repo.snapshot().replace(/^refs\/git-session\/.*\n/gm, '');
    const ran = await repo.session(['closeout', '--yes', '--push']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('origin did not take the landing, so it was taken back.')]);
    expect(ran.err).toContain('main is protected');
    expect(repo.snapshot().replace(/^refs\/git-session\/.*\n/gm, '')).toBe(before);
    expect(repo.git('for-each-ref', 'refs/git-session/trash/')).toContain('tag');
    expectNothingLeft(repo);
    expect(repo.git('ls-remote', '--tags', 'origin')).toBe('');
    const again = await repo.json(['closeout', '--yes']);
    expect(again).toMatchObject({ state: 'closed', push: `git push --atomic origin main backup/${id}` });
  });

  test('takes the landing back where the remote moves between the look and the push', async () => {
    const repo = withRemote();
    const theirs = repo.git('commit-tree', 'main^{tree}', '-p', 'main', '-m', 'theirs');
    // Somebody else is faster: after our fetch, before our push has reached the remote.
    repo.write(
      '.git/hooks/pre-push',
      `#!/bin/sh\nenv -u GIT_DIR git --git-dir='${repo.dir}/.git' push -q --no-verify ../origin.git ${theirs}:refs/heads/main\n`,
    );
    chmodSync(join(repo.dir, '.git/hooks/pre-push'), 0o755);
    const before = repo.snapshot().replace(/^refs\/git-session\/.*\n/gm, '');
    const ran = await repo.session(['closeout', '--yes', '--push']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('origin did not take the landing, so it was taken back.')]);
    expect(repo.snapshot().replace(/^refs\/git-session\/.*\n/gm, '')).toBe(before);
    expect(repo.git('ls-remote', 'origin')).toContain(`${theirs}\trefs/heads/main`);
    expect(repo.git('ls-remote', '--tags', 'origin')).toBe('');
    expectNothingLeft(repo);
    rmSync(join(repo.dir, '.git/hooks/pre-push'));
    repo.git('fetch', '-q', 'origin', 'main:main');
    await repo.ok(['closeout', '--yes', '--push']);
    expect(repo.git('rev-parse', 'main^1')).toBe(theirs);
    await repo.ok(['verify', id]);
  });

  test('says what keeps a refused landing from being taken back', async () => {
    const repo = withRemote();
    const lock = join(repo.dir, '.git/refs/heads/main.lock');
    repo.write('../origin.git/hooks/update', `#!/bin/sh\n: > '${lock}'\nexit 1\n`);
    repo.git('-c', 'alias.x=!chmod +x ../origin.git/hooks/update', 'x');
    const ran = await repo.session(['closeout', '--yes', '--push']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('and it could not be taken back')]);
    expect(ran.err).toContain('main.lock');
    expect(ran.err).not.toContain('moved on meanwhile');
  });

  test('refuses where the remote has moved', async () => {
    const repo = withRemote();
    const commit = repo.git('commit-tree', 'main^{tree}', '-p', 'main', '-m', 'theirs');
    repo.git('push', '-q', 'origin', `${commit}:refs/heads/main`);
    repo.git('update-ref', 'refs/remotes/origin/main', 'main');
    const ran = await repo.session(['closeout', '--yes', '--push']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('main is 1 commit behind origin/main')]);
    expect(repo.git('tag')).toBe('');
  });
});
