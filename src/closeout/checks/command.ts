/** Runs one command line of policy to its end, and leaves no process of it behind. */

import { spawn } from 'node:child_process';
import { Captured } from './captured.ts';
import { endGroup, endStragglers } from './processes.ts';

export interface CommandOptions {
  cwd: string;
  env: Record<string, string>;
  timeoutMs: number;
  /** Ends the command at once. */
  abort: AbortSignal;
  /** Each line as it comes, without its end; both streams. */
  onLine?: (line: string) => void;
}

export interface CommandResult {
  /** Null where it was ended by a signal or never started. */
  code: number | null;
  signal: NodeJS.Signals | null;
  timedOut: boolean;
  durationMs: number;
  /** Both streams in the order in which they came, bounded. */
  output: Buffer;
  /** Why it could not be started at all. */
  failure: string | null;
}

/** After SIGTERM a command has this long before SIGKILL. */
const GRACE_MS = 1500;

/** Runs `sh -c <line>` in a process group of its own, standard input empty. The whole group is ended afterwards, and what escaped it. */
export function runCommand(line: string, options: CommandOptions): Promise<CommandResult> {
  return new Promise((resolve) => {
    const started = performance.now();
    const captured = new Captured();
    const lines = lineSplitter(options.onLine);
    const child = spawn('sh', ['-c', line], { cwd: options.cwd, env: options.env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const group = child.pid;
    let timedOut = false;
    let failure: string | null = null;
    let grace: NodeJS.Timeout | undefined;
    let drain: NodeJS.Timeout | undefined;

    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        captured.add(chunk);
        lines.add(chunk);
      });
    }
    const stop = () => {
      if (group === undefined) return;
      endGroup(group, 'SIGTERM');
      grace = setTimeout(() => endGroup(group, 'SIGKILL'), GRACE_MS);
    };
    const onExit = () => group !== undefined && endGroup(group, 'SIGKILL');
    const timer = setTimeout(() => {
      timedOut = true;
      stop();
    }, options.timeoutMs);
    options.abort.addEventListener('abort', stop, { once: true });
    process.once('exit', onExit);

    child.once('error', (error) => {
      failure = error.message;
    });
    child.once('exit', () => {
      clearTimeout(timer);
      clearTimeout(grace);
      // What the command left in the background holds our pipes open; it is ended, and so is what left the group.
      if (group !== undefined) endGroup(group, 'SIGKILL');
      endStragglers(options.env.TMPDIR ?? '');
      drain = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, 1000);
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      clearTimeout(grace);
      clearTimeout(drain);
      options.abort.removeEventListener('abort', stop);
      process.off('exit', onExit);
      lines.end();
      const durationMs = Math.round(performance.now() - started);
      resolve({ code: failure ? null : code, signal, timedOut, durationMs, output: captured.bytes(), failure });
    });
    if (options.abort.aborted) stop();
  });
}

/** Cuts chunks into lines for the live display; a line longer than the bound is shown in pieces. */
function lineSplitter(onLine: ((line: string) => void) | undefined) {
  const decoder = new TextDecoder();
  let rest = '';
  return {
    add(chunk: Buffer) {
      if (!onLine) return;
      const parts = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/);
      rest = parts.pop() ?? '';
      for (const part of parts) onLine(part);
      if (rest.length > 10_000) {
        onLine(rest);
        rest = '';
      }
    },
    end() {
      if (rest && onLine) onLine(rest);
      rest = '';
    },
  };
}
