/** The terminal while a screen is open on it: its alternate screen, given back whatever ends us. */

import { openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';

const ENTER = '\u001b[?1049h\u001b[2J\u001b[H';
const CLEAR = '\u001b[2J\u001b[H';
/** Cursor shown, synchronised output ended, the person's own screen back. */
const GIVE_BACK = '\u001b[?2026l\u001b[?25h\u001b[?1049l';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Window {
  /** What Ink writes to. */
  stdout: NodeJS.WriteStream;
  /** What Ink reads from. */
  stdin: NodeJS.ReadStream;
  size(): { columns: number; rows: number };
  /** Ends what is drawn, gives the terminal back. Safe to call again. */
  close(): void;
}

export interface WindowEvents {
  onResize(): void;
  /** The terminal went away: nobody can answer any more. */
  onGone(): void;
  /** The terminal has just been given back: nothing must be drawn any more. */
  onEnd(): void;
}

/**
 * Takes the terminal. Ink is given a stream that calls itself very tall: it would clear terminal and scrollback where a frame fills the
 * window. After a change of size the last frame is drawn once more on a cleared screen.
 */
export function openWindow(events: WindowEvents): Window {
  const out = process.stdout;
  const keys = ownTerminal();
  let open = true;
  let closed = false;
  let last = '';
  const size = () => ({ columns: Math.max(20, out.columns || 80), rows: Math.max(8, out.rows || 24) });
  const stdout = new Proxy(out, {
    get(target, name) {
      if (name === 'write') return write;
      if (name === 'rows') return 10_000;
      if (name === 'columns') return size().columns;
      // Our own handler redraws.
      if (name === 'on' || name === 'off')
        return (event: string, listener: (...args: unknown[]) => void) => (event === 'resize' ? stdout : target[name](event, listener));
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  }) as NodeJS.WriteStream;

  function write(text: string, done?: () => void): boolean {
    if (!open) {
      if (typeof done === 'function') queueMicrotask(done);
      return true;
    }
    if (text.length > 20) last = text;
    return out.write(text, done);
  }
  const onResize = () => {
    if (!open) return;
    out.write(CLEAR + last);
    events.onResize();
  };
  const giveBack = () => {
    if (!open) return;
    open = false;
    try {
      writeSync(1, GIVE_BACK);
    } catch {
      // The terminal is gone.
    }
  };
  const onSignal = (signal: NodeJS.Signals) => {
    close();
    // Whoever else waits for the signal (checks that run) ends us when all is cleared away.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const gone = () => {
    if (open) events.onGone();
  };
  function close(): void {
    if (closed) return;
    closed = true;
    giveBack();
    events.onEnd();
    out.off('resize', onResize);
    out.off('error', gone);
    keys?.destroy();
    for (const signal of SIGNALS) process.off(signal, onSignal);
    process.off('exit', giveBack);
    process.off('uncaughtExceptionMonitor', giveBack);
  }

  out.write(ENTER);
  out.on('resize', onResize);
  out.on('error', gone);
  keys?.on('error', gone);
  keys?.on('end', gone);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.on('exit', giveBack);
  process.on('uncaughtExceptionMonitor', giveBack);
  return { stdout, stdin: keys ?? process.stdin, size, close };
}

/**
 * The controlling terminal, opened for the screen alone. Node goes on reading standard input after Ink has let it go, and would take
 * keys from whoever asks next: ssh-keygen for a passphrase, say. Closing this one ends that. Null where there is none: standard input serves then.
 */
export function ownTerminal(): ReadStream | null {
  try {
    return new ReadStream(openSync('/dev/tty', 'r'));
  } catch {
    return null;
  }
}
