import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeRecord } from '../../src/core/log/log.ts';
import type { AnyRecord } from '../../src/core/log/record.ts';
import { ALL, MemoryIndex } from '../../src/core/memory/index.ts';
import { foldMemory } from '../../src/core/memory/memory.ts';
import { compareLines, entryOfLine, memoryLines, scanMemory } from '../../src/core/memory/scan.ts';

const SESSION = 'session-20260101-120000-memory-index';
const NOW = Date.parse('2026-01-02T00:00:00.000Z');
const START = Date.parse('2026-01-01T12:00:00.000Z');

// Few ids, times, places and values, so that they meet: records that claim one id, one moment or one place.
const record = fc
  .record({
    id: fc.integer({ min: 0, max: 15 }).map((n) => `r${String(n).padStart(2, '0')}`),
    ms: fc.integer({ min: 0, max: 4 }),
    n: fc.constantFrom(undefined, 1),
    kind: fc.constantFrom('memory.stored', 'memory.stored', 'memory.stored', 'memory.deleted'),
    place: fc.constantFrom(
      { namespace: 'coordination', key: 'k' },
      { namespace: 'coordination', key: '__proto__' },
      { namespace: 'b', key: 'k' },
    ),
    value: fc.constantFrom('plain', 'with "quotes"', { deep: [1] }),
    extra: fc.constantFrom({}, {}, { if_absent: true }, { expires_at: NOW - 1 }, { expires_at: START + 2 }, { expires_at: NOW + 1 }),
  })
  .map(({ id, ms, n, kind, place, value, extra }) => {
    const data = kind === 'memory.stored' ? { ...place, value, ...extra } : place;
    const at = new Date(START + ms).toISOString();
    return { v: 1, id, at, ...(n ? { n } : {}), session: SESSION, actor: { kind: 'agent', name: 'a' }, kind, data } as unknown as AnyRecord;
  });

test('records added in any order, in pieces, twice, come to what the fold holds', () => {
  const pieces = fc.array(fc.array(record, { maxLength: 8 }), { maxLength: 6 });
  fc.assert(
    fc.property(pieces, fc.array(fc.nat(5), { maxLength: 4 }), (batches, again) => {
      const index = new MemoryIndex();
      // Some come parsed from git, some as lines of a journal; some come again.
      const all = [...batches, ...again.flatMap((i) => (batches[i] ? [batches[i]] : []))];
      for (const [i, batch] of all.entries()) index.add(i % 2 ? memoryLines(batch) : scanMemory(batch.map(encodeRecord).join(''), SESSION));
      const folded = foldMemory(batches.flat(), NOW);
      expect(index.candidates(ALL, NOW).sort(compareLines).map(entryOfLine)).toEqual(folded);
      for (const entry of folded) {
        const told = index.tell(entry, ALL, NOW);
        expect('line' in told && told.line && entryOfLine(told.line)).toEqual(entry);
      }
      expect(index.tell({ namespace: 'coordination', key: 'constructor' }, ALL, NOW)).toEqual({ line: null });
    }),
    { numRuns: 1000 },
  );
});

const SESSIONS = ['a', 'b', 'c', 'd'].map((name) => `${SESSION}-${name}`);

test('found, then proven: each place comes to what the fold of the approved sessions alone holds, whatever the others wrote', () => {
  const logs = fc.tuple(
    ...SESSIONS.map((session) =>
      fc.array(record, { maxLength: 6 }).map((own) => own.map((one, n) => ({ ...one, session, id: `${session} ${n}` }) as AnyRecord)),
    ),
  );
  fc.assert(
    fc.property(logs, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), fc.nat(3), (written, approved, depth) => {
      const index = new MemoryIndex();
      for (const log of written) index.add(memoryLines(log));
      const isApproved = (session: string) => approved[SESSIONS.indexOf(session)] === true;
      const folded = foldMemory(
        written.flat().filter(({ session }) => isApproved(session)),
        NOW,
      );
      const proven = new Set<string>();
      const standing = (session: string) => (proven.has(session) ? isApproved(session) : undefined);
      const told = (place: { namespace: string; key: string }) => {
        for (;;) {
          const now = index.tell(place, standing, NOW, depth + 1);
          if ('line' in now) return now.line && entryOfLine(now.line);
          expect(now.prove.filter((session) => proven.has(session))).toEqual([]);
          expect(now.prove).not.toEqual([]);
          for (const session of now.prove) proven.add(session);
        }
      };
      for (const place of written.flat().map(({ data }) => data as { namespace: string; key: string })) {
        const wanted = folded.find(({ namespace, key }) => namespace === place.namespace && key === place.key) ?? null;
        // What counts is among what may be there, however little was proven before.
        if (wanted) expect(index.candidates(standing, NOW).map(({ id }) => id)).toContain(wanted.record);
        expect(told(place)).toEqual(wanted);
      }
      // What was asked for has made the two the same.
      expect(index.candidates(standing, NOW).sort(compareLines).map(entryOfLine)).toEqual(folded);
    }),
    { numRuns: 1000 },
  );
});
