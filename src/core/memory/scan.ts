/** Memory read from the text of a log without making records of it: a search looks at every line, and shows a few. Pure. */

import { compareRecords, compareText } from '../log/clock.ts';
import { parseLog } from '../log/log.ts';
import { type AnyRecord, RECORD_TIME } from '../log/record.ts';
import { asObject } from '../text/json.ts';
import { claimsTakenPlace, entryOf, isLive, isWritten, type MemoryEntry, valueText, type Written } from './memory.ts';
import type { SearchText } from './search.ts';

/** One record of memory: taken apart far enough to be folded and searched. */
export interface MemoryLine {
  id: string;
  session: string;
  at: string;
  n: number;
  namespace: string;
  key: string;
  /** The value where it is plain text and the line held nothing that the fold asks for. */
  plain: string | null;
  /** The record, or the line that holds it. */
  source: Written | string;
}

const WORD = '[^"\\\\\\u0000-\\u001f]';
/** A whole line of memory whose strings hold no escape, as this program writes most: what matches is JSON, and a sound record. */
const PLAIN = new RegExp(
  `\\{"v":1,"id":"(${WORD}+)","at":"(${RECORD_TIME.source.slice(1, -1)})",(?:"n":([1-9]\\d{0,8}),)?"session":"(${WORD}+)",` +
    `"actor":\\{"kind":"(?:person|agent|subagent|tool)","name":"${WORD}*"(?:,"id":"${WORD}*")?\\},"kind":"memory\\.stored",` +
    `"data":\\{"namespace":"(${WORD}*)","key":"(${WORD}*)","value":"(${WORD}*)"(?:,"task":"${WORD}*")?\\}\\}\\n`,
  'y',
);

/** The memory records of one session in the text of its log or journal, in file order, duplicates included. */
export function scanMemory(text: string, session: string): MemoryLine[] {
  const lines: MemoryLine[] = [];
  for (let from = 0; from < text.length; ) {
    PLAIN.lastIndex = from;
    const match = PLAIN.exec(text);
    if (match) {
      const [line, id = '', at = '', n, of, namespace = '', key = '', plain = ''] = match;
      from += line.length;
      if (of === session && namespace !== '__proto__')
        lines.push({ id, session, at, n: n === undefined ? 0 : Number(n), namespace, key, plain, source: line });
      continue;
    }
    const end = text.indexOf('\n', from);
    const next = end === -1 ? text.length : end + 1;
    lines.push(...memoryLines(parseLog(text.slice(from, next)).records.filter((record) => record.session === session)));
    from = next;
  }
  return lines;
}

/** The memory records among parsed ones, in their order. */
export function memoryLines(records: readonly AnyRecord[]): MemoryLine[] {
  return records.filter(isWritten).map((record) => ({
    id: record.id,
    session: record.session,
    at: record.at,
    n: record.n ?? 0,
    namespace: record.data.namespace,
    key: record.data.key,
    plain: null,
    source: record,
  }));
}

/** As claimsTakenPlace. A plain line claims nothing. */
export function claimsLine(line: MemoryLine, before: MemoryLine | undefined): boolean {
  return line.plain === null && before !== undefined && claimsTakenPlace(recordOf(line), recordOf(before));
}

/** A record that only counts in a free place. */
export function isClaim(line: MemoryLine): boolean {
  if (line.plain !== null) return false;
  const record = recordOf(line);
  return record.kind === 'memory.stored' && record.data.if_absent === true;
}

/** As isLive. A plain line lives for ever. */
export function liveLine(line: MemoryLine, now: number): boolean {
  return line.plain !== null || isLive(recordOf(line), now);
}

/** Of two lines that claim one id, the one that stays; as `mergeRecords`. */
export function keptOf(a: MemoryLine, b: MemoryLine): MemoryLine {
  const order = compareRecords(a, b);
  if (order !== 0 || a.source === b.source) return order <= 0 ? a : b;
  return textOf(b) < textOf(a) ? b : a;
}

const recordOf = ({ source }: MemoryLine): Written => (typeof source === 'string' ? (JSON.parse(source) as Written) : source);
const textOf = (line: MemoryLine): string => JSON.stringify(recordOf(line));

/** The entry of a line that the fold left. */
export function entryOfLine(line: MemoryLine): MemoryEntry {
  const record = recordOf(line);
  if (record.kind !== 'memory.stored') throw new TypeError('a deletion is no entry');
  return entryOf(record);
}

/** What a search looks at. */
export function searchTextOf(line: MemoryLine): SearchText {
  if (line.plain !== null) return { title: line.key, body: line.plain };
  const { key, tags, value } = entryOfLine(line);
  return { title: [key, ...tags, ...headsOf(value)].join(' '), body: valueText(value) };
}

/** What names a value in it: its title, and the phrasings of tasks that it fits. */
function headsOf(value: unknown): string[] {
  const fields = asObject(value);
  return [textIn(fields?.title), textIn(fields?.applies_to)].filter((text) => text !== '');
}

/** The same by the names that people know, to tell where a word was found. */
export function searchFieldsOf({ key, tags, value }: MemoryEntry): [name: string, text: string][] {
  const { title, description, lessons_learned, applies_to, ...rest } = asObject(value) ?? {};
  const named = { title, description, lessons: lessons_learned, applies_to };
  const fields = Object.entries({ key, tags, ...named }).map(([name, part]): [string, string] => [name, textIn(part)]);
  return [...fields, ['value', valueText(asObject(value) ? rest : value)]];
}

const textIn = (part: unknown): string => (Array.isArray(part) ? part.map(textIn).join('\n') : part === undefined ? '' : valueText(part));

/** The line with its value in it, where that was too large for a line and has been read. */
export function lineWithValue(line: MemoryLine, value: unknown): MemoryLine {
  const record = recordOf(line);
  if (record.kind !== 'memory.stored') return line;
  const { blob: _, ...data } = record.data;
  return { ...line, source: { ...record, data: { ...data, value } } };
}

/** By namespace and key: the order of `foldMemory`. */
export function compareLines(a: MemoryLine, b: MemoryLine): number {
  return compareText(a.namespace, b.namespace) || compareText(a.key, b.key);
}
