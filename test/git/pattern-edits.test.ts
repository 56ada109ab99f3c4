/** A pattern that the person edited at the closeout: it lands as their own record, audited like the rest. */

import { expect, test } from 'vitest';
import { verifySession } from '../../src/closeout/verify/index.ts';
import { readFields } from '../../src/core/pattern/pattern.ts';
import { readBank } from '../../src/lifecycle/patterns/bank.ts';
import { appendRecord } from '../../src/store/journal.ts';
import { approvedRepo, closeSession, workOn } from '../support/landed.ts';
import { DEV } from '../support/work.ts';

const KEY = 'pattern/calculator-app/pure-functions';
const DANA = { kind: 'person', name: 'Dana' } as const;
const edit = (key: string, value: object) => ({
  ...{ verdict: 'approve' as const, dropped: new Set<string>(), accepted: [] },
  edited: { by: DANA, patterns: new Map([[key, readFields(value, key)]]) },
});

test('lands with the person’s words and name, also where another clone’s clock was ahead', async () => {
  const { repo } = approvedRepo();
  const id = await workOn(repo);
  const git = await repo.open();
  const ahead = { id: 'ahead.0', ms: Date.now() + 3_600_000 };
  const value = { approach: 'from the future' };
  appendRecord(git.commonDir, id, { kind: 'memory.stored', actor: DEV, data: { namespace: 'reasoning-bank', key: KEY, value } }, ahead);
  const landed = await closeSession(repo, id, async () => edit(KEY, { pattern_id: 'pure', approach: 'Pure functions, tested by tables' }));
  const { patterns } = await readBank(git, { commit: 'HEAD' });
  expect(patterns).toMatchObject([{ id: 'pure', approach: 'Pure functions, tested by tables', by: DANA }]);
  const backup = JSON.parse(repo.read(`.swarm/backups/${id}.json`));
  expect(backup.learned_patterns).toMatchObject([{ key: KEY, change: 'new', edited: true }]);
  expect(repo.git('log', '-1', '--format=%B', landed.merge)).toContain(`- ${KEY}, edited by the approver`);
  expect(repo.git('cat-file', 'tag', landed.tag)).toContain(`"edited":["${KEY}"]`);
  expect(await verifySession(git, id)).toMatchObject({ verdict: 'verified' });
  // The next session may change and delete it, although its clock is behind what landed.
  await repo.ok(['start', 'next-session']);
  await repo.ok(['memory', 'store', '--namespace', 'reasoning-bank', KEY, '{"pattern_id": "pure", "approach": "Stored since"}']);
  expect(await repo.json(['memory', 'get', KEY])).toMatchObject({ value: { approach: 'Stored since' } });
  await repo.ok(['pattern', 'record', '--id', 'pure', '--approach', 'Changed since']);
  expect(await repo.json(['memory', 'get', KEY])).toMatchObject({ value: { approach: 'Changed since' } });
  await repo.ok(['memory', 'delete', KEY]);
  expect((await repo.session(['memory', 'get', KEY])).code).toBe(1);
});

test('is refused where it holds a secret or is no proposal, and nothing has changed', async () => {
  const { repo } = approvedRepo();
  const id = await workOn(repo);
  const before = repo.git('for-each-ref', 'refs/heads/main', 'refs/tags');
  const secret = edit(KEY, { approach: `token = ghp_${'a1B2c3D4e5'.repeat(3)}F6g7H8` });
  await expect(closeSession(repo, id, async () => secret)).rejects.toThrow('looks like a secret');
  await expect(closeSession(repo, id, async () => edit('pattern/other', { approach: 'x' }))).rejects.toThrow('proposes no pattern');
  expect(repo.git('for-each-ref', 'refs/heads/main', 'refs/tags')).toBe(before);
});
