/** What a review shows, filled in as it becomes known. Pure. */

import { type CheckProgress, type PlannedCheck, SET_UP } from '../closeout/checks/index.ts';
import { concernsOf, type ReviewFacts } from '../core/closeout/review.ts';
import type { CheckResult } from '../core/policy/policy.ts';

export interface CheckRow extends PlannedCheck {
  state: 'waiting' | 'running' | 'done';
  result: CheckResult | null;
  /** The end of what it printed so far, as it is: make it visible before printing. */
  lines: string[];
  /** When it began, in milliseconds since the epoch; null before, and for what ran before the screen was there. */
  began: number | null;
}

export interface ReviewData {
  id: string;
  topic: string;
  goal: string | null;
  /** `preparing`: nothing is known yet. `checking`: all but results. `ready`: it can be decided. */
  stage: 'preparing' | 'checking' | 'ready';
  /** What goes on, safe to print. */
  doing: string;
  review: ReviewFacts | null;
  checks: CheckRow[];
  /** What the set-up printed last. */
  setup: CheckRow | null;
  /** Things for which the topic has to be typed. */
  concerns: string[];
  /** Names of required checks that have not passed. */
  blocked: string[];
}

export type DataEvent =
  | { kind: 'note'; text: string }
  | { kind: 'found'; review: ReviewFacts }
  | { kind: 'check'; check: CheckProgress; at: number }
  | { kind: 'ready'; review: ReviewFacts; blocked: string[] };

/** So much of a check's output is kept for the screen; the whole is in its log. */
const MOST_LINES = 500;

/** Before anything is known but the session itself. */
export function emptyReview(session: { id: string; topic: string; goal: string | null }): ReviewData {
  return { ...session, stage: 'preparing', doing: '', review: null, checks: [], setup: null, concerns: [], blocked: [] };
}

/** The data after an event. */
export function after(data: ReviewData, event: DataEvent): ReviewData {
  switch (event.kind) {
    case 'note':
      return { ...data, doing: event.text };
    case 'found':
      return { ...data, stage: 'checking', doing: 'Running checks', review: event.review };
    case 'check':
      return checked(data, event.check, event.at);
    case 'ready': {
      const { review, blocked } = event;
      const rows = review.facts.checks.map((result): CheckRow => {
        const before = data.checks.find(({ name }) => name === result.name);
        const { name, source, required } = result;
        return { name, source, required, state: 'done', result, lines: before?.lines ?? [], began: before?.began ?? null };
      });
      return { ...data, stage: 'ready', doing: '', review, checks: rows, concerns: concernsOf(review), blocked };
    }
  }
}

function planned(before: readonly CheckRow[], checks: readonly PlannedCheck[]): CheckRow[] {
  const waiting = (check: PlannedCheck): CheckRow => ({ ...check, state: 'waiting', result: null, lines: [], began: null });
  const again = new Map(checks.map((check) => [check.name, check]));
  const kept = before.map((row) => (again.has(row.name) ? waiting(row) : row));
  return [...kept, ...checks.filter(({ name }) => !before.some((row) => row.name === name)).map(waiting)];
}

function checked(data: ReviewData, event: CheckProgress, at: number): ReviewData {
  if (event.phase === 'planned') return { ...data, stage: 'checking', doing: 'Running checks', checks: planned(data.checks, event.checks) };
  const step = (row: CheckRow): CheckRow => {
    if (event.phase === 'started') return { ...row, state: 'running', began: at };
    if (event.phase === 'finished') return { ...row, state: 'done', result: event.result };
    // Grown in place: a check may print a hundred thousand lines.
    row.lines.push(event.line);
    if (row.lines.length > MOST_LINES * 2) row.lines.splice(0, MOST_LINES);
    return row;
  };
  if (event.check === SET_UP) {
    const fresh: CheckRow = { name: SET_UP, source: 'policy', required: true, state: 'waiting', result: null, lines: [], began: null };
    return { ...data, setup: step(event.phase === 'started' ? fresh : (data.setup ?? fresh)) };
  }
  return { ...data, checks: data.checks.map((row) => (row.name === event.check ? step(row) : row)) };
}

/** Checks that passed, and those that count: what is not needed does not. */
export function progressOf({ checks }: Pick<ReviewData, 'checks'>): { passed: number; of: number; failed: number; left: number } {
  const needed = checks.filter(({ result }) => result?.status !== 'not-needed');
  const passed = needed.filter(({ result }) => result?.status === 'passed').length;
  const left = needed.filter(({ state }) => state !== 'done').length;
  return { passed, of: needed.length, left, failed: needed.length - passed - left };
}
