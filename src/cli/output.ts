/** Standard output and error without Node's streams where they are no terminal: these load `net`, which costs an agent's call 5 ms. */

import { fstatSync, writeSync } from 'node:fs';

export interface Output {
  write(text: string): void;
  isTTY: boolean;
  /** Columns of the terminal, or null. */
  columns: number | null;
}

const kept = new Map<1 | 2, Output>();

/** Standard output (1) or error (2). A reader that went away, a pager or `head`, is no failure of ours: the program ends with 0. */
export function output(fd: 1 | 2): Output {
  const found = kept.get(fd) ?? (mayBeTerminal(fd) ? stream(fd) : plain(fd));
  kept.set(fd, found);
  return found;
}

/** Terminals are character devices; so is /dev/null. Where nothing can be told, Node decides. */
function mayBeTerminal(fd: number): boolean {
  try {
    return fstatSync(fd).isCharacterDevice();
  } catch {
    return true;
  }
}

function stream(fd: 1 | 2): Output {
  const to = fd === 1 ? process.stdout : process.stderr;
  to.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    // The terminal was closed: SIGHUP ends us, and whoever waits for it tidies up.
    if (error.code === 'EIO') return;
    if (fd === 1) writeSync(2, `error: Standard output could not be written: ${error.message}\n`);
    process.exit(1);
  });
  return { write: (text) => void to.write(text), isTTY: to.isTTY === true, columns: to.columns ?? null };
}

function plain(fd: 1 | 2): Output {
  let rest: Output | null = null;
  const write = (text: string) => {
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
        if (code === 'EPIPE') process.exit(0);
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
