/** What the session wrote to memory, by namespace. */

import { isDecisions } from '../../core/documents/trajectory.ts';
import { type MemoryEntry, valueText } from '../../core/memory/memory.ts';
import { count, oneLine } from '../../core/text/text.ts';
import { headed, type Line, paragraph, span, spread } from '../rows.ts';
import { clockText } from '../words.ts';
import type { Screen } from './view.ts';

export const memoryScreen: Screen = ({ data, width }) => {
  const facts = data.review?.facts;
  if (!facts) return paragraph('Not read yet.', width, 'dim');
  const spaces = [...new Set(facts.memory.map(({ namespace }) => namespace))].sort();
  if (spaces.length === 0) return paragraph('Nothing was stored.', width, 'dim');
  return spaces.flatMap((space) => {
    const entries = facts.memory.filter(({ namespace }) => namespace === space);
    return [
      ...headed(oneLine(space, 60), count(entries.length, 'entry', 'entries')),
      ...entries.flatMap((entry) => entryLines(entry, isDecisions(facts, entry), width)),
    ];
  });
};

function entryLines(entry: MemoryEntry, decisions: boolean, width: number): Line[] {
  const who = decisions ? 'written by the seal' : `${oneLine(entry.by.name, 24)} ${clockText(entry.at)}`;
  const target = `memory:${entry.namespace}\0${entry.key}`;
  return [
    { target, draw: () => spread([span(oneLine(entry.key, 400), 'accent')], [span(who, 'dim')], width - 3) },
    { target: null, draw: () => spread([span(`     ${oneLine(valueText(entry.value).slice(0, 600), 400)}`, 'dim')], [], width) },
  ];
}
