/** Standard output and error without Node's streams where they are no terminal: these load `net`, which costs an agent's call 5 ms. */

import { fstatSync, statSync, writeSync } from 'node:fs';

export interface Output {
  write(text: string): void;
  isTTY: boolean;
  /** Columns of the terminal, or null where that is unknown: some say 0. */
  columns: number | null;
}

const kept = new Map<1 | 2, Output>();

let ends = false;

/** Nothing but telling is done from here on: where nobody reads any more, the program ends. */
export function endWithReader(): void {
  ends = true;
}

/**
 * Standard output (1) or error (2). A reader that went away, a pager or `head`, is no failure of ours: what is left to say is dropped, and
 * what was begun is done. Only what goes on until it is ended has nothing to do without a reader: see `endWithReader`.
 */
export function output(fd: 1 | 2): Output {
  const found = kept.get(fd) ?? (mayBeTerminal(fd) ? stream(fd) : plain(fd));
  kept.set(fd, found);
  return found;
}

/** Terminals are character devices; so is /dev/null, which is none. Where nothing can be told, Node decides. */
function mayBeTerminal(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    return stat.isCharacterDevice() && stat.rdev !== statSync('/dev/null', { throwIfNoEntry: false })?.rdev;
  } catch {
    return true;
  }
}

function stream(fd: 1 | 2): Output {
  const to = fd === 1 ? process.stdout : process.stderr;
  let gone = false;
  to.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') {
      if (ends) process.exit(0);
      gone = true;
      return;
    }
    // The terminal was closed: SIGHUP ends us, and whoever waits for it tidies up.
    if (error.code === 'EIO') return;
    if (fd === 1) writeSync(2, `error: Standard output could not be written: ${error.message}\n`);
    process.exit(1);
  });
  return { write: (text) => void (gone || to.write(text)), isTTY: to.isTTY === true, columns: to.columns || null };
}

function plain(fd: 1 | 2): Output {
  let rest: Output | null = null;
  let gone = false;
  const write = (text: string) => {
    if (gone) return;
    if (rest) {
      rest.write(text);
      return;
    }
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length; ) {
      try {
        done += writeSync(fd, bytes, done);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EPIPE') {
          if (ends) process.exit(0);
          gone = true;
          return;
        }
        if (code !== 'EAGAIN') throw error;
        // Somebody made the pipe non-blocking, and it is full: Node's stream waits for it.
        rest = stream(fd);
        (fd === 1 ? process.stdout : process.stderr).write(bytes.subarray(done));
        return;
      }
    }
  };
  return { write, isTTY: false, columns: null };
}
