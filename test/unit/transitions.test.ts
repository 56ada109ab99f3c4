/** The lifecycle: every state and event has an answer, and the answers keep the promises of the design. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SessionState } from '../../src/core/session/metadata.ts';
import {
  SESSION_EVENTS,
  SESSION_STATES,
  type SessionEvent,
  type TransitionFacts,
  transition,
  transitionsDiagram,
} from '../../src/core/session/transitions.ts';
import { ROOT } from '../support/repo.ts';

const anyState = fc.constantFrom(...SESSION_STATES);
const anyEvent = fc.constantFrom(...SESSION_EVENTS);
const anyFacts: fc.Arbitrary<TransitionFacts> = fc.record({
  tagged: fc.boolean(),
  inTrash: fc.boolean(),
  inTag: fc.boolean(),
  checkedOut: fc.boolean(),
  keepsBranch: fc.boolean(),
  continues: fc.boolean(),
});
const FACTS: TransitionFacts = { tagged: false, inTrash: false, inTag: false, checkedOut: false, keepsBranch: false, continues: false };

/** The state after a run of events; what is refused changes nothing. */
function replay(events: SessionEvent[], facts: TransitionFacts, from: SessionState = 'active'): SessionState {
  return events.reduce<SessionState>((state, event) => {
    const next = transition(state, event, facts);
    return 'refused' in next ? state : next.state;
  }, from);
}

describe('every state and event', () => {
  test('leads to a known state, or is refused with a sentence', () => {
    fc.assert(
      fc.property(anyState, anyEvent, anyFacts, (state, event, facts) => {
        const next = transition(state, event, facts);
        if ('refused' in next) expect(next.refused).toMatch(/^It is .*\.$/);
        else expect(SESSION_STATES).toContain(next.state);
      }),
    );
  });

  test('asks for no action twice', () => {
    fc.assert(
      fc.property(anyState, anyEvent, anyFacts, (state, event, facts) => {
        const next = transition(state, event, facts);
        if (!('refused' in next)) expect(new Set(next.actions).size).toBe(next.actions.length);
      }),
    );
  });
});

describe('the promises', () => {
  test('a closed session stays closed, whatever happens', () => {
    fc.assert(fc.property(fc.array(anyEvent), anyFacts, (events, facts) => void expect(replay(events, facts, 'closed')).toBe('closed')));
  });

  test('nothing lands that was not sealed, and nothing is sealed that was not prepared', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 12 }), anyFacts, (events, facts) => {
        if (replay(events, facts) !== 'closed') return;
        const order = ['prepare', 'seal', 'land'].map((event) => events.indexOf(event as SessionEvent));
        expect(order.every((at) => at >= 0)).toBe(true);
        expect(events.indexOf('prepare')).toBeLessThan(events.lastIndexOf('seal'));
        expect(events.indexOf('seal')).toBeLessThan(events.lastIndexOf('land'));
      }),
      { numRuns: 2000 },
    );
  });

  test('a change, a rejection or a withdrawal takes it back to active, with its tag in the trash', () => {
    for (const event of ['change', 'reject', 'withdraw'] as const) {
      expect(transition('sealed', event, { ...FACTS, tagged: true })).toMatchObject({
        state: 'active',
        actions: expect.arrayContaining(['metadata says active', 'tag to trash']),
      });
    }
    expect(transition('review', 'change', FACTS)).toEqual({ state: 'active', actions: [] });
  });

  test('abandoned is reached from the first three states only, and left by restore only', () => {
    const from = SESSION_STATES.filter((state) => !('refused' in transition(state, 'abandon', FACTS)));
    expect(from).toEqual(['active', 'review', 'sealed']);
    const out = SESSION_EVENTS.filter((event) => !('refused' in transition('abandoned', event, FACTS)));
    expect(out).toEqual(['restore']);
  });

  test('the branch is never dropped without going to the trash, except when it has landed', () => {
    fc.assert(
      fc.property(anyState, anyEvent, anyFacts, (state, event, facts) => {
        const next = transition(state, event, facts);
        if ('refused' in next || !next.actions.includes('delete the branch')) return;
        expect(next.state).toBe('closed');
      }),
    );
    const gone = transition('active', 'abandon', { ...FACTS, checkedOut: true });
    expect(gone).toEqual({
      state: 'abandoned',
      actions: ['checkout to base', 'record session.abandoned', 'metadata says abandoned', 'branch to trash'],
    });
  });

  test('a closed session is continued by a new one, and only when asked', () => {
    expect(transition('sealed', 'restore', FACTS)).toEqual({ refused: expect.stringContaining('nothing to restore') });
    expect(transition('sealed', 'restore', { ...FACTS, inTag: true })).toEqual({ state: 'sealed', actions: ['branch from tag'] });
    expect(transition('closed', 'restore', FACTS)).toEqual({ refused: expect.stringContaining('never opened again') });
    expect(transition('closed', 'restore', { ...FACTS, continues: true })).toEqual({
      state: 'closed',
      actions: ['start a session that continues it'],
    });
  });
});

test('the diagram in the docs is the one that the function makes', () => {
  const docs = readFileSync(join(ROOT, 'docs/lifecycle.md'), 'utf8');
  expect(docs).toContain(`\`\`\`mermaid\n${transitionsDiagram()}\`\`\``);
});
