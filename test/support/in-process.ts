/** A command of the table run in this process: what it decides and does is the same, the start of Node is spared. */

import type { Io } from '../../src/cli/io.ts';
import { buildParser } from '../../src/cli/parser.ts';
import { COMMANDS, loadCommand } from '../../src/cli/table.ts';

export interface CommandRun {
  code: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read single facts of it
  facts: any;
  /** What it said to people, or why it refused. */
  said: string;
}

/** Throws what the program would call a bug. The test's process goes to `dir` and stays there. */
export async function runCommand(dir: string, argv: string[]): Promise<CommandRun> {
  const two = argv.slice(0, 2).join(' ');
  const name = COMMANDS.has(two) ? two : (argv[0] ?? '');
  const spec = await loadCommand(name);
  let [facts, said]: [unknown, string] = [null, ''];
  const say = (line = '') => {
    said += `${line}\n`;
  };
  const io: Io = {
    say,
    note: say,
    json: (value) => {
      facts = value;
    },
    raw: say,
    paint: (_, text) => text,
    wantsJson: true,
    terminal: false,
    width: 80,
  };
  process.chdir(dir);
  const code = process.exitCode;
  process.exitCode = 0;
  try {
    const parser = buildParser({ ...spec, run: (call) => spec.run({ ...call, io }) });
    await parser.parseAsync(argv.slice(name.split(' ').length), { from: 'user' });
    return { code: Number(process.exitCode ?? 0), facts, said };
  } catch (error) {
    const known = error as {
      name?: string;
      exitCode?: number;
      message?: string;
      asSessionError?: () => { message: string; exitCode: number };
    };
    const told = known.asSessionError?.() ?? (known.name === 'SessionError' ? known : null);
    if (!told) throw error;
    return { code: told.exitCode ?? 1, facts, said: `${said}${told.message}` };
  } finally {
    process.exitCode = code;
  }
}
