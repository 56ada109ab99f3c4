/** Memory read from the text of a log without making records of it: a search looks at every line, and shows a few. Pure. */

import { compareRecords, compareText } from './clock.ts';
import { parseLog } from './log.ts';
import { claimsTakenPlace, entryOf, isLive, isWritten, type MemoryEntry, valueText, type Written } from './memory.ts';
import type { AnyRecord } from './record.ts';
import type { SearchText } from './search.ts';

/** One record of memory: taken apart far enough to be folded and searched. */
export interface MemoryLine {
  id: string;
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
  `\\{"v":1,"id":"(${WORD}+)","at":"(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z)",(?:"n":([1-9]\\d{0,8}),)?"session":"(${WORD}+)",` +
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
      if (of === session) lines.push({ id, at, n: n === undefined ? 0 : Number(n), namespace, key, plain, source: line });
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
    at: record.at,
    n: record.n ?? 0,
    namespace: record.data.namespace,
    key: record.data.key,
    plain: null,
    source: record,
  }));
}

/** What `foldMemory` would hold at `now`, in no order. */
export function foldLines(lines: readonly MemoryLine[], now: number): MemoryLine[] {
  const winners = new Map<string, Map<string, MemoryLine>>();
  for (const line of merged(lines)) {
    const places = winners.get(line.namespace) ?? new Map<string, MemoryLine>();
    winners.set(line.namespace, places);
    const before = line.plain === null ? places.get(line.key) : undefined;
    if (before === undefined || !claimsTakenPlace(recordOf(line), recordOf(before))) places.set(line.key, line);
  }
  return [...winners.values()].flatMap((places) =>
    [...places.values()].filter((line) => line.plain !== null || isLive(recordOf(line), now)),
  );
}

/** Each id once, in the one order; as `mergeRecords`. */
function merged(lines: readonly MemoryLine[]): readonly MemoryLine[] {
  if (isMerged(lines)) return lines;
  const place = new Map<string, number>();
  const out: MemoryLine[] = [];
  for (const line of [...lines].sort(compareRecords)) {
    const at = place.get(line.id);
    const before = at === undefined ? undefined : out[at];
    if (at === undefined || before === undefined) {
      place.set(line.id, out.length);
      out.push(line);
    } else if (compareRecords(before, line) === 0 && before.source !== line.source && textOf(line) < textOf(before)) {
      out[at] = line;
    }
  }
  return out;
}

/** In order, and with ids that grow: one writer's lines, which hold no id twice. */
function isMerged(lines: readonly MemoryLine[]): boolean {
  for (let i = 1; i < lines.length; i++) {
    const [a, b] = [lines[i - 1] as MemoryLine, lines[i] as MemoryLine];
    if (a.id >= b.id || compareRecords(a, b) > 0) return false;
  }
  return true;
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
  return { title: tags.length > 0 ? `${key} ${tags.join(' ')}` : key, body: valueText(value) };
}

/** By namespace and key: the order of `foldMemory`. */
export function compareLines(a: MemoryLine, b: MemoryLine): number {
  return compareText(a.namespace, b.namespace) || compareText(a.key, b.key);
}
