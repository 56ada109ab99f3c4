/** A session with work on it, another clone that has not heard of it, and the name of a file to carry it there. */

import { join } from 'node:path';
import { makeRepo, run, TestRepo, tempDir } from './repo.ts';
import { startSession } from './started.ts';

export async function travelling() {
  const repo = makeRepo();
  const dir = tempDir();
  await run('git', ['clone', '-q', repo.dir, join(dir, 'other')]);
  const session = await startSession(repo, 'travelling');
  repo.commit('work', { [`sessions/${session.id}/artifacts/code/x.js`]: 'x\n' });
  return { repo, other: new TestRepo(join(dir, 'other')), session, file: join(dir, 'it.bundle') };
}
