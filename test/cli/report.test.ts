/** `git session report`: as a summary, as a page, as facts; of open and of closed sessions. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { schema } from '../../src/cli/schemas/report.ts';
import { BEGINNING } from '../../src/core/report/page.ts';
import { sessionPaths } from '../../src/core/session/metadata.ts';
import { approvedRepo, landSession, workOn } from '../support/landed.ts';
import { tempDir } from '../support/repo.ts';
import { record } from '../support/started.ts';

test('of a closed session tells what was sealed, and what verify finds now', async () => {
  const { repo } = approvedRepo();
  const { id } = await landSession(repo, { artifacts: { 'code/app.js': '// Adds & <subtracts>.\nexport const add = 1;\n' } });
  const before = repo.snapshot();
  const plain = await repo.ok(['report', id]);
  expect(plain.out).toBe(`${repo.git('show', `main:${sessionPaths(id).summary}`)}\n`);
  const file = join(tempDir(), 'page.html');
  const facts = schema.parse(await repo.json(['report', id, '--html', '--output', file]));
  expect(facts).toMatchObject({ session: id, state: 'closed', page: file, verdict: 'verified', summary: plain.out });
  expect(facts.metrics).toEqual(JSON.parse(repo.git('show', `main:${sessionPaths(id).metrics}`)));
  const page = (await repo.ok(['report', id, '--html', '-o', '-'])).out;
  expect(page.startsWith(BEGINNING)).toBe(true);
  for (const part of [
    '<strong>Verified.</strong>',
    'dana@example.com',
    'Adds &amp; &lt;subtracts&gt;',
    'pure functions',
    'unattended',
    '<code>main</code>',
  ]) {
    expect(page).toContain(part);
  }
  expect(repo.snapshot()).toBe(before);
  repo.commit('better figures', { [sessionPaths(id).metrics]: '{}\n' });
  const edited = (await repo.ok(['report', id, '--html', '-o', '-'])).out;
  expect(edited).toContain('<strong>Verification failed.</strong>');
  expect(edited).toContain('edited-since');
});

test('of an open session tells how it stands, from its records', async () => {
  const { repo } = approvedRepo();
  const id = await workOn(repo);
  const session = { id };
  const page = async () => (await repo.ok(['report', '--html', '-o', '-'])).out;
  const first = await page();
  expect(first).toContain('<strong>Not approved.</strong>');
  expect(first).toContain('No check was recorded.');
  expect(first).toMatch(/tokens <span class="unknown">not recorded/);
  await record(repo, session, { kind: 'task.finished', data: { task: 'build', status: 'failed', tokens: 4321, note: 'no <key>' } });
  await record(repo, session, { kind: 'closeout.rejected', data: { reasons: [{ text: 'The page has no title.' }] } });
  await repo.ok(['check', 'tests']);
  const second = await page();
  for (const part of ['4321 tokens', 'no &lt;key&gt;', 'class="mark failed"', 'The page has no title.', 'These are the last runs'])
    expect(second).toContain(part);
  expect(second).not.toContain('No check was recorded.');
  expect((await repo.ok(['report'])).out).toContain('- failed: Build the calculator');
});

test('writes where it is told, and over nothing but a report', async () => {
  const { repo } = approvedRepo();
  const id = await workOn(repo);
  expect((await repo.ok(['report', '--html'])).out).toBe(`Written: ${join(repo.dir, '.git/git-session/reports', `${id}.html`)}\n`);
  await repo.ok(['report', '--html']);
  expect(repo.git('status', '--porcelain')).toBe('');
  writeFileSync(join(repo.dir, 'notes.html'), '<p>mine</p>');
  for (const place of ['notes.html', '.']) {
    const refused = await repo.session(['report', '--html', '--output', place]);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('is there already, and is no report.');
  }
  expect(repo.read('notes.html')).toBe('<p>mine</p>');
  expect((await repo.session(['report', '--output', 'x.html'])).code).toBe(2);
  expect((await repo.session(['report', '--html', '-o', '-', '--json'])).code).toBe(2);
  expect(repo.has('x.html')).toBe(false);
});

test('in a clone without tags says that nobody’s approval is shown; in a shallow one refuses', async () => {
  const { repo } = approvedRepo();
  const { id } = await landSession(repo);
  const dir = join(tempDir(), 'clone');
  repo.git('clone', '-q', '--no-tags', `file://${repo.dir}`, dir);
  const page = (await repo.ok(['report', id, '--html', '-o', '-'], { cwd: dir })).out;
  expect(page).toContain('<strong>Not verified.</strong>');
  expect(page).toContain('There is no approval.');
  expect(page).toContain('Build the calculator');
  const shallow = join(tempDir(), 'shallow');
  repo.git('clone', '-q', '--depth', '2', `file://${repo.dir}`, shallow);
  const ran = await repo.session(['report', id, '--html'], { cwd: shallow });
  expect(ran).toMatchObject({ code: 1, out: '' });
  expect(ran.err).toContain(
    `The history of ${id} is not in this clone, which is shallow.\nnext: Deepen it with: git fetch --unshallow --tags`,
  );
});
