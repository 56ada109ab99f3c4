/** The private files of a landed session: put away and never deleted, and put back where its landing is taken back. */

import {
  closeSync,
  cpSync,
  existsSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { SessionId } from '../core/session/session-id.ts';
import { privatePaths } from './paths.ts';

/** Puts journal and notes away; the newest journal that lies there, or null where there is none. Can be repeated. */
export function putAway(commonDir: string, id: SessionId): string | null {
  const paths = privatePaths(commonDir);
  const closed = closedPaths(commonDir, id);
  mkdirSync(dirname(closed.journal), { recursive: true });
  if (existsSync(paths.session(id))) renameSync(paths.session(id), closed.session);
  // Renamed and never copied: whoever has it open writes into what is kept. What comes then is in a new one.
  if (existsSync(paths.journal(id))) renameSync(paths.journal(id), freeName(closed.journal));
  return keptJournals(closed.journal).at(-1) ?? null;
}

/** Its large values, once nothing has to come back. */
export function putValuesAway(commonDir: string, id: SessionId): void {
  const paths = privatePaths(commonDir);
  moveFolder(paths.values(id), closedPaths(commonDir, id).values);
}

/** A journal that was put away stands where it was; somebody may have begun a new one, and its records are appended to that: they are read by their times. */
export function putJournalBack(commonDir: string, id: SessionId, kept: string): void {
  const journal = privatePaths(commonDir).journal(id);
  if (!isLinked(kept, journal)) {
    // Whoever had it open when it was put away may be writing to it still: read until nothing more has come.
    for (let done = 0; done < statSync(kept).size; ) {
      const bytes = readFileSync(kept).subarray(done);
      appendLines(journal, bytes);
      done += bytes.length;
    }
  }
  rmSync(kept);
}

/** The same file under both names; false where the other is taken. A rename would replace a journal that is begun in this moment. */
function isLinked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch {
    // A run that was killed may have linked it; else it is another file, or the file system knows no links.
    return isSame(from, to);
  }
}

function isSame(a: string, b: string): boolean {
  const [one, other] = [a, b].map((path) => statSync(path, { bigint: true, throwIfNoEntry: false }));
  return one !== undefined && other !== undefined && one.dev === other.dev && one.ino === other.ino;
}

/** Everything of it, the oldest journal first. */
export function putBack(commonDir: string, id: SessionId): void {
  const paths = privatePaths(commonDir);
  const closed = closedPaths(commonDir, id);
  for (const file of keptJournals(closed.journal)) putJournalBack(commonDir, id, file);
  moveFolder(closed.values, paths.values(id));
  if (existsSync(closed.session) && !existsSync(paths.session(id))) renameSync(closed.session, paths.session(id));
}

/** After a newline where the file ends in a piece of a line: a killed writer left that, and the first record would be read as its end. */
function appendLines(path: string, lines: Buffer): void {
  const fd = openSync(path, 'a+');
  try {
    const last = Buffer.alloc(1);
    const { size } = fstatSync(fd);
    const whole = size === 0 || (readSync(fd, last, 0, 1, size - 1) === 1 && last[0] === 10);
    const bytes = whole ? lines : Buffer.concat([Buffer.from('\n'), lines]);
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
  } finally {
    closeSync(fd);
  }
}

function closedPaths(commonDir: string, id: SessionId) {
  const journal = privatePaths(commonDir).closedJournal(id);
  return { journal, values: join(dirname(journal), `${id}.blobs`), session: join(dirname(journal), `${id}.json`) };
}

/** What `freeName` named, oldest first. */
function keptJournals(path: string): string[] {
  const files: string[] = [];
  for (let file = path, n = 2; existsSync(file); file = `${path}.${n++}`) files.push(file);
  return files;
}

/** `x.jsonl`, or where that is taken `x.jsonl.2`, `x.jsonl.3`, … */
function freeName(path: string): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? path : `${path}.${n}`;
    if (!existsSync(name)) return name;
  }
}

function moveFolder(from: string, to: string): void {
  if (!existsSync(from)) return;
  cpSync(from, to, { recursive: true });
  rmSync(from, { recursive: true });
}
