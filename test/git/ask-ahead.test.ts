import { expect, test } from 'vitest';
import { askAhead, identNow, stagedNow } from '../../src/lifecycle/checkpoint/ahead.ts';
import { makeRepo } from '../support/repo.ts';
import { startWork } from '../support/work.ts';

test('what was asked ahead counts for that checkout, index and commit alone', async () => {
  const repo = makeRepo({ files: { 'src/a.js': '1\n', 'src/b.js': '1\n' } });
  const work = await startWork(repo);
  const session = await work.now();
  const paths = ['src/a.js', 'src/b.js'];
  askAhead(work.repo, session, paths);
  // Afterwards staged: the index is no longer the one that was asked.
  repo.write('src/a.js', '2\n');
  repo.git('add', 'src/a.js');
  expect([...(await stagedNow(work.repo, session.tip, paths))]).toEqual(['src/a.js']);
  askAhead(work.repo, session, paths);
  repo.git('commit', '-qm', 'theirs');
  const tip = repo.git('rev-parse', 'HEAD');
  expect([...(await stagedNow(work.repo, tip, paths))]).toEqual([]);
  askAhead(work.repo, { ...session, tip }, ['src/a.js']);
  repo.write('src/b.js', '2\n');
  expect([...(await stagedNow(work.repo, tip, ['src/b.js']))]).toEqual([]);

  const other = makeRepo();
  other.git('config', 'user.name', 'Somebody Else');
  const opened = await other.open();
  expect(await identNow(work.repo)).not.toMatch(/^Somebody Else </);
  expect(await identNow(opened)).toMatch(/^Somebody Else </);
});
