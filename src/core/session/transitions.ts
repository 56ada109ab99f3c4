/**
 * The lifecycle of a session as one pure function: state and event in, next state and the actions to take out, or why not.
 * docs/lifecycle.md shows the diagram that is made from it. Pure.
 */

import type { SessionState } from './metadata.ts';
import type { SessionId } from './session-id.ts';

/** What can happen to a session that exists. */
export const SESSION_EVENTS = ['prepare', 'change', 'reject', 'seal', 'withdraw', 'land', 'abandon', 'restore'] as const;
export type SessionEvent = (typeof SESSION_EVENTS)[number];

export const SESSION_STATES: readonly SessionState[] = ['active', 'review', 'sealed', 'closed', 'abandoned'];

/** What a command has to do for a transition, in this order. */
export type Action =
  | 'record closeout.prepared'
  | 'record closeout.rejected'
  | 'record session.abandoned'
  | 'record session.restored'
  | 'write the seal'
  | 'sign the tag'
  | 'move base'
  | 'metadata says abandoned'
  | 'metadata says active'
  | 'tag to trash'
  | 'checkout to base'
  | 'branch to trash'
  | 'branch from trash'
  | 'branch from tag'
  | 'delete the branch'
  | 'start a session that continues it';

export interface TransitionFacts {
  /** A backup tag names the seal. */
  tagged: boolean;
  /** The branch is gone and its commits are in the trash. */
  inTrash: boolean;
  /** The branch is gone and a backup tag has its commits. */
  inTag: boolean;
  /** A worktree has the branch checked out. */
  checkedOut: boolean;
  /** Policy keeps branches after landing. */
  keepsBranch: boolean;
  /** `restore --continue`: a topic for a session that goes on where a closed one ended. */
  continues: boolean;
}

export type Transition = { state: SessionState; actions: Action[] } | { refused: string };

/** The next state and what to do, or (`refused`) the reason, as a sentence. */
export function transition(state: SessionState, event: SessionEvent, facts: TransitionFacts): Transition {
  const row = TABLE[event];
  const to = row.from[state];
  if (to === undefined) return { refused: row.refuse[state] ?? REFUSED[state] };
  if (event === 'restore' && state === 'closed' && !facts.continues) return { refused: NEVER_REOPENED };
  if (event === 'restore' && state === 'sealed' && !facts.inTag) return { refused: NOT_GIVEN_UP };
  return { state: to, actions: row.actions.filter(({ when }) => when(state, facts)).map(({ action }) => action) };
}

/** Why not, as one sentence about the session. */
export function refusal(id: SessionId, refused: string): string {
  return refused.replace(/^It /, `${id} `);
}

interface Row {
  /** Next state by the state before; what is missing is refused. */
  from: Partial<Record<SessionState, SessionState>>;
  refuse: Partial<Record<SessionState, string>>;
  actions: { action: Action; when: (from: SessionState, facts: TransitionFacts) => boolean }[];
}

const NEVER_REOPENED = 'It is closed: its work has landed, and a closed session is never opened again.';

const NOT_GIVEN_UP = 'It is sealed, not abandoned: there is nothing to restore.';

const REFUSED: Record<SessionState, string> = {
  active: 'It is still active.',
  review: 'It is in review.',
  sealed: 'It is sealed: final, and waiting for its signature or its landing.',
  closed: NEVER_REOPENED,
  abandoned: 'It is abandoned.',
};

const always = () => true;
const whereTagged = (_: SessionState, facts: TransitionFacts) => facts.tagged;

const TABLE: Record<SessionEvent, Row> = {
  prepare: {
    from: { active: 'review', review: 'review' },
    refuse: {},
    actions: [{ action: 'record closeout.prepared', when: always }],
  },
  // The tree outside the log, or memory, is another than what was prepared or sealed.
  change: {
    from: { active: 'active', review: 'active', sealed: 'active' },
    refuse: {},
    actions: [
      { action: 'metadata says active', when: (from) => from === 'sealed' },
      { action: 'tag to trash', when: whereTagged },
    ],
  },
  reject: {
    from: { active: 'active', review: 'active', sealed: 'active' },
    refuse: {},
    actions: [
      { action: 'record closeout.rejected', when: always },
      { action: 'metadata says active', when: (from) => from === 'sealed' },
      { action: 'tag to trash', when: whereTagged },
    ],
  },
  seal: {
    from: { review: 'sealed' },
    refuse: { active: 'It is not prepared: what would be sealed has not been checked.' },
    actions: [{ action: 'write the seal', when: always }],
  },
  withdraw: {
    from: { sealed: 'active' },
    refuse: { active: 'It is not sealed: there is nothing to withdraw.', review: 'It is not sealed: there is nothing to withdraw.' },
    actions: [
      { action: 'metadata says active', when: always },
      { action: 'tag to trash', when: whereTagged },
    ],
  },
  land: {
    from: { sealed: 'closed' },
    refuse: { active: 'It is not sealed: nobody has approved it.', review: 'It is not sealed: nobody has approved it.' },
    actions: [
      { action: 'sign the tag', when: (_, facts) => !facts.tagged },
      { action: 'move base', when: always },
      { action: 'checkout to base', when: (_, facts) => facts.checkedOut },
      { action: 'delete the branch', when: (_, facts) => !facts.keepsBranch },
    ],
  },
  abandon: {
    from: { active: 'abandoned', review: 'abandoned', sealed: 'abandoned' },
    refuse: { abandoned: 'It is abandoned already.', closed: 'It is closed: its work has landed and cannot be abandoned.' },
    actions: [
      { action: 'checkout to base', when: (_, facts) => facts.checkedOut },
      { action: 'record session.abandoned', when: always },
      { action: 'metadata says abandoned', when: always },
      { action: 'tag to trash', when: whereTagged },
      { action: 'branch to trash', when: always },
    ],
  },
  restore: {
    // Sealed and its branch gone: the branch stands again, and it waits as it did.
    from: { abandoned: 'active', sealed: 'sealed', closed: 'closed' },
    refuse: { active: 'It is active: there is nothing to restore.' },
    actions: [
      { action: 'record session.restored', when: (from) => from === 'abandoned' },
      { action: 'metadata says active', when: (from) => from === 'abandoned' },
      { action: 'branch from trash', when: (from, facts) => from === 'abandoned' && facts.inTrash },
      { action: 'branch from tag', when: (from, facts) => from !== 'closed' && facts.inTag },
      { action: 'tag to trash', when: (from, facts) => from === 'abandoned' && facts.inTag },
      { action: 'start a session that continues it', when: (from) => from === 'closed' },
    ],
  },
};

/** The lifecycle as mermaid text: every transition that changes the state, events that do the same joined. */
export function transitionsDiagram(): string {
  const lines = ['stateDiagram-v2', '    [*] --> active: start'];
  for (const from of SESSION_STATES) {
    for (const to of SESSION_STATES) {
      const events = SESSION_EVENTS.filter((event) => from !== to && TABLE[event].from[from] === to);
      if (events.length > 0) lines.push(`    ${from} --> ${to}: ${events.join(', ')}`);
    }
  }
  lines.push('    closed --> [*]');
  return `${lines.join('\n')}\n`;
}
