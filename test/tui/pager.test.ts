/** Pagers and progress at a real terminal: as git has it, and never elsewhere. */

import { expect, test } from 'vitest';
import { makeApprovedRepo, makeSession } from '../support/approved-repo.ts';
import { atTerminal } from '../support/pty.ts';

const ended = async (terminal: ReturnType<typeof atTerminal>) => ({ code: await terminal.exit, text: terminal.text() });

test('show goes through the pager that git would use; --no-pager, cat, --json and a pipe do without', async () => {
  const { repo } = makeApprovedRepo();
  const id = await makeSession(repo);
  const pager = "sed 's/^/| /'";
  repo.git('config', 'core.pager', pager);
  const through = await ended(atTerminal(repo.dir, ['show']));
  expect(through.code).toBe(0);
  expect(through.text).toMatch(new RegExp(`^\\| ${id}`, 'm'));
  for (const [args, env] of [
    [['show', '--no-pager'], {}],
    [['show'], { GIT_PAGER: 'cat' }],
    [['show', '--json'], {}],
    // No such program: what there is to read is printed all the same.
    [['show'], { GIT_PAGER: 'no-such-pager' }],
  ] as const) {
    const plain = await ended(atTerminal(repo.dir, [...args], env));
    expect(plain.code, args.join(' ')).toBe(0);
    expect(plain.text).toContain(id);
    expect(plain.text).not.toContain(`| ${id}`);
  }
  expect((await repo.ok(['show'])).out).toMatch(new RegExp(`^${id}`));
  // Left early: no error.
  expect((await ended(atTerminal(repo.dir, ['show'], { GIT_PAGER: 'head -1' }))).code).toBe(0);
});
