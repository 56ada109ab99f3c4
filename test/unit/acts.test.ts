/** Which act an undo takes, whatever was done, undone and done again before. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Act, chooseAct, type Effects, foldActs, inverse, NO_EFFECTS } from '../../src/core/acts.ts';
import type { SessionId } from '../../src/core/session/session-id.ts';

const SESSIONS = ['session-20251117-143022-one', 'session-20251117-143022-two'] as SessionId[];

function act(n: number, session: SessionId, reverses: string | null = null): Act {
  const name = reverses === null ? 'switch' : 'undo';
  return { id: `a${n}`, at: '', name, session, top: `/${session}`, effects: NO_EFFECTS, reverses, state: 'done' };
}

test('undo and redo walk a stack for each session; what was done since ends the redo', () => {
  const step = fc.tuple(fc.constantFrom('act', 'undo', 'redo'), fc.constantFrom(...SESSIONS));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const acts: Act[] = [];
      const models = new Map(SESSIONS.map((id) => [id, { done: [] as string[], undone: [] as string[] }]));
      for (const [what, session] of steps) {
        const model = models.get(session) ?? { done: [], undone: [] };
        const scope = { top: `/${session}`, session: null };
        if (what === 'act') {
          acts.push(act(acts.length, session));
          model.done.push(acts.at(-1)?.id ?? '');
          model.undone = [];
          continue;
        }
        const choice = chooseAct(acts, scope, what === 'redo');
        const chosen = choice && 'act' in choice ? choice.act : null;
        const [from, to] = what === 'undo' ? [model.done, model.undone] : [model.undone, model.done];
        const expected = from.pop() ?? null;
        // A redo reverses an undo, which names the act.
        expect(what === 'redo' ? (chosen?.reverses ?? null) : (chosen?.id ?? null)).toBe(expected);
        if (expected === null || !chosen) continue;
        to.push(expected);
        acts.push(act(acts.length, session, chosen.id));
      }
    }),
    { numRuns: 300 },
  );
});

test('the inverse of the inverse is the same', () => {
  const oid = fc.option(fc.constantFrom('a', 'b'), { nil: null });
  const head = fc.option(fc.oneof(fc.record({ branch: fc.string() }), fc.record({ commit: fc.string() })), { nil: null });
  const effects: fc.Arbitrary<Effects> = fc.record({
    refs: fc.array(fc.record({ ref: fc.string(), from: oid, to: oid })),
    heads: fc.array(fc.record({ top: fc.string(), from: head, to: head })),
    files: fc.array(fc.record({ from: fc.string(), to: fc.string(), replaced: oid })),
    keepsFiles: fc.boolean(),
    says: fc.constant({ undone: null, again: null }),
  });
  fc.assert(fc.property(effects, (one) => void expect(inverse(inverse(one))).toEqual(one)));
});

test('lines that are torn, foreign or forged say nothing, and never stop the reader', () => {
  const line = (value: object) => JSON.stringify({ v: 1, act: 'x', ...value });
  const begun = { phase: 'begun', at: '2025-11-17T00:00:00.000Z', name: 'start', session: SESSIONS[0], top: '/r' };
  const refs = [{ ref: 'refs/heads/x', from: null, to: 'a' }];
  const text = [line({ ...begun, effects: { refs } }), line({ phase: 'done' }), '{"v":1,"act":"y","phase":"beg'].join('\n');
  expect(foldActs(text)).toMatchObject([{ id: 'x', state: 'done', effects: { refs } }]);
  for (const bad of [
    { name: 'rm' },
    { session: '../../x' },
    { effects: { refs: [{ ref: '--stdin', from: null, to: 'a' }] } },
    { effects: { heads: 1 } },
  ])
    expect(foldActs(line({ ...begun, ...bad }))).toEqual([]);
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.string(),
          fc.json().map((json) => `{"v":1,"act":${json}}`),
        ),
      ),
      (lines) => void foldActs(lines.join('\n')),
    ),
  );
});
