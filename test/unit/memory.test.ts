import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnyRecord } from '../../src/core/log/record.ts';
import { historyOf } from '../../src/core/memory/history.ts';
import { placeOf, scopeOf } from '../../src/core/memory/key.ts';
import { foldMemory, type MemoryEntry } from '../../src/core/memory/memory.ts';
import { DEFAULT_POLICY } from '../../src/core/policy/policy.ts';
import { asSessionId, type SessionId } from '../../src/core/session/session-id.ts';

const ID = asSessionId('session-20251117-143022-auth-system') as SessionId;
const envelope = (id: string, ms: number) =>
  ({ v: 1, id, at: new Date(ms).toISOString(), session: ID, actor: { kind: 'agent', name: 'coder' } }) as const;

interface Extra {
  expires_at?: number;
  if_absent?: true;
}
const stored = (id: string, ms: number, key: string, value: unknown, extra: Extra = {}): AnyRecord => ({
  ...envelope(id, ms),
  kind: 'memory.stored',
  data: { namespace: 'coordination', key, value, ...extra },
});
const deleted = (id: string, ms: number, key: string): AnyRecord => ({
  ...envelope(id, ms),
  kind: 'memory.deleted',
  data: { namespace: 'coordination', key },
});
const values = (entries: MemoryEntry[]) => Object.fromEntries(entries.map((entry) => [entry.key, entry.value]));

describe('the fold', () => {
  test('the last writer wins, by time and then by id', () => {
    expect(values(foldMemory([stored('b', 2, 'k', 'new'), stored('a', 1, 'k', 'old')], 9))).toEqual({ k: 'new' });
    expect(values(foldMemory([stored('b', 1, 'k', 'b'), stored('a', 1, 'k', 'a')], 9))).toEqual({ k: 'b' });
  });

  test('a deletion or an expiry brings no older value back', () => {
    expect(foldMemory([stored('a', 1, 'k', 1), deleted('b', 2, 'k')], 9)).toEqual([]);
    expect(foldMemory([stored('a', 1, 'k', 1), stored('b', 2, 'k', 2, { expires_at: 5 })], 9)).toEqual([]);
    expect(values(foldMemory([stored('a', 1, 'k', 1), stored('b', 2, 'k', 2, { expires_at: 5 })], 4))).toEqual({ k: 2 });
  });

  test('a claim holds only where nothing live was there', () => {
    const claim = (id: string, ms: number) => stored(id, ms, 'k', id, { if_absent: true });
    expect(values(foldMemory([claim('one', 1), claim('two', 2)], 9))).toEqual({ k: 'one' });
    expect(values(foldMemory([claim('one', 1), deleted('x', 2, 'k'), claim('two', 3)], 9))).toEqual({ k: 'two' });
    expect(values(foldMemory([stored('a', 1, 'k', 'a', { expires_at: 2 }), claim('two', 3)], 9))).toEqual({ k: 'two' });
    expect(values(foldMemory([claim('one', 1), claim('two', 2), stored('c', 3, 'k', 'c')], 9))).toEqual({ k: 'c' });
  });

  test('places of different namespaces, and names that look alike when joined, stay apart', () => {
    const other = { ...stored('b', 2, 'k', 2) } as AnyRecord & { data: { namespace: string } };
    other.data = { ...other.data, namespace: 'reasoning-bank' };
    expect(foldMemory([stored('a', 1, 'k', 1), other], 9).map((e) => [e.namespace, e.value])).toEqual([
      ['coordination', 1],
      ['reasoning-bank', 2],
    ]);
  });

  test('an entry says who stored it, when, and by which record', () => {
    const [entry] = foldMemory([stored('a', 1000, 'k', { deep: [1] }, { expires_at: 99_999 })], 9);
    expect(entry).toEqual({
      namespace: 'coordination',
      key: 'k',
      value: { deep: [1] },
      blob: null,
      at: '1970-01-01T00:00:01.000Z',
      by: { kind: 'agent', name: 'coder' },
      task: null,
      session: ID,
      record: 'a',
      expires_at: 99_999,
      tags: [],
      origin: null,
    });
  });

  const history = fc
    .array(
      fc.record({
        ms: fc.nat(4),
        key: fc.constantFrom('k', 'l'),
        value: fc.nat(3),
        what: fc.constantFrom('store', 'store', 'claim', 'delete', 'expire'),
      }),
      { maxLength: 14 },
    )
    .map((steps) =>
      steps.map(({ ms, key, value, what }, n) => {
        if (what === 'delete') return deleted(`r${n}`, ms, key);
        return stored(`r${n}`, ms, key, value, what === 'claim' ? { if_absent: true } : what === 'expire' ? { expires_at: ms + 1 } : {});
      }),
    );

  test('any order, duplication and split gives the same memory', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), fc.nat(6), (records, random, now) => {
        const again = [...records, ...records.filter(() => random.next().value % 2 === 0)].sort(() => (random.next().value % 3) - 1);
        expect(foldMemory(again, now)).toEqual(foldMemory(records, now));
      }),
    );
  });

  test('the history of a key ends in what the fold holds, and tells each record once', () => {
    fc.assert(
      fc.property(history, fc.nat(6), (records, now) => {
        for (const key of ['k', 'l']) {
          const events = historyOf([...records, ...records], { namespace: 'coordination', key }, now);
          const held = foldMemory(records, now).find((entry) => entry.key === key);
          expect(events.filter(({ current }) => current).map(({ record }) => record.id)).toEqual(held ? [held.record] : []);
          const told = events.filter(({ what }) => what !== 'expired').map(({ record }) => record.id);
          expect(told.sort()).toEqual(
            records
              .filter(({ data }) => 'key' in data && data.key === key)
              .map(({ id }) => id)
              .sort(),
          );
          expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort());
        }
      }),
    );
  });

  test('folding in one record after another in order agrees with a model', () => {
    fc.assert(
      fc.property(history, fc.nat(6), (records, now) => {
        const model = new Map<string, { value: unknown; until: number }>();
        const inOrder = [...records].sort((a, b) => a.at.localeCompare(b.at) || (a.id < b.id ? -1 : 1));
        for (const r of inOrder) {
          if (r.kind === 'memory.deleted') model.delete(r.data.key);
          if (r.kind !== 'memory.stored') continue;
          const before = model.get(r.data.key);
          if (r.data.if_absent && before && before.until > Date.parse(r.at)) continue;
          model.set(r.data.key, { value: r.data.value, until: r.data.expires_at ?? Number.POSITIVE_INFINITY });
        }
        const live = Object.fromEntries([...model].flatMap(([key, { value, until }]) => (until > now ? [[key, value]] : [])));
        expect(values(foldMemory(records, now))).toEqual(live);
      }),
    );
  });
});

describe('where a key lives', () => {
  test.each([
    ['swarm/shared/api-contract', undefined, 'coordination', 'swarm/shared/api-contract'],
    ['session/session-20251117-143022/coordination', undefined, 'coordination', 'session/session-20251117-143022/coordination'],
    ['swarm/coder/auth-api-complete', undefined, 'coordination', 'swarm/coder/auth-api-complete'],
    ['pattern/auth-system/jwt-implementation', undefined, 'reasoning-bank', 'pattern/auth-system/jwt-implementation'],
    ['reasoning-bank/pattern/auth-system/jwt-tokens', undefined, 'reasoning-bank', 'pattern/auth-system/jwt-tokens'],
    [
      'reasoning-bank/trajectory/session-20251117-143022/decisions',
      undefined,
      'reasoning-bank',
      'trajectory/session-20251117-143022/decisions',
    ],
    ['reasoning-bank/pattern/x', 'reasoning-bank', 'reasoning-bank', 'pattern/x'],
    ['pattern/x', 'coordination', 'coordination', 'pattern/x'],
    ['reasoning-bank/pattern/x', 'coordination', 'coordination', 'reasoning-bank/pattern/x'],
    ['coordination/x', undefined, 'coordination', 'x'],
    ['coordination', undefined, 'coordination', 'coordination'],
    ['team/x', undefined, 'team', 'x'],
    ['cafe\u0301', undefined, 'coordination', 'caf\u00e9'],
    ['x', 'cafe\u0301', 'caf\u00e9', 'x'],
    ['caf\u00e9s/x', undefined, 'caf\u00e9s', 'x'],
  ])('%s in %s', (key, namespace, inNamespace, as) => {
    const policy = {
      ...DEFAULT_POLICY,
      memory: { ...DEFAULT_POLICY.memory, namespaces: { team: 'project' as const, 'cafe\u0301s': 'project' as const } },
    };
    expect(placeOf(key, namespace, policy)).toEqual({ namespace: inNamespace, key: as });
  });

  test.each([[''], ['  '], ['a\nb'], ['a\u202eb'], ['\ud800'], [' a'], ['x'.repeat(501)]])('the key %j is refused', (key) => {
    expect(() => placeOf(key)).toThrow('The key');
  });

  test.each([[''], ['a b'], ['a/b'], ['a\u0000'], ['x'.repeat(101)]])('the namespace %j is refused', (namespace) => {
    expect(() => placeOf('k', namespace)).toThrow(/namespace/);
  });

  test('only namespaces that policy names outlive their session', () => {
    expect(['coordination', 'reasoning-bank', 'toString', 'other'].map((n) => scopeOf(n, DEFAULT_POLICY))).toEqual([
      'session',
      'project',
      'session',
      'session',
    ]);
  });
});
