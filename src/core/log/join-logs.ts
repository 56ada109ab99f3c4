/**
 * The log files of two clones of one session as one set of files. Nothing that either has written is lost, and a file that a seal has
 * written stays as it is: what was appended to it elsewhere moves to the writer's next one. Pure.
 */

import type { SessionId } from '../session/session-id.ts';
import { encodeRecord, mergeRecords, parseLog } from './log.ts';
import { logPath, parseLogPath } from './log-path.ts';
import type { AnyRecord, UnknownRecord } from './record.ts';

/** Text by path. */
export type LogFiles = ReadonlyMap<string, string>;

type Line = AnyRecord | UnknownRecord;

const linesOf = (files: Iterable<string>): Line[] => {
  const parsed = [...files].map(parseLog);
  return parsed.flatMap(({ records, unknown }) => [...records, ...unknown]);
};

/** `kept`: the files of the side that is sealed, which stay to the letter. `fork`: those where both began, whose lines the seal has judged. */
export function joinSealed(id: SessionId, fork: LogFiles, kept: LogFiles, other: LogFiles): Map<string, string> {
  const joined = new Map(kept);
  const known = new Set([...linesOf(fork.values()), ...linesOf(kept.values())].map((line) => line.id));
  const moved = new Map<string, Line[]>();
  for (const [path, text] of other) {
    const writer = parseLogPath(id, path)?.writer ?? '';
    const fresh = linesOf([text]).filter((line) => !known.has(line.id));
    // A file that neither the fork nor the seal has is one that the writer began since.
    if (!fork.has(path) && !kept.has(path)) joined.set(path, text);
    else if (fresh.length > 0) moved.set(writer, [...(moved.get(writer) ?? []), ...fresh]);
  }
  for (const [writer, lines] of moved) {
    const path = logPath(id, { writer, n: nextNumber(id, writer, [fork, kept, other, joined]) });
    joined.set(path, mergeRecords<Line>(lines).map(encodeRecord).join(''));
  }
  return joined;
}

/** One above every number that the writer has used anywhere. */
function nextNumber(id: SessionId, writer: string, sets: readonly LogFiles[]): number {
  const own = sets.flatMap((files) => [...files.keys()].map((path) => parseLogPath(id, path))).filter((file) => file?.writer === writer);
  return Math.max(0, ...own.map((file) => file?.n ?? 0)) + 1;
}

/** Where neither side is sealed. A file that both have: the one that begins with the other, else the lines of ours and what only theirs has behind them. */
export function joinOpen(ours: LogFiles, theirs: LogFiles): Map<string, string> {
  const joined = new Map(ours);
  for (const [path, text] of theirs) {
    const own = joined.get(path);
    if (own === undefined || text.startsWith(own)) joined.set(path, text);
    else if (!own.startsWith(text)) {
      const there = new Set(linesOf([own]).map((line) => line.id));
      const fresh = linesOf([text]).filter((line) => !there.has(line.id));
      joined.set(path, `${own}${own.endsWith('\n') ? '' : '\n'}${fresh.map(encodeRecord).join('')}`);
    }
  }
  return joined;
}
