/** `git session backup export|import`: a session travels as one file, and nothing hostile or overwriting comes in. */

import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { schema as exported } from '../../src/cli/schemas/backup-export.ts';
import { schema as imported } from '../../src/cli/schemas/backup-import.ts';
import { run, type TestRepo } from '../support/repo.ts';
import { travelling } from '../support/travelling.ts';

async function refused(repo: TestRepo, file: string, says: RegExp) {
  const before = repo.snapshot();
  const ran = await repo.session(['backup', 'import', file]);
  expect(ran.err).toMatch(says);
  expect([ran.code, repo.snapshot(), repo.git('for-each-ref', 'refs/git-session/import/')]).toEqual([1, before, '']);
}

test('a session goes to another clone, a second import changes nothing, and the file is not overwritten', async () => {
  const { repo, other, session, file } = await travelling();
  exported.parse(await repo.json(['backup', 'export', session.id, '--to', file]));
  const bytes = readFileSync(file);
  expect((await repo.session(['backup', 'export', session.id, '--to', file])).code).toBe(1);
  expect(readFileSync(file).equals(bytes)).toBe(true);

  const first = await other.json(['backup', 'import', file]);
  imported.parse(first);
  expect(first.refs).toEqual([{ ref: `refs/heads/${session.branch}`, oid: repo.git('rev-parse', 'HEAD'), made: true }]);
  const before = other.snapshot();
  expect((await other.json(['backup', 'import', file])).refs[0].made).toBe(false);
  expect(other.snapshot()).toBe(before);
  await other.ok(['switch', session.id]);
  expect(other.read(`sessions/${session.id}/artifacts/code/x.js`)).toBe('x\n');

  other.commit('mine', { [`sessions/${session.id}/artifacts/code/y.js`]: 'y\n' });
  await refused(other, file, /nothing was overwritten/);
});

test('an abandoned session is restored from a bundle in another clone', async () => {
  const { repo, other, session, file } = await travelling();
  await repo.ok(['abandon']);
  await repo.ok(['backup', 'export', session.id, '--to', file]);
  await other.ok(['backup', 'import', file]);
  await other.ok(['restore', session.id]);
  expect(other.git('show', `${session.branch}:sessions/${session.id}/artifacts/code/x.js`)).toBe('x');
});

test('what is no session, or is broken, is refused whole', async () => {
  const { repo, other, session, file } = await travelling();
  const bundle = async (...refs: string[]) => {
    await run('git', ['bundle', 'create', '-q', file, ...refs], { cwd: repo.dir });
    return file;
  };
  const whole = readFileSync(await bundle(session.branch));
  whole[whole.length - 30] = (whole[whole.length - 30] ?? 0) ^ 0xff;
  writeFileSync(file, whole);
  await refused(other, file, /cannot be read as a bundle/);
  await refused(other, await bundle(session.branch, 'main'), /refs\/heads\/main, which is no session's/);
  repo.git('tag', `backup/${session.id}`, 'main');
  await refused(other, await bundle(session.branch, `backup/${session.id}`), /holds no session/);
  repo.git('update-ref', `refs/git-session/trash/${session.id}.seal.1`, 'HEAD');
  await refused(other, await bundle(`refs/git-session/trash/${session.id}.seal.1`), /no session's/);
  writeFileSync(file, 'no bundle\n');
  await refused(other, file, /cannot be read as a bundle/);
  await refused(other, `${file}.none`, /There is no file/);
});
