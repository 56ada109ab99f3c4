/** The state of a review on the screen. */

import type { Actor } from '../core/log/record.ts';
import type { ReviewData } from './data.ts';
import type { Note, Question, Verdict } from './decision.ts';
import type { TextSource } from './lazy-lines.ts';
import { type Place, START } from './place.ts';
import { agentsScreen } from './screens/agents.ts';
import { checksScreen } from './screens/checks.ts';
import { filesScreen } from './screens/files.ts';
import { landingScreen } from './screens/landing.ts';
import { memoryScreen } from './screens/memory.ts';
import { patternsScreen } from './screens/patterns.ts';
import { summaryScreen } from './screens/summary.ts';
import type { Edits, Screen, View } from './screens/view.ts';

export const SCREENS: readonly { name: string; screen: Screen }[] = [
  { name: 'Summary', screen: summaryScreen },
  { name: 'Agents', screen: agentsScreen },
  { name: 'Files', screen: filesScreen },
  { name: 'Memory', screen: memoryScreen },
  { name: 'Patterns', screen: patternsScreen },
  { name: 'Checks', screen: checksScreen },
  { name: 'Landing', screen: landingScreen },
];

/** A text opened over the screens. */
export interface Pager {
  title: string;
  /** Of a log, colours are taken out; anything else is shown as it is, made visible. */
  kind: 'diff' | 'text' | 'log';
  source: TextSource;
  place: Place;
  /** At the end, wherever that will be: more may be read. */
  atEnd: boolean;
  /** Columns that are scrolled out of sight at the left. */
  left: number;
  /** The file that a diff is about. */
  path: string | null;
}

export interface State {
  data: ReviewData;
  /** Index of the screen. */
  tab: number;
  places: readonly Place[];
  folded: ReadonlySet<string>;
  onlySince: boolean;
  pager: Pager | null;
  help: Place | null;
  asking: { question: Question | Note; text: string } | null;
  /** One line about what a key could not do; gone with the next key. */
  message: string | null;
  edits: Edits;
  /** Reasons noted at lines, to be sent with a rejection. */
  notes: readonly string[];
  size: { columns: number; rows: number };
  /** Milliseconds since the epoch. */
  now: number;
}

/** What the program is to do: everything that is more than the screen. */
export type Effect =
  | { do: 'decide'; verdict: Verdict }
  | { do: 'open-diff'; path: string; from: string; to: string }
  | { do: 'open-log'; check: string }
  | { do: 'check-again'; check: string }
  | { do: 'edit-summary' }
  | { do: 'edit-pattern'; key: string };

/** Nothing but what was dropped on the command line. */
export const firstEdits = (by: Actor, dropped: ReadonlySet<string> = new Set()): Edits => ({
  dropped,
  patterns: new Map(),
  by,
  summary: false,
});

export function firstState(data: ReviewData, edits: Edits, size: State['size'], now: number): State {
  return {
    ...{ data, size, now, tab: 0, places: SCREENS.map(() => START), folded: new Set<string>(), onlySince: false },
    ...{ pager: null, help: null, asking: null, message: null, notes: [] },
    edits,
  };
}

/** What the current screen is drawn from. */
export function viewOf({ data, edits, folded, onlySince, size, now }: State): View {
  return { data, edits, folded, onlySince, width: size.columns, now, draws: true };
}
