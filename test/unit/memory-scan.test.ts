import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeRecord, mergeRecords, parseLog } from '../../src/core/log/log.ts';
import type { AnyRecord } from '../../src/core/log/record.ts';
import { ALL, MemoryIndex } from '../../src/core/memory/index.ts';
import { foldMemory, type MemoryEntry, valueText } from '../../src/core/memory/memory.ts';
import { compareLines, entryOfLine, scanMemory, searchTextOf } from '../../src/core/memory/scan.ts';
import { rankBest } from '../../src/core/memory/search.ts';
import { termsOf } from '../../src/core/memory/search-words.ts';

const SESSION = 'session-20260101-120000-scan-memory';
const NOW = Date.parse('2026-01-02T00:00:00.000Z');

const word = fc.constantFrom('parser', 'parsre', 'cache', 'a "quoted" word', 'größe', 'line\nbreak', 'back\\slash', '', 'Cached parsers');
const record = fc
  .record({
    id: fc.integer({ min: 0, max: 12 }).map((n) => `r${String(n).padStart(2, '0')}`),
    at: fc.integer({ min: 0, max: 5 }).map((n) => new Date(Date.parse('2026-01-01T12:00:00.000Z') + n).toISOString()),
    n: fc.constantFrom(undefined, 1, 2),
    session: fc.constantFrom(SESSION, SESSION, SESSION, 'session-20260101-130000-another-one'),
    actor: fc.constantFrom({ kind: 'agent', name: 'coder' }, { kind: 'subagent', name: 'a"b', id: 'x' }, { kind: 'robot', name: 'no' }),
    kind: fc.constantFrom('memory.stored', 'memory.stored', 'memory.stored', 'memory.deleted', 'pattern.used'),
    namespace: fc.constantFrom('coordination', 'reasoning-bank'),
    key: fc.constantFrom('k1', 'k2', 'pattern/größe', 'a\\b'),
    value: fc.oneof(word, fc.constant(null), fc.constant(3), fc.constant({ parser: ['cache', 1] })),
    extra: fc.constantFrom(
      {},
      {},
      { task: 't1' },
      { tags: ['cache'] },
      { if_absent: true },
      { expires_at: NOW - 1 },
      { expires_at: NOW + 1 },
    ),
  })
  .map(({ kind, namespace, key, value, extra, n, ...rest }) => {
    const data = kind === 'memory.stored' ? { namespace, key, value, ...extra } : { namespace, key };
    return { v: 1, ...rest, ...(n ? { n } : {}), kind, data } as unknown as AnyRecord;
  });
const line = fc.oneof(
  { weight: 8, arbitrary: record.map(encodeRecord) },
  { weight: 1, arbitrary: fc.tuple(record, fc.nat(200)).map(([one, cut]) => encodeRecord(one).slice(0, cut)) },
  { weight: 1, arbitrary: fc.constantFrom('\r\n', 'rubbish\n', '\n', '{"v":1,"id":"x"}\n') },
);
const logs = fc.array(line, { maxLength: 30 }).map((lines) => lines.join(''));

/** What every other command sees. */
function slowly(text: string) {
  const own = parseLog(text).records.filter((one) => one.session === SESSION);
  return foldMemory(mergeRecords(own), NOW);
}

function quickly(text: string) {
  const index = new MemoryIndex();
  index.add(scanMemory(text, SESSION));
  return index.candidates(ALL, NOW).sort(compareLines);
}

describe('reading memory from text', () => {
  test('holds what the fold of the parsed records holds', () => {
    fc.assert(
      fc.property(logs, (text) => {
        expect(quickly(text).map(entryOfLine)).toEqual(slowly(text));
      }),
      { numRuns: 500 },
    );
  });

  test('finds the same, with the same scores', () => {
    fc.assert(
      fc.property(logs, fc.integer({ min: 1, max: 5 }), (text, limit) => {
        const terms = termsOf('parser cache größe');
        const textOf = ({ key, tags, value }: MemoryEntry) => ({ title: [key, ...tags].join(' '), body: valueText(value) });
        const all = rankBest(slowly(text), terms, textOf, { limit: 1000, tie: () => 0 }).hits;
        const best = rankBest(quickly(text), terms, searchTextOf, { limit, tie: compareLines });
        expect(best.hits.length + best.rest.length).toBe(all.length);
        expect(best.hits.map(({ item, score }) => [entryOfLine(item), score])).toEqual(
          all.slice(0, limit).map(({ item, score }) => [item, score]),
        );
      }),
      { numRuns: 500 },
    );
  });
});
