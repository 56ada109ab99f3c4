/** Records kept while checkpoints fold them, and while a person moves the branch back: what was acknowledged is in the log in the end. */

import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { drain, requestCheckpoint } from '../../src/lifecycle/checkpoint/checkpoint.ts';
import { logAt } from '../../src/lifecycle/session/records.ts';
import { expectNothingLeft } from '../support/left-behind.ts';
import { makeRepo, run } from '../support/repo.ts';
import { randomOf, SEED, SOAKING, soakSeconds } from '../support/soak.ts';
import { startWork } from '../support/work.ts';
import { bundleWorker, startWorker } from '../support/workers.ts';

const WRITERS = 32;
const EACH = SOAKING ? soakSeconds(0) * 3 : 40;

test(`${WRITERS} writers and checkpoints at once, the branch reset in between: every acknowledged record is in the log (seed ${SEED})`, async () => {
  const random = randomOf(SEED);
  const repo = makeRepo({ files: { 'mine.txt': 'one\n' } });
  const work = await startWork(repo);
  const start = repo.git('rev-parse', 'HEAD');
  const program = await bundleWorker('fold-worker');
  const writers = Array.from({ length: WRITERS }, (_, n) => startWorker(program, [repo.dir, `w${n}`, String(EACH)]));
  let running = true;
  const all = Promise.all(writers.map((writer) => writer.ended)).finally(() => {
    running = false;
  });
  let resets = 0;
  while (running) {
    await pause(100 + random() * 400);
    if (repo.git('rev-parse', work.ref) === start) continue;
    // As a person does it, who may find the index taken for a moment.
    const to = random() < 0.5 ? start : `${work.ref}~1`;
    if ((await run('git', ['reset', '-q', '--hard', to], { cwd: repo.dir })).code === 0) resets++;
  }
  const ended = await all;
  expect(ended.filter(({ code }) => code !== 0)).toEqual([]);
  expect(resets).toBeGreaterThan(0);
  await drain(work.repo, { wait: true });
  await requestCheckpoint(work.repo, await work.now(), { files: [], event: 'checkpoint', wait: true });
  const { parsed } = await logAt(work.repo, work.ref, work.id);
  const kept = parsed.records.flatMap((record) => (record.kind === 'memory.stored' ? [record.data.key] : []));
  const acknowledged = ended.flatMap(({ out }) => out.split('\n').filter(Boolean));
  expect(acknowledged).toHaveLength(WRITERS * EACH);
  expect(kept.sort()).toEqual(acknowledged.sort());
  expect([parsed.bad.length, parsed.unknown.length]).toEqual([0, 0]);
  expect(repo.git('status', '--porcelain')).toBe('');
  expectNothingLeft(repo);
  console.log(`seed ${SEED}: ${acknowledged.length} acknowledged, ${resets} resets`);
});
