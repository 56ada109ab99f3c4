/** The built CLI at a real terminal, and what a person sees there. */

import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { CLI } from './repo.ts';

export interface Terminal {
  /** Everything printed so far, without colours and carriage returns. */
  text(): string;
  /** The same as it came, with colours. */
  raw(): string;
  /** Resolves once `what` has been printed behind everything that was waited for before. */
  waitFor(what: string | RegExp): Promise<void>;
  /** Types; a line ends with "\r". */
  type(keys: string): void;
  /** What stands on the screen now, line by line, as a terminal emulator draws it. */
  screen(): string;
  /** Resolves once the screen shows this. */
  shows(what: string | RegExp): Promise<void>;
  /** Types, and waits until the screen shows what should come of it. */
  press(keys: string, until: string | RegExp): Promise<void>;
  resize(columns: number, rows: number): void;
  signal(name: 'SIGTERM' | 'SIGHUP' | 'SIGINT'): void;
  /** The window is closed. */
  hangUp(): void;
  /** True while the program uses the alternate screen. */
  onAlternate(): boolean;
  pid: number;
  /** The exit code; 128 and the signal's number where one ended it. */
  exit: Promise<number>;
}

export interface TerminalSize {
  columns: number;
  rows: number;
}

/** Starts `git-session` with these arguments in a pseudo-terminal of its own, in an environment without an agent. */
export function atTerminal(cwd: string, args: string[], env: Record<string, string> = {}, size?: TerminalSize): Terminal {
  return programAtTerminal(process.execPath, [CLI, ...args], cwd, env, size);
}

/** The same for any program. */
export function programAtTerminal(
  file: string,
  args: string[],
  cwd: string,
  env: Record<string, string> = {},
  size: TerminalSize = { columns: 120, rows: 40 },
): Terminal {
  let printed = '';
  let raw = '';
  let seen = 0;
  let ended = false;
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of [...listeners]) listener();
  };
  const emulator = new xterm.Terminal({ cols: size.columns, rows: size.rows, allowProposedApi: true, scrollback: 5000 });
  const pty = spawn(file, args, {
    cwd,
    cols: size.columns,
    rows: size.rows,
    env: { ...(process.env as Record<string, string>), TERM: 'xterm', ...env },
  });
  pty.onData((data) => {
    raw += data;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: taking colours and cursor moves out
    printed += data.replace(/\u001b\[[0-9;?]*[A-Za-z]|\r/g, '');
    changed();
    emulator.write(data, changed);
  });
  const exit = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode, signal }) => {
      // What was printed last is drawn first.
      emulator.write('', () => {
        ended = true;
        changed();
        resolve(signal ? 128 + signal : exitCode);
      });
    });
  });
  const find = (what: string | RegExp): boolean => {
    const rest = printed.slice(seen);
    const at = typeof what === 'string' ? rest.indexOf(what) : rest.search(what);
    if (at < 0) return false;
    seen += at + (typeof what === 'string' ? what.length : (what.exec(rest)?.[0].length ?? 0));
    return true;
  };
  const screen = () => {
    const { active } = emulator.buffer;
    const rows = Array.from({ length: emulator.rows }, (_, n) => active.getLine(active.viewportY + n)?.translateToString(true) ?? '');
    return rows.join('\n').trimEnd();
  };
  const until = (is: () => boolean, what: string | RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (is()) resolve();
        else if (ended) reject(new Error(`the program ended without showing ${what}:\n${printed.slice(-4000)}`));
        else return;
        listeners.delete(look);
      };
      listeners.add(look);
      look();
    });
  const shows = (what: string | RegExp) => until(() => (typeof what === 'string' ? screen().includes(what) : what.test(screen())), what);
  return {
    text: () => printed,
    raw: () => raw,
    waitFor: (what) => until(() => find(what), what),
    type: (keys) => pty.write(keys),
    screen,
    shows,
    press: (keys, what) => {
      pty.write(keys);
      return shows(what);
    },
    resize: (columns, rows) => {
      emulator.resize(columns, rows);
      pty.resize(columns, rows);
    },
    signal: (name) => process.kill(pty.pid, name),
    hangUp: () => (pty as unknown as { destroy(): void }).destroy(),
    onAlternate: () => emulator.buffer.active.type === 'alternate',
    pid: pty.pid,
    exit,
  };
}
