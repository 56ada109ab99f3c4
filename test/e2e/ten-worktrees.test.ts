/** Ten sessions at once in ten worktrees, each with several agents at once, to the closeout in any order. */

import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeApprovedRepo } from '../support/approved-repo.ts';
import { TestRepo } from '../support/repo.ts';
import { randomOf, SEED } from '../support/soak.ts';

const TOPICS = 'login-form search-index mail-queue price-list date-picker image-cache audit-trail user-import rate-limits dark-theme'.split(
  ' ',
);
const AGENTS = ['coder', 'tester', 'writer'];
const POLICY = 'presence: none\nworktree:\n  copy: [.env]\n';

const random = randomOf(SEED);
const drawn = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
const shuffled = <T>(values: readonly T[]): T[] =>
  values
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);

interface Place {
  id: string;
  branch: string;
  at: TestRepo;
}

/** One agent's task in a session: begun, a file made, remembered for the others, ended with its checkpoint. */
async function work({ id, at }: Place, agent: string): Promise<void> {
  const file = `sessions/${id}/artifacts/docs/${agent}.md`;
  const by = ['--task-id', `task-${agent}`, '--agent', agent];
  await at.ok(['hooks', 'pre-task', '--description', `What ${agent} does`, ...by]);
  at.write(file, `# ${agent} of ${id}\n`);
  await at.ok(['hooks', 'post-edit', '--file', file, '--memory-key', `swarm/${agent}/file`, ...by]);
  await at.ok(['hooks', 'post-task', '--wait', ...by]);
}

const together = (places: readonly Place[]) => Promise.all(places.flatMap((place) => AGENTS.map((agent) => work(place, agent))));

function expectWorkOf({ id, branch, at }: Place): void {
  expect(at.git('symbolic-ref', '--short', 'HEAD')).toBe(branch);
  expect(at.git('status', '--porcelain')).toBe('');
  expect(
    at
      .git('ls-files', 'sessions/*/artifacts/*')
      .split('\n')
      .filter((path) => path.includes(id)),
  ).toEqual(AGENTS.map((who) => `sessions/${id}/artifacts/docs/${who}.md`));
  const tasks = at.git('log', '--format=%(trailers:key=Session-Task,valueonly,separator=%x2C)', 'main..HEAD');
  expect(tasks.split('\n').filter(Boolean).sort()).toEqual(AGENTS.map((who) => `task-${who}`));
}

test(`each keeps its own files, tasks and place, and all land (seed ${SEED})`, { timeout: 600_000 }, async () => {
  const { repo } = makeApprovedRepo(POLICY, { '.gitignore': '.env\n' });
  repo.write('.env', 'TOKEN=1\n');
  const facts = await Promise.all(TOPICS.map((topic) => repo.json(['start', topic, '--worktree'])));
  const places = shuffled(facts.map((one): Place => ({ ...one.session, at: new TestRepo(one.linked_worktree) })));
  expect(new Set(places.map(({ at }) => at.dir)).size).toBe(10);
  const [early, late] = [places.slice(0, 5), places.slice(5)];

  // Fifteen agents at once; then five sessions land one after the other while the other fifteen are at work.
  await together(early);
  early.forEach(expectWorkOf);
  const oneByOne = async () => {
    for (const place of shuffled(early)) await drawn([repo, place.at]).ok(['closeout', place.id, '--yes']);
  };
  await Promise.all([oneByOne(), together(late)]);
  late.forEach(expectWorkOf);

  // The rest at once, from here and there. A person has left something in one of their worktrees.
  late[0]?.at.write('mine.txt', 'mine\n');
  await Promise.all(
    shuffled(late).map(async ({ id, at }, n) => {
      const from = n % 2 === 0 ? repo : at;
      // Another landing may move base away under this one: that is said with 1, and one of them has landed then.
      for (let tries = 0; tries < late.length && (await from.session(['closeout', id, '--yes'])).code !== 0; tries++);
    }),
  );

  expect(repo.git('tag', '--list', 'backup/*').split('\n').sort()).toEqual(places.map(({ id }) => `backup/${id}`).sort());
  expect(repo.git('branch', '--list', 'session/*')).toBe('');
  for (const { id } of places)
    expect(repo.git('ls-files', `sessions/${id}/artifacts`).split('\n')).toEqual(
      AGENTS.map((who) => `sessions/${id}/artifacts/docs/${who}.md`),
    );
  expect(repo.git('status', '--porcelain')).toBe('');
  expect(places.filter(({ at }) => existsSync(at.dir)).map(({ at }) => at.dir)).toEqual([late[0]?.at.dir]);
  expect(late[0]?.at.read('mine.txt')).toBe('mine\n');
  expect(repo.git('for-each-ref', 'refs/git-session/trash/')).toBe('');
  await repo.ok(['verify', '--all']);
});
