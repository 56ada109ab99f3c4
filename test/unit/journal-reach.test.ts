/** A journal folded again and again, told by bytes and ids what is in the log: the same file with the same records as by reading everything. */

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byId, byLines, nothingReached, reachOn } from '../../src/core/log/journal-reach.ts';
import { encodeRecord, mergeRecords, parseLog } from '../../src/core/log/log.ts';
import { logPath } from '../../src/core/log/log-path.ts';
import { FULL, type Line, planFold, withRecords } from '../../src/core/log/plan-fold.ts';
import type { AnyRecord } from '../../src/core/log/record.ts';
import { knownAmong, linesOf, recordsBeyond } from '../../src/core/log/records-beyond.ts';
import type { SessionId } from '../../src/core/session/session-id.ts';
import { SEED, SOAKING } from '../support/soak.ts';

const ID = 'session-20260101-120000-reach' as SessionId;
const START = Date.parse('2026-01-01T12:00:00.000Z');
type Files = ReadonlyMap<string, Buffer>;

const oidOf = (bytes: Buffer) => createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

const rowsOf = (files: Files) => [...files].map(([path, bytes]) => ({ path, oid: oidOf(bytes), size: bytes.length }));

function reachOf(journal: Buffer, files: Files, unread: string[] = []) {
  const begun = reachOn(
    ID,
    nothingReached(rowsOf(files)),
    byId(journal, (bytes, oid) => oidOf(bytes) === oid),
  );
  unread.push(...begun.places.keys());
  const bodies = new Map(begun.beside.map(({ path, oid }) => [oid, files.get(path) ?? Buffer.alloc(0)]));
  return reachOn(
    ID,
    begun,
    byLines(journal, (oid) => bodies.get(oid)),
  );
}

function plan(files: Files, sealed: boolean, lines: Line[], known: Set<string>) {
  return planFold({ id: ID, writer: 'own', files: rowsOf(files), known, lines, sealed });
}

function quickly(journal: Buffer, files: Files, sealed: boolean) {
  const lines = recordsBeyond(journal, reachOf(journal, files));
  return plan(files, sealed, lines, knownAmong(lines, [...files.values()]));
}

function reading(journal: Buffer, files: Files, sealed: boolean) {
  const held = [...files.values()].flatMap((bytes) => linesOf(bytes.toString('utf8')));
  return plan(files, sealed, linesOf(journal.toString('utf8')), new Set(held.map(({ id }) => id)));
}

/** What is done to a session, in words of one letter: see the loop. */
const step = fc.record({
  what: fc.constantFrom(...'aaaaaaaabrtuofffffszcxd'),
  n: fc.nat(1000),
  ms: fc.constantFrom(0, 0, 1, -5, 1000),
});

function record(serial: number, ms: number, value: string, session = ID): AnyRecord {
  const at = new Date(START + ms).toISOString();
  const data = { namespace: 'coordination', key: `k${serial}`, value };
  return { v: 1, id: `r${serial}.own`, at, session, actor: { kind: 'agent', name: 'ä' }, kind: 'memory.stored', data };
}

test('a fold that reads only what is new plans what one that reads everything does', () => {
  let [folds, quick] = [0, 0];
  fc.assert(
    fc.property(fc.array(step, { minLength: 15, maxLength: 60, size: 'max' }), (steps) => {
      let journal = '';
      let files: Files = new Map();
      let sealed = false;
      const earlier: Files[] = [files];
      for (const [serial, { what, n, ms }] of steps.entries()) {
        const lines = journal.split('\n').filter(Boolean);
        const [own] = [...files.keys()].filter((path) => path.includes('/own.')).slice(-1);
        const change = (path: string, to: (text: string) => string) => {
          files = new Map([...files, [path, Buffer.from(to(files.get(path)?.toString('utf8') ?? ''))]]);
        };
        if (what === 'a') journal += encodeRecord(record(serial, serial + ms, n % 3 === 0 ? 'x'.repeat(45_000) : `${n}`));
        // A value that speaks of a record's id is not that record.
        if (what === 'b') journal += encodeRecord(record(serial, serial, `r${serial - 1}.own`));
        if (what === 'r' && lines.length > 0) journal += `${lines[n % lines.length]}\n`;
        // A killed writer, and one that appends behind it with or without seeing it.
        if (what === 't') journal += encodeRecord(record(serial, serial, 'torn')).slice(0, n % 3 ? n % 60 : -1) + (n % 2 ? '\n' : '');
        if (what === 'u')
          journal += `{"kind":"dream.dreamt","id":"u\\u0030${serial}","v":${n % 2 ? 1 : 9},"at":"2026-01-01T12:00:00.000Z","session":"${ID}"}\r\n`;
        if (what === 'o') journal += encodeRecord(record(serial, serial, 'else', 'session-20200101-000000-other' as SessionId));
        if (what === 's') earlier.push(files);
        if (what === 'z') files = earlier[n % earlier.length] ?? files;
        if (what === 'c' && own)
          change(own, (text) =>
            text
              .split('\n')
              .filter((_, i) => (i + n) % 3)
              .join('\n'),
          );
        if (what === 'x' && own)
          change(
            logPath(ID, { writer: `w${n % 2}`, n: 1 + (n % 3) }),
            () =>
              files
                .get(own)
                ?.toString('utf8')
                .slice(0, n % 2 ? -(n % 50) : undefined) ?? '',
          );
        if (what === 'd' && own) change(own, (text) => `${text.slice(0, n)}\n\n{"v":1,\ufffd${text.slice(n)}`);
        if (what === 'c' || what === 'z') sealed = n % 4 === 0;
        if (what !== 'f') continue;
        const bytes = Buffer.from(journal);
        const wanted = reading(bytes, files, sealed);
        expect(quickly(bytes, files, sealed)).toEqual(wanted);
        folds++;
        if (reachOf(bytes, files).end > 0) quick++;
        if (wanted) files = new Map([...files, [wanted.path, withRecords(files.get(wanted.path) ?? Buffer.alloc(0), wanted.fresh)]]);
        const held = [...files.values()].flatMap((held) => linesOf(held.toString('utf8')));
        const idsOf = (list: readonly Line[]) => new Set(list.filter(({ session }) => session === ID).map(({ id }) => id));
        for (const id of idsOf(linesOf(journal))) expect(idsOf(held)).toContain(id);
      }
    }),
    { numRuns: 40, seed: SOAKING ? SEED : 7 },
  );
  // The property would hold of a log that nobody recognised, too.
  expect(quick).toBeGreaterThan(folds / 10);
});

test('of a log that checkpoints alone have written every file is a piece of the journal, whatever the order of its times', () => {
  let journal = Buffer.alloc(0);
  let files = new Map<string, Buffer>();
  for (let n = 0; n < 30; n++) {
    const lines = [n * 10 + 5, n * 10 - 20, n * 10].map((ms, i) => record(n * 3 + i, ms, 'y'.repeat(9_000)));
    journal = Buffer.concat([journal, ...lines.map((line) => Buffer.from(encodeRecord(line)))]);
    const fold = quickly(journal, files, false);
    if (!fold) throw new Error('nothing new');
    files = new Map([...files, [fold.path, withRecords(files.get(fold.path) ?? Buffer.alloc(0), fold.fresh)]]);
    const unread: string[] = [];
    expect(reachOf(journal, files, unread)).toMatchObject({ end: journal.length, gaps: [], beside: [] });
    expect(unread).toEqual([...files.keys()]);
  }
  expect([...files.keys()]).toEqual(Array.from({ length: files.size }, (_, i) => logPath(ID, { writer: 'own', n: i + 1 })));
  expect(files.size).toBeGreaterThan(4);
  // A file takes one fold more than fills it, and no other.
  for (const bytes of [...files.values()].slice(0, -1)) expect(Math.abs(bytes.length - FULL)).toBeLessThan(FULL / 2);
  const all = [...files.values()].flatMap((bytes) => parseLog(bytes.toString('utf8')).records);
  expect(all).toEqual(parseLog(journal.toString('utf8')).records);
  expect(mergeRecords(all)).toHaveLength(90);
});

test('a file that ends within a line of the journal is no piece of it: what follows would begin within that line', () => {
  const journal = Buffer.from([0, 1].map((n) => encodeRecord(record(n, n, 'v'))).join(''));
  for (const cut of [1, 20]) {
    const files = new Map([[logPath(ID, { writer: 'w', n: 1 }), journal.subarray(0, -cut)]]);
    expect(reachOf(journal, files)).toMatchObject({ end: 0, gaps: [], beside: rowsOf(files) });
    expect(quickly(journal, files, false)).toEqual(reading(journal, files, false));
  }
});
