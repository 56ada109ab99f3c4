/** A text read line by line as far as somebody looks: a diff of any length costs what is seen of it. */

import type { Readable } from 'node:stream';

/** Lines that may still grow. */
export interface TextSource {
  readonly lines: readonly string[];
  /** Everything is read. */
  readonly done: boolean;
  /** Why there is no more, in words; null where there is nothing to say. */
  readonly note: string | null;
  /** Somebody looks as far as line `n`: reads on where that is near the end of what is known. */
  want(n: number): void;
  close(): void;
}

/** A text that is there already. */
export const wholeText = (text: string): TextSource => ({
  lines: text.replace(/\n$/, '').split('\n'),
  done: true,
  note: null,
  want: () => {},
  close: () => {},
});

/** So many lines are read beyond what is wanted. */
const AHEAD = 400;
/** Longer lines are cut here: nobody reads on, and a minified file is one line. */
const LONGEST = 20_000;

/** The stream's lines. `onMore` is called when lines came that were wanted; `stop` ends whatever writes the stream. */
export function lazyLines(stream: Readable, { onMore, stop }: { onMore(): void; stop(): void }): TextSource {
  const lines: string[] = [];
  const decoder = new TextDecoder();
  let rest = '';
  let wanted = AHEAD;
  const source = { lines, done: false, note: null as string | null, want, close };

  function want(n: number): void {
    wanted = Math.max(wanted, n + AHEAD);
    if (!source.done && lines.length < wanted) stream.resume();
  }
  function close(): void {
    stream.destroy();
    stop();
  }
  const push = (line: string) => lines.push(line.length > LONGEST ? `${line.slice(0, LONGEST)}\u2026` : line);
  stream.on('data', (chunk: Buffer) => {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) push(part);
    // A line without end is not collected without end.
    if (rest.length > LONGEST) rest = rest.slice(0, LONGEST + 1);
    if (lines.length >= wanted) stream.pause();
    onMore();
  });
  const end = (note: string | null) => {
    if (source.done) return;
    if (rest !== '') push(rest);
    source.done = true;
    source.note = note;
    onMore();
  };
  stream.once('end', () => end(null));
  stream.once('error', (error: Error) => end(error.message));
  return source;
}
