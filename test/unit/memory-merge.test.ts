/** Logs as git brings them together: lines in any order, split over any files, repeated, torn, and beside lines of another program. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compactLog } from '../../src/core/log/compact-log.ts';
import { encodeRecord, mergeRecords, parseLog } from '../../src/core/log/log.ts';
import { planFold, withRecords } from '../../src/core/log/plan-fold.ts';
import type { AnyRecord, UnknownRecord } from '../../src/core/log/record.ts';
import { foldMemory, foldMerged } from '../../src/core/memory/memory.ts';
import { DEFAULT_POLICY } from '../../src/core/policy/policy.ts';
import type { SessionId } from '../../src/core/session/session-id.ts';

const SESSION = 'session-20260101-120000-merge-memory' as SessionId;
const START = Date.parse('2026-01-01T12:00:00.000Z');

/** Clocks that stand still, run ahead by years or behind, with equal moments; values, deletions, expiries, claims. */
const record = fc
  .record({
    ms: fc.constantFrom(0, 0, 1, 2, 86_400_000, -86_400_000, 10 * 365 * 86_400_000),
    n: fc.constantFrom(undefined, 1, 2),
    writer: fc.constantFrom('aaaa', 'bbbb', 'cccc'),
    namespace: fc.constantFrom('coordination', 'reasoning-bank'),
    key: fc.constantFrom('k', 'l', '__proto__'),
    what: fc.constantFrom('store', 'store', 'delete', 'expire', 'claim'),
    value: fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value))),
  })
  .map(({ ms, n, writer, namespace, key, what, value }) => ({ ms, n, writer, namespace, key, what, value }));
const history = fc.array(record, { maxLength: 16 }).map((rows) =>
  rows.map(({ ms, n, writer, namespace, key, what, value }, i): AnyRecord => {
    const at = new Date(START + ms).toISOString();
    const base = {
      v: 1 as const,
      id: `${i}.${writer}`,
      at,
      ...(n ? { n } : {}),
      session: SESSION,
      actor: { kind: 'agent' as const, name: writer },
    };
    if (what === 'delete') return { ...base, kind: 'memory.deleted', data: { namespace, key } };
    const extra = what === 'expire' ? { expires_at: START + 1 } : what === 'claim' ? { if_absent: true as const } : {};
    return { ...base, kind: 'memory.stored', data: { namespace, key, value, ...extra } };
  }),
);
const strange = fc.constantFrom(
  '{"v":2,"id":"x","at":"2030-01-01T00:00:00.000Z","session":"s","kind":"memory.stored","more":[1,{"__proto__":2}]}\n',
  `{"v":1,"id":"y","at":"2026-01-01T12:00:00.000Z","session":"${SESSION}","actor":{"kind":"agent","name":"x"},"kind":"memory.pinned","data":{"key":"k"}}\n`,
);

describe('logs brought together', () => {
  test('give the same memory, however their lines were split, ordered, repeated or torn', () => {
    fc.assert(
      fc.property(
        history,
        fc.infiniteStream(fc.nat()),
        fc.array(strange, { maxLength: 3 }),
        fc.nat(3),
        (records, random, others, later) => {
          const next = (n: number) => random.next().value % n;
          const files = Array.from({ length: 1 + next(4) }, () => [] as string[]);
          for (const line of [...records.map(encodeRecord), ...others]) {
            for (let copies = 1 + next(2); copies > 0; copies--) {
              const file = files[next(files.length)] ?? [];
              file.splice(next(file.length + 1), 0, next(5) === 0 ? line.replace('\n', '\r\n') : line);
            }
          }
          const texts = files.map((lines) => lines.join('') + (next(2) === 0 ? '{"v":1,"id":"torn' : ''));
          const parsed = texts.map(parseLog);
          const now = START + later;
          const merged = mergeRecords(...parsed.map((log) => log.records));
          expect(foldMerged(merged, now)).toEqual(foldMemory(records, now));
          expect(new Set(parsed.flatMap((log) => log.unknown.map(({ id }) => id)))).toEqual(
            new Set(others.map((line) => JSON.parse(line).id)),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  test('what another program wrote survives a checkpoint and a seal to the byte', () => {
    fc.assert(
      fc.property(history, fc.array(strange, { minLength: 1, maxLength: 3 }), (records, others) => {
        const journal = parseLog([...records.map(encodeRecord), ...others].join(''));
        const lines = [...journal.records, ...journal.unknown];
        const fold = planFold({ id: SESSION, writer: 'aaaa', files: [], known: new Set(), lines, sealed: false });
        const wanted = journal.unknown.filter(({ session }) => session === SESSION).map((one: UnknownRecord) => encodeRecord(one));
        const sealed = compactLog(withRecords(Buffer.alloc(0), fold?.fresh ?? []).toString(), {
          policy: DEFAULT_POLICY,
          dropped: new Set(),
        });
        for (const line of new Set(wanted)) expect(sealed).toContain(line);
        // And project memory is the same after the seal as before it.
        const project = (list: AnyRecord[]) => foldMemory(list, START).filter(({ namespace }) => namespace === 'reasoning-bank');
        expect(project(parseLog(sealed).records)).toEqual(project(records));
      }),
    );
  });
});
