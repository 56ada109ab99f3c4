/** A proposed pattern as lines for people. Pure. */

import type { PatternFact } from '../documents/facts.ts';
import { oneLine } from '../text/text.ts';
import { measuredText } from './outcome.ts';

type Show = (text: string, max?: number) => string;
const plain: Show = (text, max) => oneLine(text, max);

/** One line: what it is, what it does to the bank, what was measured, and what was merely said. */
export function patternLine(pattern: PatternFact, show: Show = plain): string {
  const { measured, claimed } = pattern;
  const outcome = measuredText({ succeeded: measured?.k ?? 0, of: measured?.n ?? 0 });
  const claim = claimed === null ? '' : `, ${claimed} % claimed`;
  const kind = (pattern.fields ?? pattern.before)?.kind === 'pitfall' ? 'pitfall: ' : '';
  return `- ${pattern.kept ? '' : 'dropped: '}${kind}${show(pattern.title)}${changeNote(pattern)} (${outcome}${claim})`;
}

/** ", changed" and the like; nothing for a new one. */
export function changeNote({ change, edited }: Pick<PatternFact, 'change' | 'edited'>): string {
  return `${change === 'new' ? '' : `, ${change}`}${edited ? ', edited by the approver' : ''}`;
}

/** So much of each side of a change is shown, in characters. */
const PART = 160;

/** What a reviewer needs beside that line to decide: where it is kept, what it says or what changed, and what says nearly the same. */
export function proposalLines({ key, change, fields, before, differences, alike }: PatternFact): string[] {
  const said =
    change === 'new' && fields ? [fields.description, fields.approach, ...fields.lessons_learned].filter((text) => text !== null) : [];
  return [
    plain(key),
    ...said.map((text) => `  ${plain(text, PART * 2)}`),
    ...(change === 'changed' && differences.length === 0 ? ['  stored again as it was'] : []),
    ...differences.flatMap(({ field, removed, added }) => [
      ...removed.map((text) => `  ${field} - ${plain(text, PART)}`),
      ...added.map((text) => `  ${field} + ${plain(text, PART)}`),
    ]),
    ...(change === 'removed' && before?.approach ? [`  said: ${plain(before.approach, PART)}`] : []),
    ...alike.map((other) => `  ${other.similarity} % the same words as ${plain(other.key, 100)}: ${plain(other.title, 80)}`),
  ];
}
