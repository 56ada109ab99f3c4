/** Memory out of one session and into another: nothing lost, nothing twice, nothing half; and what became of a key. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { schema as historySchema } from '../../src/cli/schemas/memory-history.ts';
import { schema as importSchema } from '../../src/cli/schemas/memory-import.ts';
import { schema as statsSchema } from '../../src/cli/schemas/memory-stats.ts';
import { approvedRepo, landSession } from '../support/landed.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';

const LARGE = 'Größe \u202e "q" '.repeat(8000);

async function source(): Promise<{ repo: TestRepo; lines: string; id: string }> {
  const repo = makeRepo();
  await repo.ok(['start', 'where-it-comes-from']);
  await repo.ok([
    'memory',
    'store',
    'a',
    '{"x":[1,"\\u0000"],"__proto__":{"y":1}}',
    '--agent',
    'coder',
    '--task',
    't-1',
    '--tags',
    'one,two',
  ]);
  await repo.ok(['memory', 'store', 'pattern/p/q', 'text', '--ttl', '1h']);
  await repo.ok(['memory', 'store', 'large', '--stdin'], { input: LARGE });
  const lines = (await repo.ok(['memory', 'export'])).out;
  return { repo, lines, id: `session-${repo.git('branch', '--show-current').slice('session/'.length)}` };
}

describe('export and import', () => {
  test('lossless and idempotent: what was imported is exported as it came, and comes in once', async () => {
    const { lines, id } = await source();
    const there = makeRepo();
    await there.ok(['start', 'where-it-goes-to']);
    const first = importSchema.parse(await there.json(['memory', 'import', '-', '--agent', 'mover'], { input: lines }));
    expect(first).toMatchObject({ added: 3, already_here: 0, older: 0, expired: 0 });
    expect((await there.ok(['memory', 'export'])).out).toBe(lines);
    expect(await there.json(['memory', 'import', '-'], { input: `${lines}\n${lines}` })).toMatchObject({ added: 0, already_here: 3 });
    const got = await there.json(['memory', 'get', 'a']);
    expect(got).toMatchObject({ by: { name: 'mover' }, task: 't-1', origin: { session: id, by: { kind: 'agent', name: 'coder' } } });
    expect(got.session).not.toBe(id);
    expect((await there.ok(['memory', 'get', 'large'])).out).toBe(`${LARGE}\n`);
    expect((await there.ok(['memory', 'list'])).out).toMatch(/a {2}\{"x".*coder, now, imported/);
    // A later change here stays, and so does a deletion.
    await there.ok(['memory', 'store', 'b', 'here']);
    await there.ok(['memory', 'delete', 'a']);
    const older = lines.replaceAll('"key":"large"', '"key":"b"').replaceAll(/"record":"/g, '"record":"x');
    expect(await there.json(['memory', 'import', '-'], { input: older })).toMatchObject({ added: 1, older: 1, deleted: 1 });
    expect((await there.ok(['memory', 'get', 'b'])).out).toBe('here\n');
    expect((await there.session(['memory', 'get', 'a'])).code).toBe(1);
    // Deleted since: said, and brought back on request, once.
    expect((await there.ok(['memory', 'import', '-'], { input: lines })).out).toBe(
      'Imported 0 entries\n  here already: 2\n  deleted here since: 1 (--restore brings them back)\n',
    );
    const restored = await there.json(['memory', 'import', '-', '--restore'], { input: lines });
    expect(restored).toMatchObject({ added: 1, already_here: 2, older: 0, deleted: 0 });
    expect((await there.ok(['memory', 'get', 'a'])).out).toContain('"x"');
    expect(await there.json(['memory', 'import', '-', '--restore'], { input: lines })).toMatchObject({ added: 0, already_here: 3 });
  });

  test('one bad line, and nothing is imported; each is named by its number', async () => {
    const { lines } = await source();
    const [one = ''] = lines.split('\n');
    const row = (change: object) => JSON.stringify({ ...JSON.parse(one), record: `r${Math.random()}`, ...change });
    const token = ['gh', 'p_', 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8'].join('');
    const bad: [string | Buffer, RegExp][] = [
      ['{"v":1', /line 3: is no JSON object/],
      ['[]', /is no JSON object/],
      [row({ v: 2 }), /version/],
      [row({ more: 1 }), /should not have: more/],
      [row({ value: undefined }), /has no value/],
      [row({ key: '../../etc/passwd' }), /place that cannot be/],
      [row({ key: 'a\u001b[31m' }), /place that cannot be/],
      [row({ namespace: 'a b' }), /place that cannot be/],
      [row({ by: { kind: 'root', name: 'x' } }), /who stored it/],
      [row({ at: 'yesterday' }), /no time/],
      [row({ session: 'nothing' }), /session/],
      [row({ tags: ['a\nb'] }), /tags/],
      [row({ value: token }), /looks like a secret \(rule github\)/],
      [row({ value: 'x'.repeat(2 << 20) }), /too large for memory/],
      [`${row({}).slice(0, -1)},"value":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, /nested more than 100 deep/],
      [row({ record: JSON.parse(one).record, value: 'other' }), /has the record of line 1 with other content/],
      [Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), /is not UTF-8 text/],
    ];
    const there = makeRepo();
    await there.ok(['start', 'where-it-goes-to']);
    const file = join(there.dir, '.git', 'import.jsonl');
    for (const [line, words] of bad) {
      writeFileSync(file, Buffer.concat([Buffer.from(`${one}\n\n`), Buffer.from(line as string), Buffer.from(`\n${lines}`)]));
      const ran = await there.session(['memory', 'import', file]);
      expect([ran.code, ran.err, ran.out]).toEqual([1, expect.stringMatching(words), '']);
      expect(ran.err).toContain('line 3: ');
      expect(ran.err).not.toContain(token);
    }
    expect((await there.json(['memory', 'list'])).total).toBe(0);
    expect((await there.json(['memory', 'stats'])).namespaces).toEqual([]);
  });
});

describe('the history of a key', () => {
  test('who wrote what when, for which task; deletions, expiries and late claims', async () => {
    const repo = makeRepo();
    await repo.ok(['start', 'look-back-at-keys']);
    await repo.ok(['memory', 'store', 'k', 'one', '--agent', 'coder', '--task', 't-1']);
    await repo.ok(['memory', 'store', 'k', '{"two":2}', '--agent', 'tester', '--ttl', '0.001']);
    await repo.ok(['memory', 'store', 'k', 'three', '--if-absent', '--agent', 'coder']);
    await repo.ok(['memory', 'delete', 'k', '--agent', 'boss']);
    const { events } = historySchema.parse(await repo.json(['memory', 'history', 'k']));
    expect(events.map(({ what, by, value, current }) => [what, by.name, value, current])).toEqual([
      ['deleted', 'boss', null, false],
      ['stored', 'coder', 'three', false],
      ['expired', 'tester', { two: 2 }, false],
      ['stored', 'tester', { two: 2 }, false],
      ['stored', 'coder', 'one', false],
    ]);
    expect(events.at(-1)).toMatchObject({ task: 't-1' });
    expect((await repo.ok(['memory', 'history', 'k'])).out).toMatch(
      /deleted by boss\n.*stored by coder\n {4}three\n.*expired\n.*stored by tester\n/,
    );
    expect(await repo.session(['memory', 'history', 'never'])).toMatchObject({ code: 1, err: expect.stringContaining('there never was') });
  });

  test('of a closed session: what left its tip, too; and the numbers of the project', async () => {
    const { repo } = approvedRepo();
    const { id } = await landSession(repo);
    const { events } = historySchema.parse(await repo.json(['memory', 'history', 'phase', '--session', id]));
    expect(events).toMatchObject([{ what: 'stored', value: 'implementation', current: true, session: id }]);
    const stats = statsSchema.parse(await repo.json(['memory', 'stats']));
    expect(stats.namespaces).toMatchObject([
      { namespace: 'reasoning-bank', scope: 'project', keys: 2, own: 0, writers: ['backend-dev', 'git-session'] },
    ]);
  });
});
