import { expect, test } from 'vitest';
import { parseTrailers } from '../../src/core/session/trailers.ts';
import { drain } from '../../src/lifecycle/checkpoint/checkpoint.ts';
import { queuedIds } from '../../src/store/queue.ts';
import { expectNothingLeft } from '../support/left-behind.ts';
import { makeRepo, TestRepo } from '../support/repo.ts';
import { SOAKING } from '../support/soak.ts';
import { startWork, type Work } from '../support/work.ts';
import { bundleWorker, startWorker } from '../support/workers.ts';

const PROCESSES = 16;
const EACH = 20;

/** Every checkpoint since the start holds only the files of the task that it names; returns the files. */
function checkCheckpoints(repo: TestRepo, work: Work): string[] {
  const rows = repo.git('log', '--no-renames', '--name-status', '--format=%x01%B%x02', `main..${work.ref}`).split('\x01').slice(1);
  const files: string[] = [];
  for (const row of rows) {
    const [message = '', changes = ''] = row.split('\x02');
    const tasks = parseTrailers(message).get('Session-Task') ?? [];
    for (const line of changes.trim().split('\n').filter(Boolean)) {
      const [status, path = ''] = line.split('\t');
      if (path.startsWith('.swarm/log/') || path.endsWith('/metadata.json')) continue;
      expect(status).toBe('A');
      const [, agent = '', n = ''] = /\/code\/([^/]+)\/(\d+)\.js$/.exec(path) ?? [];
      expect(tasks).toEqual([`${agent}-${n}`]);
      files.push(path);
    }
  }
  return files;
}

test('16 processes x 20 checkpoints in one working tree, beside a person with staged, modified and untracked files', async () => {
  const repo = makeRepo({ files: { 'src/mine.js': '1\n', 'src/other.js': '1\n' } });
  const work = await startWork(repo);
  repo.write('src/mine.js', 'modified\n');
  repo.write('src/other.js', 'staged\n');
  repo.write('staged.txt', 'staged\n');
  repo.git('add', 'src/other.js', 'staged.txt');
  repo.write('staged.txt', 'staged and more\n');
  repo.write('untracked.txt', 'untracked\n');
  const before = repo.git('status', '--porcelain', '-uall');
  const stagedBefore = repo.git('diff', '--cached', '--raw', '--', 'src', 'staged.txt');
  const program = await bundleWorker('checkpoint-worker');
  const ended = await Promise.all(
    Array.from({ length: PROCESSES }, (_, n) => startWorker(program, [repo.dir, `agent${n}`, String(EACH)]).ended),
  );
  expect(ended.filter((run) => run.code !== 0)).toEqual([]);
  expect((await drain(work.repo, { wait: true })).left).toBe(0);
  expect(queuedIds(work.repo.commonDir)).toEqual([]);
  const files = checkCheckpoints(repo, work);
  expect(files).toHaveLength(PROCESSES * EACH);
  expect(new Set(files).size).toBe(PROCESSES * EACH);
  // Nothing of the person's is committed, unstaged or changed, and the tree is otherwise clean.
  expect(['src/mine.js', 'src/other.js', 'staged.txt', 'untracked.txt'].map((path) => repo.read(path))).toEqual([
    'modified\n',
    'staged\n',
    'staged and more\n',
    'untracked\n',
  ]);
  expect(repo.git('status', '--porcelain', '-uall')).toBe(before);
  expect(repo.git('diff', '--cached', '--raw', '--', 'src', 'staged.txt')).toBe(stagedBefore);
  repo.git('commit', '-qm', 'mine');
  expect(repo.git('show', '--name-status', '--format=').split('\n')).toEqual(['M\tsrc/other.js', 'A\tstaged.txt']);
  expectNothingLeft(repo);
  expect(repo.git('log', '--format=%H', '-1', '--', '.swarm/log')).not.toBe('');
});

test('the same with one process per worktree, each on its own session', async () => {
  const repo = makeRepo({ files: { 'src/mine.js': '1\n', 'src/other.js': '1\n' } });
  const works: Work[] = [];
  // A machine of two cores takes its time to make sixteen: all of them with `npm run soak`.
  const [trees, each] = SOAKING ? [PROCESSES, EACH] : [6, 8];
  for (let n = 0; n < trees; n++) works.push(await startWork(repo, `topic-number-${'abcdefghijklmnop'[n]}`, `${repo.dir}-${n}`));
  const checkouts = works.map((work) => new TestRepo(work.repo.top));
  for (const [n, tree] of checkouts.entries()) {
    tree.write('src/mine.js', `modified ${n}\n`);
    tree.write('src/other.js', `staged ${n}\n`);
    tree.git('add', 'src/other.js');
    tree.write('untracked.txt', `untracked ${n}\n`);
  }
  const person = (tree: TestRepo) => ({
    status: tree.git('status', '--porcelain', '-uall'),
    staged: tree.git('diff', '--cached', '--raw'),
    files: ['src/mine.js', 'src/other.js', 'untracked.txt'].map((path) => tree.read(path)),
  });
  const before = checkouts.map(person);
  const program = await bundleWorker('checkpoint-worker');
  const ended = await Promise.all(works.map((work, n) => startWorker(program, [work.repo.top, `agent${n}`, String(each)]).ended));
  expect(ended.filter((run) => run.code !== 0)).toEqual([]);
  expect((await drain(works[0]?.repo ?? (await repo.open()), { wait: true })).left).toBe(0);
  for (const work of works) {
    expect(checkCheckpoints(repo, work)).toHaveLength(each);
  }
  expect(checkouts.map(person)).toEqual(before);
  expectNothingLeft(repo, { worktrees: trees + 1 });
});
