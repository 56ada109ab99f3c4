/** Many clients, each with a server of its own, and many shells, at once on one session. */

import { expect, test } from 'vitest';
import { connect } from '../support/mcp.ts';
import { makeRepo } from '../support/repo.ts';
import { startSession } from '../support/started.ts';

const MANY = 32;
const EACH = 5;

test('32 clients and 32 shells write at once: nothing is lost, everyone sees it, and one claim of a key holds', async () => {
  const repo = makeRepo();
  await startSession(repo, 'many-writers');
  const numbers = Array.from({ length: MANY }, (_, i) => i);
  const clients = await Promise.all(numbers.map((i) => connect(repo, { client: { name: `client-${i}`, version: '1' } })));
  const expected = numbers.flatMap((i) => Array.from({ length: EACH }, (_, n) => `client/${i}/${n}`));
  expected.push(...numbers.map((i) => `shell/${i}`), 'claimed');
  const [answers, claims] = await Promise.all([
    Promise.all(
      clients.flatMap(({ call }, i) =>
        Array.from({ length: EACH }, (_, n) => call('memory_usage', { action: 'store', key: `client/${i}/${n}`, value: { i, n } })),
      ),
    ),
    Promise.all(clients.map(({ call }, i) => call('memory_usage', { action: 'store', key: 'claimed', value: i, if_absent: true }))),
    Promise.all(numbers.map((i) => repo.ok(['memory', 'store', `shell/${i}`, String(i)]))),
  ]);
  expect(answers.filter(({ isError }) => isError)).toEqual([]);
  const winners = claims.flatMap(({ isError }, i) => (isError ? [] : [i]));
  expect(winners).toHaveLength(1);
  expected.sort();
  for (const { call } of clients) {
    const { facts } = await call('memory_usage', { action: 'list', limit: 1000 });
    expect(facts.total).toBe(expected.length);
    expect((await call('memory_usage', { action: 'retrieve', key: 'claimed' })).facts.entry).toMatchObject({
      value: winners[0],
      by: `client-${winners[0]}`,
    });
  }
  const { entries } = await repo.json(['memory', 'list', '--limit', '1000']);
  expect(entries.map(({ key }: { key: string }) => key)).toEqual(expected);
});
