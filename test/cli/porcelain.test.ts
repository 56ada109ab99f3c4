/** `--porcelain` says what --json says, in lines that docs/porcelain.md names; hostile texts break no line. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeApprovedRepo, makeSession } from '../support/approved-repo.ts';
import { ROOT } from '../support/repo.ts';

const KEYS = new Set([...readFileSync(join(ROOT, 'docs/porcelain.md'), 'utf8').matchAll(/`([a-z-]+)(?: [^`]*)?`/g)].map(([, key]) => key));

test('status and list in lines', async () => {
  const { repo } = makeApprovedRepo();
  await repo.ok(['start', 'older', '--goal', 'say "hi"\u202e']);
  repo.git('switch', '-q', 'main');
  const id = await makeSession(repo);
  repo.write('a\tb.txt', 'x');
  const status = (await repo.ok(['status', '--porcelain'])).out;
  const facts = await repo.json(['status']);
  expect(status).toContain(`version 1\ninitialised yes\nhooks absent\nqueued 0\nuncommitted untracked "a\\tb.txt"\n\nsession ${id}\n`);
  expect(status).toContain(`\nahead ${facts.base.ahead}\nbehind 0\n`);
  expect(status).toContain('\ntask completed task-1\n');
  expect(status.match(/^artifact /gm)).toHaveLength(facts.artifacts.length);
  const list = (await repo.ok(['list', '--porcelain'])).out;
  // Of two that began in one second either may come first.
  const blocks = list.split('\n\n');
  expect([blocks[0], blocks[3]]).toEqual(['version 1', '']);
  const first = blocks.find((block) => block.startsWith(`session ${id}`));
  expect(first?.split('\n')).toEqual([
    `session ${id}`,
    'state active',
    `branch ${facts.session.branch}`,
    'base main',
    `tip ${facts.session.tip}`,
    `created ${facts.session.created_at}`,
    `worktree ${repo.git('rev-parse', '--show-toplevel')}`,
    'topic login-form',
    'goal People can log in with a password',
    'changed 0',
    'untracked 1',
    expect.stringMatching(/^disk \d+$/),
    'here',
  ]);
  expect(list).toContain(String.raw`goal "say \"hi\"\u202e"`);
  for (const line of `${status}${list}`.split('\n').filter(Boolean)) expect(KEYS, line).toContain(line.split(' ')[0]);
  // Outside a session the open ones follow.
  repo.git('switch', '-q', 'main');
  expect((await repo.ok(['status', '--porcelain'])).out.match(/^session /gm)).toHaveLength(2);
});
