/** The brief of a session: folded piece by piece it is what all records say together. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeRecords } from '../../src/core/log/log.ts';
import type { AnyRecord } from '../../src/core/log/record.ts';
import { foldMemory } from '../../src/core/memory/memory.ts';
import { type Brief, goOn, NOTHING_YET, storedKeys } from '../../src/core/session/brief.ts';
import { openRejection, rejectionOf } from '../../src/core/session/reason.ts';
import { foldTasks } from '../../src/core/session/tasks.ts';

const START = Date.UTC(2026, 0, 1);
const name = fc.constantFrom('a', 'b', '__proto__');
const draft = fc.oneof(
  fc.record({
    kind: fc.constant('task.started'),
    data: fc.record({ task: name, description: fc.constantFrom('x', null), agent_type: fc.constant(null) }),
  }),
  fc.record({ kind: fc.constant('task.finished'), data: fc.record({ task: name, status: fc.constantFrom('completed', 'failed') }) }),
  fc.record({
    kind: fc.constant('file.edited'),
    data: fc.record({ path: name, blob: fc.constant(null), task: name, via: fc.constant('hook') }),
  }),
  fc.record({
    kind: fc.constant('memory.stored'),
    data: fc.record(
      {
        namespace: fc.constantFrom('coordination', 'reasoning-bank', 'other'),
        key: fc.constantFrom('a', 'b', 'pattern/a', '__proto__'),
        value: fc.constantFrom('1', { large: 'x'.repeat(50) }),
        expires_at: fc.constantFrom(START + 20, START + 10_000),
        if_absent: fc.constant(true as const),
      },
      { requiredKeys: ['namespace', 'key', 'value'] },
    ),
  }),
  fc.record({
    kind: fc.constant('memory.deleted'),
    data: fc.record({ namespace: fc.constant('coordination'), key: fc.constantFrom('a', 'b', '__proto__') }),
  }),
  fc.record({ kind: fc.constant('closeout.rejected'), data: fc.record({ reasons: fc.constant([{ text: 'no' }]) }) }),
  fc.record({ kind: fc.constant('closeout.prepared'), data: fc.constant({ tree: '1', tip: '1', digest: '1' }) }),
);

const records = fc.array(draft, { maxLength: 40 }).map((drafts) =>
  drafts.map(
    (one, n) =>
      ({
        v: 1,
        id: `r${String(n).padStart(3, '0')}`,
        at: new Date(START + n).toISOString(),
        session: 's',
        actor: { kind: 'agent', name: 'x' },
        ...one,
      }) as AnyRecord,
  ),
);

test('in any pieces, also through a file, it says what all of the records say', () => {
  fc.assert(
    fc.property(records, fc.array(fc.nat(40), { maxLength: 4 }), fc.constantFrom(START + 30, START + 60_000), (all, cuts, now) => {
      let brief: Brief = NOTHING_YET;
      const ends = [...cuts.filter((cut) => cut < all.length).sort((a, b) => a - b), all.length];
      for (const [n, end] of ends.entries()) {
        const next = goOn(JSON.parse(JSON.stringify(brief)), all.slice(n === 0 ? 0 : ends[n - 1], end));
        expect(next).not.toBeNull();
        brief = next ?? NOTHING_YET;
      }
      expect(brief.tasks).toEqual(foldTasks(all));
      const keys = foldMemory(all, now).filter(({ namespace }) => namespace === 'coordination');
      expect(storedKeys(brief, now).map(({ key }) => key)).toEqual(
        keys.sort((a, b) => (a.record < b.record ? 1 : -1)).map(({ key }) => key),
      );
      expect(rejectionOf(brief.closeout)).toEqual(openRejection(all));
      expect(JSON.stringify(brief)).not.toContain('large');
    }),
  );
});

test('a record from before what is folded in is not passed over: everything is folded anew', () => {
  fc.assert(
    fc.property(records, fc.nat(39), (all, at) => {
      fc.pre(all.length > at + 1);
      const late = all[at] as AnyRecord;
      const brief = goOn(NOTHING_YET, mergeRecords(all.filter((record) => record !== late))) ?? NOTHING_YET;
      expect(goOn(brief, [late])).toBeNull();
      expect(goOn(brief, all.slice(-1))).toBeNull();
    }),
  );
});
