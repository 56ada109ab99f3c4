/** The built CLI at a real terminal. */

import { spawn } from '@lydell/node-pty';
import { CLI } from './repo.ts';

export interface Terminal {
  /** Everything printed so far, without colours and carriage returns. */
  text(): string;
  /** Resolves once `what` has been printed behind everything that was waited for before. */
  waitFor(what: string | RegExp): Promise<void>;
  /** Types; a line ends with "\r". */
  type(keys: string): void;
  /** The exit code. */
  exit: Promise<number>;
}

/** Starts `git-session` with these arguments in a pseudo-terminal of its own, in an environment without an agent. */
export function atTerminal(cwd: string, args: string[], env: Record<string, string> = {}): Terminal {
  return programAtTerminal(process.execPath, [CLI, ...args], cwd, env);
}

/** The same for any program. */
export function programAtTerminal(file: string, args: string[], cwd: string, env: Record<string, string> = {}): Terminal {
  let printed = '';
  let seen = 0;
  let ended = false;
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of [...listeners]) listener();
  };
  const pty = spawn(file, args, {
    cwd,
    cols: 120,
    rows: 40,
    env: { ...(process.env as Record<string, string>), TERM: 'xterm', ...env },
  });
  pty.onData((data) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: taking colours and cursor moves out
    printed += data.replace(/\u001b\[[0-9;?]*[A-Za-z]|\r/g, '');
    changed();
  });
  const exit = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode }) => {
      ended = true;
      changed();
      resolve(exitCode);
    });
  });
  const find = (what: string | RegExp): boolean => {
    const rest = printed.slice(seen);
    const at = typeof what === 'string' ? rest.indexOf(what) : rest.search(what);
    if (at < 0) return false;
    seen += at + (typeof what === 'string' ? what.length : (what.exec(rest)?.[0].length ?? 0));
    return true;
  };
  const waitFor = (what: string | RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (find(what)) resolve();
        else if (ended) reject(new Error(`the program ended without printing ${what}:\n${printed}`));
        else return;
        listeners.delete(look);
      };
      listeners.add(look);
      look();
    });
  return { text: () => printed, waitFor, type: (keys) => pty.write(keys), exit };
}
