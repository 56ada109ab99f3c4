/** The clock of the machine goes back in the middle of a session: nothing is lost or hidden, and no duration is below zero. */

import { expect, test } from 'vitest';
import { makeApprovedRepo } from '../support/approved-repo.ts';
import type { RunOptions } from '../support/repo.ts';

/** An hour ahead, for our processes and for git. */
function ahead(): RunOptions {
  const by = 3_600_000;
  const shifted = `const D = Date; globalThis.Date = class extends D { constructor(...at) { super(...(at.length > 0 ? at : [D.now() + ${by}])); } static now() { return D.now() + ${by}; } };`;
  const date = new Date(Date.now() + by).toISOString();
  return {
    env: {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(shifted)}`,
      GIT_COMMITTER_DATE: date,
      GIT_AUTHOR_DATE: date,
    },
  };
}

test('what is written after the clock went back counts, and the session closes', async () => {
  const { repo } = makeApprovedRepo();
  const { session } = await repo.json(['start', 'clock-back'], ahead());
  expect(Date.parse(session.created_at)).toBeGreaterThan(Date.now() + 3_000_000);
  await repo.ok(['memory', 'store', 'swarm/state', 'before'], ahead());
  await repo.ok(['hooks', 'pre-task', '--task-id', 't1', '--description', 'Before', '--agent', 'coder'], ahead());
  const work = async (task: string, at: RunOptions = {}) => {
    const file = `sessions/${session.id}/artifacts/code/${task}.js`;
    repo.write(file, `export const ${task} = 1;\n`);
    await repo.ok(['hooks', 'post-edit', '--file', file, '--task-id', task], at);
    await repo.ok(['hooks', 'post-task', '--task-id', task, '--status', 'completed', '--wait'], at);
  };
  // Begun ahead, finished after the clock went back; and one wholly after it.
  await work('t1');
  await repo.ok(['hooks', 'pre-task', '--task-id', 't2', '--description', 'After', '--agent', 'coder']);
  await work('t2');
  await repo.ok(['memory', 'store', 'swarm/state', 'after']);
  expect((await repo.ok(['memory', 'get', 'swarm/state'])).out).toBe('after\n');
  const { tasks } = await repo.json(['status']);
  expect(tasks.map(({ task, status }: { task: string; status: string }) => [task, status])).toEqual([
    ['t1', 'completed'],
    ['t2', 'completed'],
  ]);
  expect((await repo.json(['doctor'])).findings).toContainEqual(
    expect.objectContaining({ probe: 'records', what: expect.stringContaining('a time in the future') }),
  );
  await repo.ok(['abandon']);
  await repo.ok(['restore', session.id]);
  await repo.ok(['switch', session.id]);

  // Closed before it began, by this clock: how long it was is not known, and not called 0.
  expect((await repo.ok(['closeout', '--yes'])).out).toContain('Duration: not recorded');
  const backup = JSON.parse(repo.git('show', `main:.swarm/backups/${session.id}.json`));
  const minutes = [
    backup.duration_minutes,
    backup.timings.active_minutes,
    ...backup.agents.map((agent: { duration_minutes: number }) => agent.duration_minutes),
  ];
  expect(minutes[0]).toBeNull();
  expect(minutes.every((value) => value === null || value >= 0)).toBe(true);
  expect(repo.git('show', `main:sessions/${session.id}/artifacts/code/t2.js`)).toBe('export const t2 = 1;');
  await repo.ok(['verify', session.id]);
});
