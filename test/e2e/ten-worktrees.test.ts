/** Ten sessions at once in ten worktrees, each with several agents at once, to the closeout in any order. */

import { expect, test } from 'vitest';
import { makeApprovedRepo } from '../support/approved-repo.ts';
import { TestRepo } from '../support/repo.ts';

const TOPICS = 'login-form search-index mail-queue price-list date-picker image-cache audit-trail user-import rate-limits dark-theme'.split(
  ' ',
);
const TEN = TOPICS.map((_, n) => n);
const AGENTS = ['coder', 'tester', 'writer'];

test('each keeps its own files, tasks and place, and all land', { timeout: 600_000 }, async () => {
  const { repo } = makeApprovedRepo();
  const facts = await Promise.all(TOPICS.map((topic) => repo.json(['start', topic, '--worktree'])));
  const started = facts.map(({ session }) => session);
  const places = facts.map((one) => new TestRepo(one.linked_worktree));
  expect(new Set(places.map(({ dir }) => dir)).size).toBe(10);
  const one = async (n: number, agent: string) => {
    const [place, id] = [places[n] as TestRepo, started[n].id];
    const file = `sessions/${id}/artifacts/docs/${agent}.md`;
    place.write(file, `# ${agent} of ${n}\n`);
    const by = ['--task-id', `task-${agent}`, '--agent', agent];
    await place.ok(['hooks', 'post-edit', '--file', file, ...by]);
    await place.ok(['hooks', 'post-task', '--wait', '--description', `What ${agent} does`, ...by]);
  };
  await Promise.all(TEN.flatMap((n) => AGENTS.map((agent) => one(n, agent))));
  for (const [n, place] of places.entries()) {
    const { id } = started[n];
    expect(place.git('symbolic-ref', '--short', 'HEAD')).toBe(started[n].branch);
    expect(place.git('status', '--porcelain')).toBe('');
    expect(place.git('ls-files', 'sessions/*/artifacts/*').split('\n')).toEqual(
      AGENTS.map((who) => `sessions/${id}/artifacts/docs/${who}.md`),
    );
    const tasks = place.git('log', '--format=%(trailers:key=Session-Task,valueonly,separator=%x2C)', 'main..HEAD');
    expect(tasks.split('\n').filter(Boolean).sort()).toEqual(AGENTS.map((who) => `task-${who}`));
  }
  const landed = [7, 2, 9, 0, 5].map((n) => started[n].id);
  for (const id of landed) await repo.ok(['closeout', id, '--yes']);
  const rest = started.map(({ id }) => id).filter((id) => !landed.includes(id));
  await Promise.all(
    rest.map(async (id) => {
      // Another landing may move base away under this one: that is said with 1, and one of them has landed then.
      for (let tries = 0; tries < rest.length && (await repo.session(['closeout', id, '--yes'])).code !== 0; tries++);
    }),
  );
  expect(repo.git('tag', '--list', 'backup/*').split('\n')).toHaveLength(10);
  expect(repo.git('ls-files', 'sessions/*/artifacts/*').split('\n')).toHaveLength(30);
  expect(repo.git('status', '--porcelain')).toBe('');
  await repo.ok(['verify', '--all']);
});
