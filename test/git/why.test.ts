/** `why`: which session stands behind a line, whatever way it landed, and whatever commits say of themselves. */

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { askWhy } from '../../src/closeout/landed/why.ts';
import { blame } from '../../src/git/blame.ts';
import { approvedRepo, closeSession, type LandedSession, landSession } from '../support/landed.ts';
import { TestRepo, tempDir } from '../support/repo.ts';
import { startWork } from '../support/work.ts';

let template: { repo: TestRepo; session: LandedSession };

beforeAll(async () => {
  const { repo } = approvedRepo({ files: { 'lib.js': 'one\ntwo\nthree\n' } });
  const session = await landSession(repo, { files: { 'lib.js': 'one\nTWO\nthree\nfour\n' } });
  template = { repo, session };
});

function copy(): { repo: TestRepo; session: LandedSession } {
  const dir = join(tempDir(), 'repo');
  cpSync(template.repo.dir, dir, { recursive: true });
  return { ...template, repo: new TestRepo(dir) };
}

/** Session, task and agent of each line, or "none". */
async function why(repo: TestRepo, path: string): Promise<string[]> {
  const open = await repo.open();
  const head = repo.git('rev-parse', 'HEAD');
  const answers = await askWhy(open, head, (await blame(open, head, path)) ?? []);
  return answers.map(({ session }) => (session ? [session.id, session.task?.task, session.agent?.name].join(' ') : 'none'));
}

const build = ({ id }: LandedSession) => `${id} build backend-dev`;

it('after our merge: the session’s lines and no others, with task, agent, goal and landing', async () => {
  const { repo, session } = copy();
  expect(await why(repo, 'lib.js')).toEqual(['none', build(session), 'none', build(session)]);
  const open = await repo.open();
  const lines = await blame(open, repo.git('rev-parse', 'HEAD'), 'lib.js', 2);
  const [answer] = await askWhy(open, repo.git('rev-parse', 'HEAD'), lines ?? []);
  expect(answer?.session).toMatchObject({
    id: session.id,
    task: { task: 'build', description: 'Build the calculator' },
    commit: answer?.commit?.oid,
    landing: { commit: session.merge },
  });
});

it('after a squash, and after a rebase: through the session’s own commits', async () => {
  const { repo, session } = copy();
  repo.git('reset', '-q', '--hard', `${session.merge}^1`);
  repo.git('merge', '-q', '--squash', session.seal);
  repo.git('commit', '-q', '-m', 'Squashed (#12)');
  expect(await why(repo, 'lib.js')).toEqual(['none', build(session), 'none', build(session)]);
  const artifact = `sessions/${session.id}/artifacts/code/app.js`;
  expect(await why(repo, artifact)).toEqual([build(session), build(session)]);

  repo.git('reset', '-q', '--hard', `${session.merge}^1`);
  repo.commit('meanwhile', { 'other.txt': 'x\n' });
  repo.git('cherry-pick', `${session.merge}^1..${session.seal}`);
  expect(await why(repo, 'lib.js')).toEqual(['none', build(session), 'none', build(session)]);
});

it('a line edited in the squash itself is the landing’s: what the inventory says of the file', async () => {
  const { repo, session } = copy();
  repo.git('reset', '-q', '--hard', `${session.merge}^1`);
  repo.git('merge', '-q', '--squash', session.seal);
  repo.commit('Squashed and touched up', { 'lib.js': 'one\nTwo!\nthree\nfour\n' });
  const lines = await why(repo, 'lib.js');
  expect(lines[1]).toBe(build(session));
});

it('does not believe trailers: neither of plain commits nor of copies before the session', async () => {
  const { repo, session } = copy();
  const trailers = `Session-Id: ${session.id}\nSession-Task: build\nSession-Agent: backend-dev`;
  repo.commit(`Later\n\n${trailers}`, { 'lib.js': 'one\nTWO\nthree\nforged\n' });
  expect(await why(repo, 'lib.js')).toEqual(['none', build(session), 'none', 'none']);
  repo.commit(`Nobody\n\nSession-Id: session-20200101-000000-never-was`, { 'new.txt': 'x\n' });
  expect(await why(repo, 'new.txt')).toEqual(['none']);
});

it('finds plain commits without any trailer in a landed session, and lines of an open one', async () => {
  const { repo } = copy();
  const work = await startWork(repo, 'parser-rewrite');
  repo.commit('no trailers here', { 'parser.js': 'parse\n' });
  expect(await why(repo, 'parser.js')).toEqual([`${work.id}  `]);
  work.begin('parse', 'Write the parser');
  repo.write('parser.js', 'parse\nmore\n');
  work.edited('parse', 'parser.js');
  repo.commit('more');
  expect(await why(repo, 'parser.js')).toEqual([`${work.id}  `, `${work.id} parse backend-dev`]);
  await closeSession(repo, work.id);
  const [first, second] = await why(repo, 'parser.js');
  expect(first).toMatch(new RegExp(`^${work.id}  `));
  expect(second).toBe(`${work.id} parse backend-dev`);
});

it('follows a rename and odd names', async () => {
  const { repo, session } = copy();
  repo.git('mv', 'lib.js', 'a "quoted"\nname é.js');
  repo.commit('rename');
  expect(await why(repo, 'a "quoted"\nname é.js')).toEqual(['none', build(session), 'none', build(session)]);
});

it('follows a rename in the session itself and one after it, through a squash', async () => {
  const { repo } = approvedRepo({ files: { 'lib.js': 'one\ntwo\nthree\n' } });
  const work = await startWork(repo, 'renamed-in-it');
  work.begin('rename', 'Rename it');
  repo.git('mv', 'lib.js', 'core.js');
  repo.write('core.js', 'one\nTWO\nthree\n');
  work.edited('rename', 'core.js');
  repo.commit(`rename\n\nSession-Id: ${work.id}\nSession-Task: rename\nSession-Agent: backend-dev`);
  work.end('rename');
  const { merge, seal } = await closeSession(repo, work.id);
  repo.git('reset', '-q', '--hard', `${merge}^1`);
  repo.git('merge', '-q', '--squash', seal);
  repo.git('commit', '-q', '-m', 'Squashed (#13)');
  repo.git('mv', 'core.js', 'kernel.js');
  repo.commit('renamed again');
  expect(await why(repo, 'kernel.js')).toEqual(['none', `${work.id} rename backend-dev`, 'none']);
});
