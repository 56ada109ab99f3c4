/** Long answers through the pager that git would use: at a terminal only, chosen by GIT_PAGER, core.pager or PAGER; `cat` or nothing means none. */

import { spawnSync } from 'node:child_process';
import { pagerCommand } from '../git/config.ts';
import type { Repo } from '../git/run.ts';
import type { Call, OptionSpec } from './command.ts';
import type { Io } from './io.ts';
import { output } from './output.ts';

export const NO_PAGER: OptionSpec = { flags: '--no-pager', description: 'print straight to the terminal' };

/** As git sets them for its own pager, where the person has not. */
const DEFAULTS = { LESS: 'FRX', LV: '-c' };
const KEYS = ['SIGINT', 'SIGQUIT'] as const;
const ignore = () => {};

/** What `print` says goes through the pager; notes come behind it, where they are still seen. */
export async function paged({ io, options }: Call, repo: Repo, print: (io: Io) => void): Promise<void> {
  const out = output(1);
  const pager = out.isTTY && !io.wantsJson && options.pager !== false ? await pagerCommand(repo) : 'cat';
  if (pager === '' || pager === 'cat') return print(io);
  const lines: string[] = [];
  const notes: string[] = [];
  print({ ...io, say: (line = '') => lines.push(`${line}\n`), note: (line) => notes.push(line) });
  if (lines.length > 0 && !page(pager, lines.join(''))) out.write(lines.join(''));
  for (const note of notes) io.note(note);
}

/** False where there is no such program. */
function page(pager: string, text: string): boolean {
  // Keys that interrupt are the pager's while it runs, as git has it.
  for (const name of KEYS) process.on(name, ignore);
  const env = { ...DEFAULTS, ...process.env };
  const { status, error } = spawnSync('sh', ['-c', pager], { input: text, stdio: ['pipe', 'inherit', 'inherit'], env });
  for (const name of KEYS) process.off(name, ignore);
  // A pager that was left early has read only a part.
  const left = (error as NodeJS.ErrnoException | undefined)?.code === 'EPIPE';
  return (error === undefined || left) && status !== 126 && status !== 127;
}
