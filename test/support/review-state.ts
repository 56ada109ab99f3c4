/** A review as a state of the screen, for tests of what is drawn and what keys do. */

import type { ReviewFacts } from '../../src/core/closeout/review.ts';
import { after, emptyReview, type ReviewData } from '../../src/tui/data.ts';
import { frame } from '../../src/tui/frame.ts';
import type { InkKey } from '../../src/tui/keys.ts';
import { type Pressed, press } from '../../src/tui/press.ts';
import { firstEdits, firstState, type State } from '../../src/tui/state.ts';
import { closeoutFacts } from './closeout-facts.ts';

/** Every task done, so that nothing needs the topic. */
export const doneTasks = closeoutFacts().tasks.map((task) => ({ ...task, status: 'completed' as const }));

export function reviewFacts(over: Partial<ReviewFacts> = {}): ReviewFacts {
  return {
    facts: closeoutFacts({ tasks: doneTasks }),
    range: { from: '1'.repeat(40), to: '2'.repeat(40) },
    base: 'main',
    land: 'local',
    sensitive: [],
    strays: [],
    elsewhere: [],
    leftovers: [],
    held: [],
    outputs: new Map(),
    sealed: false,
    signs: 'dana@example.com with the ssh key SHA256:abc, at a terminal',
    unattended: false,
    localPolicy: false,
    rejected: [],
    again: null,
    landing: {
      goal: 'land',
      base: { branch: 'main', commit: 'a'.repeat(40) },
      session: { branch: 'session/20251117-143022-login-form', tip: '2'.repeat(40), sealed: false },
      tag: 'backup/session-20251117-143022-login-form',
      signs: 'dana@example.com with the ssh key SHA256:abc, at a terminal',
      checkouts: [{ top: '/home/dana/shop', role: 'session', after: 'to-base' }],
      keepBranch: false,
      push: null,
    },
    since: null,
    ...over,
  };
}

export const NOW = Date.parse('2025-11-17T14:46:00.000Z');

/** A review that can be decided. */
export function readyData(review = reviewFacts(), blocked: string[] = []): ReviewData {
  return after(emptyReview(review.facts), { kind: 'ready', review, blocked });
}

export function stateOf(data: ReviewData = readyData(), size = { columns: 80, rows: 24 }): State {
  return firstState(data, firstEdits({ kind: 'person', name: 'dana' }), size, NOW);
}

const FLAGS: Record<string, InkKey> = {
  enter: { return: true },
  escape: { escape: true },
  up: { upArrow: true },
  down: { downArrow: true },
  left: { leftArrow: true },
  right: { rightArrow: true },
  tab: { tab: true },
  'back-tab': { tab: true, shift: true },
  'page-down': { pageDown: true },
  'page-up': { pageUp: true },
  home: { home: true },
  end: { end: true },
};

/** The state after keys in turn: a name such as `enter` or `down`, or text as typed. */
export function afterKeys(state: State, ...keys: string[]): Pressed {
  let now: Pressed = { state, effect: null };
  for (const key of keys) {
    if (key === 'ctrl-c') now = press(now.state, 'c', { ctrl: true });
    else now = FLAGS[key] ? press(now.state, '', FLAGS[key]) : press(now.state, key, {});
  }
  return now;
}

/** What stands on the screen, as text. */
export function screenText(state: State): string {
  return frame(state)
    .map((row) => row.map(({ text }) => text).join(''))
    .join('\n');
}
