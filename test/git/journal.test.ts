import { appendFileSync, cpSync, existsSync, linkSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RecordDraft } from '../../src/core/log/record.ts';
import { asSessionId, type SessionId } from '../../src/core/session/session-id.ts';
import { putAway, putBack } from '../../src/store/closed-session.ts';
import { appendRecord, journalSessions, readJournal, readJournalFrom } from '../../src/store/journal.ts';
import { privatePaths } from '../../src/store/paths.ts';
import { existingWriterId, writerId } from '../../src/store/writer.ts';
import { tempDir } from '../support/repo.ts';

const ID = asSessionId('session-20251117-143022-auth-system') as SessionId;

function draft(key: string, value: unknown = 1): RecordDraft {
  return { kind: 'memory.stored', actor: { kind: 'agent', name: 'coder' }, data: { namespace: 'coordination', key, value } };
}

function keys(dir: string): string[] {
  return readJournal(dir, ID).records.map((r) => (r.kind === 'memory.stored' ? r.data.key : r.kind));
}

test('a record is one line with v first, and comes back as it was handed in', () => {
  const dir = tempDir();
  const record = appendRecord(dir, ID, draft('a', { deep: ['ä', '\u2028', 'x\ny'] }));
  const text = readFileSync(privatePaths(dir).journal(ID), 'utf8');
  expect(text).toMatch(/^\{"v":1,"id":"[0-9a-z.]+","at":"[^"]+","session":"session-20251117-143022-auth-system",.*\}\n$/s);
  expect(readJournal(dir, ID)).toEqual({ records: [record], unknown: [], bad: [], torn: false });
  expect(journalSessions(dir)).toEqual([ID]);
});

test('no journal reads as empty', () => {
  const dir = tempDir();
  expect(readJournal(dir, ID).records).toEqual([]);
  expect(journalSessions(dir)).toEqual([]);
});

test('times never go back behind what the journal holds', () => {
  const dir = tempDir();
  const first = appendRecord(dir, ID, draft('a'));
  const path = privatePaths(dir).journal(ID);
  writeFileSync(path, readFileSync(path, 'utf8').replace(first.at, '2999-01-01T00:00:00.000Z'));
  const second = appendRecord(dir, ID, draft('b'));
  const third = appendRecord(dir, ID, draft('c', 'x'.repeat(50_000)));
  const fourth = appendRecord(dir, ID, draft('d'));
  expect([second, third, fourth].map((r) => [r.at, r.n])).toEqual([1, 2, 3].map((n) => ['2999-01-01T00:00:00.000Z', n]));
});

test('a time inside a value moves no clock', () => {
  const dir = tempDir();
  appendRecord(dir, ID, draft('a', { v: 1, id: 'x', at: '2999-01-01T00:00:00.000Z', n: 5, session: ID }));
  expect(Date.parse(appendRecord(dir, ID, draft('b')).at)).toBeLessThan(Date.now() + 1000);
});

test('an id and time that were derived are kept, and do not read the clock', () => {
  const dir = tempDir();
  const record = appendRecord(dir, ID, draft('a'), { id: 'commit.path', ms: 1000 });
  expect([record.id, record.at]).toEqual(['commit.path', '1970-01-01T00:00:01.000Z']);
});

test('a torn line costs nothing that was acknowledged', () => {
  const dir = tempDir();
  const path = privatePaths(dir).journal(ID);
  appendRecord(dir, ID, draft('a'));
  appendFileSync(path, '{"v":1,"id":"torn","at":"2025-');
  expect(readJournal(dir, ID)).toMatchObject({ torn: true, bad: [] });
  appendRecord(dir, ID, draft('b'));
  expect(keys(dir)).toEqual(['a', 'b']);
  expect(readJournal(dir, ID)).toMatchObject({ torn: false, bad: [{ line: 2, text: '{"v":1,"id":"torn","at":"2025-' }] });
});

test('too large a record is refused by name of the limit, and nothing is made', () => {
  const dir = tempDir();
  expect(() => appendRecord(dir, ID, draft('a', 'x'.repeat(61_440)))).toThrow('too large');
  expect(existsSync(privatePaths(dir).root)).toBe(false);
  appendRecord(dir, ID, draft('a', 'x'.repeat(61_000)));
  expect(keys(dir)).toEqual(['a']);
});

test('a journal that cannot be written says so', () => {
  const dir = tempDir();
  writeFileSync(privatePaths(dir).root, 'in the way');
  expect(() => appendRecord(dir, ID, draft('a'))).toThrow('could not be written');
});

test('a clone keeps its writer id, and a copy of it gets another', () => {
  const dir = tempDir();
  const copy = join(tempDir(), 'copy');
  const id = writerId(dir);
  expect(id).toMatch(/^[0-9a-z]{12}$/);
  cpSync(dir, copy, { recursive: true });
  expect(existingWriterId(copy)).toBeNull();
  const other = writerId(copy);
  expect(other).not.toBe(id);
  expect([existingWriterId(dir), existingWriterId(copy)]).toEqual([id, other]);
});

test('a reader goes on where it stopped, and leaves a line that is being written for later', () => {
  const dir = tempDir();
  expect(readJournalFrom(dir, ID, 0)).toMatchObject({ next: 0, parsed: { records: [] } });
  appendRecord(dir, ID, draft('a'));
  const first = readJournalFrom(dir, ID, 0);
  expect(first.parsed.records).toHaveLength(1);
  appendFileSync(privatePaths(dir).journal(ID), '{"v":1,"id":"half');
  expect(readJournalFrom(dir, ID, first.next)).toMatchObject({ next: first.next, parsed: { records: [], bad: [], torn: false } });
  appendRecord(dir, ID, draft('b'));
  expect(readJournalFrom(dir, ID, first.next).parsed).toMatchObject({ records: [{ data: { key: 'b' } }], bad: [{ line: 1 }] });
});

test('a journal that a killed run has put back already, and not yet taken away, is taken away', () => {
  const dir = tempDir();
  const journal = privatePaths(dir).journal(ID);
  appendRecord(dir, ID, draft('first'));
  const kept = putAway(dir, ID) ?? '';
  linkSync(kept, journal);
  const before = readFileSync(journal);
  putBack(dir, ID);
  expect([existsSync(kept), readFileSync(journal).equals(before)]).toEqual([false, true]);
});

test('a journal that was put away comes back whole, behind what a killed writer left of a new one', () => {
  const dir = tempDir();
  const journal = privatePaths(dir).journal(ID);
  appendRecord(dir, ID, draft('first'));
  expect(putAway(dir, ID)).toContain('closed');
  appendRecord(dir, ID, draft('second'));
  const torn = '{"v":1,"id":"torn';
  appendFileSync(journal, torn);
  const second = putAway(dir, ID);
  expect([existsSync(journal), second]).toEqual([false, expect.stringMatching(/\.2$/)]);
  appendFileSync(journal, torn);
  putBack(dir, ID);
  expect(keys(dir)).toEqual(['first', 'second']);
  // No record shares its line with a torn one.
  expect(
    readFileSync(journal, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith(torn)),
  ).toEqual([torn, torn]);
  appendRecord(dir, ID, draft('third'));
  expect([keys(dir), putAway(dir, ID)]).toEqual([['first', 'second', 'third'], expect.stringMatching(/\.jsonl$/)]);
});
