/** One check of a prepared review, run once more. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { prepare } from '../../src/closeout/prepare/prepare.ts';
import { rerunCheck } from '../../src/closeout/prepare/rerun.ts';
import { verifySession } from '../../src/closeout/verify/index.ts';
import { approvedRepo, closeSession, workOn } from '../support/landed.ts';
import { tempDir } from '../support/repo.ts';
import { reload } from '../support/started.ts';

const policyOf = (flag: string) =>
  `checks:\n  list:\n    - { name: steady, run: "echo steady" }\n    - { name: flaky, run: "test -e '${flag}'" }\n`;

test('its new result stands in the review, says that it failed before, and verifies', async () => {
  const flag = join(tempDir(), 'flag');
  const { repo } = approvedRepo({ policy: policyOf(flag) });
  const id = await workOn(repo);
  const open = await repo.open();
  const first = await prepare(open, await reload(repo, { id }));
  const of = (prepared: typeof first, name: string) => prepared.checks.find((check) => check.name === name);
  expect(of(first, 'flaky')).toMatchObject({ status: 'failed', exit_code: 1 });

  const still = await rerunCheck(open, first, 'flaky');
  expect(of(still, 'flaky')).toMatchObject({ status: 'failed', detail: 'Exit 1.' });

  writeFileSync(flag, '');
  const phases: string[] = [];
  const next = await rerunCheck(open, still, 'flaky', { onCheck: (event) => phases.push(event.phase) });
  expect(phases).toEqual(['planned', 'started', 'finished']);
  expect(of(next, 'flaky')).toMatchObject({
    status: 'passed',
    detail: 'Exit 0. An earlier run on this tree did not pass.',
    tree: first.tree,
  });
  expect(of(next, 'steady')).toBe(of(first, 'steady'));
  expect(next.content.facts.checks).toEqual(next.checks);
  expect(next.outputs.has('flaky')).toBe(false);
  expect(next.digest).not.toBe(first.digest);
  const again = await rerunCheck(open, next, 'flaky');
  expect(of(again, 'flaky')?.detail).toBe('Exit 0. An earlier run on this tree did not pass.');

  expect(again.digest).toBe(next.digest);
});

test('an approval rests on the results as they stood when it was given, and verifies', async () => {
  const flag = join(tempDir(), 'flag');
  const { repo } = approvedRepo({ policy: policyOf(flag) });
  const id = await workOn(repo);
  const open = await repo.open();
  const landed = await closeSession(repo, id, async (prepared) => {
    writeFileSync(flag, '');
    return { verdict: 'approve', dropped: new Set(), accepted: [], prepared: await rerunCheck(open, prepared, 'flaky') };
  });
  expect(repo.git('cat-file', 'tag', landed.tagOid)).toContain('An earlier run on this tree did not pass.');
  expect(repo.git('log', '-1', '--format=%s', landed.merge)).toContain('checks ');
  expect((await verifySession(open, landed.id)).findings.map(({ code }) => code)).toEqual(['unattended']);
});

test('one that is ended leaves the review as it was; one that is not there is a mistake of ours', async () => {
  const { repo } = approvedRepo({ policy: policyOf(join(tempDir(), 'flag')) });
  const id = await workOn(repo);
  const open = await repo.open();
  const first = await prepare(open, await reload(repo, { id }));
  const kept = structuredClone(first.checks);
  await expect(rerunCheck(open, first, 'flaky', { signal: AbortSignal.abort(new Error('left')) })).rejects.toThrow('left');
  expect(first.checks).toEqual(kept);
  await expect(rerunCheck(open, first, 'nope')).rejects.toThrow(TypeError);
});
