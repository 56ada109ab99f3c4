/** A command line run at the person's side: its output comes as it is printed, on stderr. */

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { LOCAL } from '../git/env.ts';

export interface LiveRun {
  /** Null where it could not be started, or a signal ended it. */
  code: number | null;
  /** How it ended, as the end of "it …". */
  ended: string;
}

/** Runs `sh -c <line>` in a folder with the person's environment, less what binds git to another repository. Never rejects. */
export function runLive(line: string, cwd: string): Promise<LiveRun> {
  return new Promise((resolve) => {
    const env = { ...process.env };
    for (const name of LOCAL) delete env[name];
    // Ctrl-C ends the command and not us: what was begun is told.
    const ignore = () => {};
    process.on('SIGINT', ignore);
    const done = (run: LiveRun) => {
      process.off('SIGINT', ignore);
      resolve(run);
    };
    const child = spawn('sh', ['-c', line], { cwd, env, stdio: ['ignore', 2, 2] });
    child.once('error', (error) => done({ code: null, ended: `could not be started: ${error.message}` }));
    child.once('close', (code, signal) => done({ code: signal ? null : code, ended: howEnded(code, signal) }));
  });
}

function howEnded(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `exited with ${code}` : `was ended by ${signal} (${constants.signals[signal]})`;
}
