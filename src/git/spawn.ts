/** A program run to its end with its output collected. Node built-ins only: execa costs 25 ms to load and 2 ms a call, and most commands ask git a dozen times. */

import type { ChildProcess } from 'node:child_process';

export interface Collected {
  /** Null where it could not be started, or a signal ended it. */
  code: number | null;
  stdout: Buffer;
  stderr: Buffer;
  /** Why it could not be started, or which signal ended it; else empty. */
  failure: string;
}

export interface CollectOptions {
  cwd: string;
  /** The whole environment of the child. */
  env: NodeJS.ProcessEnv;
  input?: string | Uint8Array;
}

/** Never rejects: what went wrong is in `code` and `failure`. */
export function collect(program: string, args: readonly string[], { cwd, env, input }: CollectOptions): Promise<Collected> {
  return new Promise((resolve) => {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let failure = '';
    const done = (code: number | null) => resolve({ code, stdout: join(out), stderr: join(err), failure });
    let child: ChildProcess;
    try {
      child = nodeSpawn()(program, args, { cwd, env, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'], windowsHide: true });
    } catch (error) {
      // A NUL in an argument, or a line that is too long.
      failure = (error as Error).message;
      done(null);
      return;
    }
    child.stdout?.on('data', (data: Buffer) => out.push(data));
    child.stderr?.on('data', (data: Buffer) => err.push(data));
    // A program that ends before it has read everything is judged by its exit code.
    child.stdin?.on('error', () => {});
    child.on('error', (error) => {
      failure = error.message;
    });
    child.on('close', (code, signal) => {
      if (signal) failure = `${program} was ended by ${signal}`;
      done(failure === '' ? code : null);
    });
    child.stdin?.end(input);
  });
}

const join = (parts: Buffer[]): Buffer => (parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts));

/** Loaded on the first process: the commands that agents call most ask nothing, and the module costs 3 ms. */
export const nodeSpawn = () => process.getBuiltinModule('node:child_process').spawn;
