/** Deep JSON meets no recursion, and a value that is missing or changed is named by the audit. */

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../src/core/closeout/manifest.ts';
import type { Backup } from '../../src/core/documents/backup.ts';
import type { Metrics } from '../../src/core/documents/metrics.ts';
import { parseLog } from '../../src/core/log/log.ts';
import type { AnyRecord } from '../../src/core/log/record.ts';
import { DEFAULT_POLICY } from '../../src/core/policy/policy.ts';
import type { SessionId } from '../../src/core/session/session-id.ts';
import { isDeeper } from '../../src/core/text/json.ts';
import { judgeRecords } from '../../src/core/verify/records.ts';

const SESSION = 'session-20260101-120000-large-values' as SessionId;
const AT = '2026-01-01T12:00:01.000Z';

describe('depth', () => {
  const depthOf = (value: unknown): number =>
    typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

  test('is that of the value, whatever its strings hold', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: fc.constantFrom('[', '{', '"', '\\', 'a', ']') }), fc.nat(8), (value, most) => {
        // Padded, since a short text is told by its length.
        const text = JSON.stringify([value, 'x'.repeat(40)]);
        expect(isDeeper(text, most)).toBe(depthOf([value]) > most);
      }),
      { numRuns: 500 },
    );
  });

  test('a line that is too deep is bad, and the next one is read', () => {
    const line = (value: string) =>
      `{"v":1,"id":"a","at":"${AT}","session":"${SESSION}","actor":{"kind":"agent","name":"x"},"kind":"memory.stored","data":{"namespace":"coordination","key":"k","value":${value}}}\n`;
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    const { records, bad } = parseLog(line(deep) + line('[1]') + line(`${'['.repeat(100)}${']'.repeat(100)}`));
    expect([bad.map(({ line: n }) => n), records.map((record) => record.kind)]).toEqual([[1], ['memory.stored', 'memory.stored']]);
  });
});

describe('the audit of large values', () => {
  const text = '"long"\n';
  const sha256 = createHash('sha256').update(text).digest('hex');
  const record = (id: string, namespace: string): AnyRecord => ({
    ...{ v: 1, id, at: AT, session: SESSION, actor: { kind: 'agent', name: 'x' }, kind: 'memory.stored' },
    data: { namespace, key: 'k', blob: { sha256, bytes: text.length } },
  });
  const kept = record('a', 'reasoning-bank');
  const judge = (value: unknown, seal: string[], tip: string[]) => {
    const memory_snapshot = { 'reasoning-bank': [{ key: 'k', value, at: AT, by: 'x', task: null, tags: [] }] };
    const there = (list: string[]) => new Map(list.map((sha) => [sha, text]));
    return judgeRecords({
      manifest: {
        session: SESSION,
        tip: 't',
        closed_at: '2026-01-01T13:00:00.000Z',
        patterns: { kept: [], dropped: [] },
      } as unknown as Manifest,
      ...{ records: [kept], before: [kept, record('b', 'coordination')], bad: 0, policy: DEFAULT_POLICY },
      metrics: { tasks: [] } as unknown as Metrics,
      backup: { memory_snapshot, dropped_patterns: [], timings: { tasks: [] } } as unknown as Backup,
      values: { seal: there(seal), tip: there(tip) },
    }).map(({ level, code }) => `${level} ${code}`);
  };

  test('all there and equal: nothing to say', () => expect(judge('long', [sha256], [sha256])).toEqual([]));
  test('missing from what landed', () => expect(judge('long', [], [sha256])).toEqual(['failed value']));
  test('missing from what left the tip', () => expect(judge('long', [sha256], [])).toEqual(['note value-left']));
  test('another one in the snapshot', () => expect(judge('short', [sha256], [sha256])).toEqual(['failed memory']));
});
