import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareRecords, nextTime } from '../../src/core/log/clock.ts';
import { encodeRecord, mergeRecords, parseLog } from '../../src/core/log/log.ts';
import type { AnyRecord } from '../../src/core/log/record.ts';
import { makeRecordId } from '../../src/core/log/record-id.ts';
import { asSessionId, type SessionId } from '../../src/core/session/session-id.ts';

const ID = asSessionId('session-20251117-143022-auth-system') as SessionId;

const record = (id: string, value: unknown = 1, at = '2025-11-17T14:30:22.000Z'): AnyRecord => ({
  v: 1,
  id,
  at,
  session: ID,
  actor: { kind: 'agent', name: 'coder' },
  kind: 'memory.stored',
  data: { namespace: 'coordination', key: 'k', value },
});

/** JSON of every shape, with text that tries to look like a record or to end a line. */
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('{"v":1,"id":"x"}', '\n{"v":1,', '\r\n', '\u2028'),
    fc.record({ v: fc.constant(1), id: fc.string(), at: fc.constant('2025-01-01T00:00:00.000Z'), in: tie('value') }),
  ),
})).value;

const ids = (text: string) => parseLog(text).records.map((r) => r.id);

describe('lines', () => {
  test('any value comes back as it went in, one line each', () => {
    fc.assert(
      fc.property(fc.array(json, { maxLength: 5 }), (values) => {
        const records = values.map((value, n) => record(`r${n}`, JSON.parse(JSON.stringify(value ?? null))));
        const text = records.map(encodeRecord).join('');
        expect(text.split('\n')).toHaveLength(records.length + 1);
        expect(parseLog(text)).toEqual({ records, unknown: [], bad: [], torn: false });
      }),
    );
  });

  test('a cut at any byte loses only the line it cuts, and so does a line torn in the middle of a file', () => {
    fc.assert(
      fc.property(fc.array(json, { minLength: 1, maxLength: 4 }), fc.nat(), (values, at) => {
        const lines = values.map((value, n) => encodeRecord(record(`r${n}`, value ?? null)));
        const bytes = Buffer.from(lines.join(''));
        const cut = bytes.subarray(0, at % bytes.length);
        const whole = cut.toString('latin1').split('\n').length - 1;
        const found = ids(cut.toString('utf8'));
        expect(found.slice(0, whole)).toEqual(values.slice(0, whole).map((_, n) => `r${n}`));
        // The next writer begins a new line, or, where it looked before the kill, appends to the torn one.
        for (const joint of ['\n', '']) {
          const text = Buffer.concat([cut, Buffer.from(joint + encodeRecord(record('next')))]).toString('utf8');
          expect(ids(text)).toContain('next');
        }
      }),
    );
  });

  test('CRLF, empty lines and a missing last newline change nothing', () => {
    const lines = [record('a'), record('b')].map(encodeRecord);
    expect(ids(lines.join('').replaceAll('\n', '\r\n'))).toEqual(['a', 'b']);
    expect(ids(`\n\n${lines.join('\n')}`.trim())).toEqual(['a', 'b']);
  });

  test('what is no record is counted, and kept apart from what another version wrote', () => {
    const { id, ...nameless } = record('a');
    const text = [
      encodeRecord({ ...record('u'), kind: 'dream.dreamt' } as never),
      encodeRecord({ ...record('w'), v: 2 } as never),
      `${JSON.stringify(nameless)}\n`,
      encodeRecord({ ...record('p'), data: { namespace: 1 } } as never),
      encodeRecord({ ...record('s'), session: 'nonsense' } as never),
      ...['2026-99-99T99:99:99.999Z', '2026-00-10T00:00:00.000Z'].map((at) => encodeRecord({ ...record('t'), at })),
      ...[1e300, -1, 8.64e15].map((expires_at) =>
        encodeRecord({ ...record('e'), data: { namespace: 'n', key: 'k', value: 1, expires_at } } as never),
      ),
      '<<<<<<< HEAD\n',
      encodeRecord(record(id)),
    ].join('');
    const parsed = parseLog(text);
    expect(parsed.unknown.map((r) => r.id)).toEqual(['u', 'w']);
    expect(parsed.bad.map((b) => b.line)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(parsed.records.map((r) => r.id)).toEqual(['a']);
  });

  test('a hostile line of many false beginnings is read in time', () => {
    const started = performance.now();
    expect(parseLog(`${'{"v":1,'.repeat(200_000)}\n`).bad).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('merging', () => {
  const someRecords = fc.array(
    fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), ms: fc.nat(3), n: fc.nat(2), value: fc.nat(2) }).map(({ id, ms, n, value }) => ({
      ...record(id, value, new Date(ms).toISOString()),
      n,
    })),
    { maxLength: 12 },
  );

  test('order, duplication and split of the lists do not matter', () => {
    fc.assert(
      fc.property(someRecords, fc.nat(), fc.infiniteStream(fc.nat()), (records, at, random) => {
        const shuffled = [...records, ...records.slice(at % (records.length + 1))].sort(() => (random.next().value % 3) - 1);
        const cut = at % (shuffled.length + 1);
        expect(mergeRecords(shuffled.slice(cut), shuffled.slice(0, cut))).toEqual(mergeRecords(records));
      }),
    );
  });

  test('each id once, in order', () => {
    fc.assert(
      fc.property(someRecords, (records) => {
        const merged = mergeRecords(records);
        expect(new Set(merged.map((r) => r.id)).size).toBe(merged.length);
        for (let i = 1; i < merged.length; i++) expect(compareRecords(merged[i - 1] as AnyRecord, merged[i] as AnyRecord)).toBeLessThan(0);
      }),
    );
  });
});

test('time goes on also where the clock does not', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5)), (clock) => {
      let seen: { ms: number; n: number } | null = null;
      for (const now of clock) {
        const next = nextTime(now, seen);
        if (seen) expect(next.ms > seen.ms || (next.ms === seen.ms && next.n > seen.n)).toBe(true);
        expect(next.ms).toBeGreaterThanOrEqual(now);
        seen = next;
      }
    }),
  );
});

test('ids of one process sort by time and then by sequence', () => {
  const make = (ms: number, seq: number) => makeRecordId({ ms, writer: 'w1', pid: 4_194_304, seq, salt: 7 });
  const inOrder = [
    make(0, 0),
    make(1_763_389_822_000, 0),
    make(1_763_389_822_000, 35),
    make(1_763_389_822_000, 36),
    make(1_763_389_822_001, 0),
  ];
  expect([...inOrder].sort()).toEqual(inOrder);
});
