/** Entry of `git-session`: finds the command, parses its line, runs it, and prints an error once. */

import type { Command } from 'commander';
import { EXIT, SessionError, stateError, usageError } from '../core/errors.ts';
import { isOlder, LEAST_NODE } from '../core/supported.ts';
import { visible } from '../core/text/text.ts';
import { enableCompileCache } from './compile-cache.ts';
import { makeIo } from './io.ts';
import { endWithReader, output } from './output.ts';
import { overview } from './overview.ts';
import { parsePlain } from './plain-line.ts';
import { printError } from './print/error.ts';
import { COMMANDS, GROUPS, loadCommand } from './table.ts';
import { VERSION } from './version.ts';

enableCompileCache();
// Node warns on its own where both are set.
if (process.env.NO_COLOR) delete process.env.FORCE_COLOR;

/** Which command of the table the words name, and how many words name it. */
function findName(words: string[]): { name: string; used: number } | null {
  const two = `${words[0]} ${words[1] ?? ''}`;
  if (COMMANDS.has(two)) return { name: two, used: 2 };
  return words[0] !== undefined && COMMANDS.has(words[0]) ? { name: words[0], used: 1 } : null;
}

async function main(argv: string[]): Promise<number> {
  const [first, second] = argv;
  if (first === undefined || first === '-h' || first === '--help' || first === 'help') {
    if (first === 'help' && second !== undefined) return main([...argv.slice(1), '--help']);
    output(1).write(`${overview(output(1).columns ?? 80)}\n`);
    return 0;
  }
  if (first === '--version' || first === '-v' || first === 'version') {
    output(1).write(`git-session ${VERSION}\n`);
    return 0;
  }
  const found = findName(argv);
  if (!found) return unknown(argv);
  if (isOlder(process.versions.node, LEAST_NODE)) throw oldNode(process.versions.node);
  const spec = await loadCommand(found.name);
  const line = argv.slice(found.used);
  const plain = parsePlain(spec, line);
  if (!plain) return run((await import('./parser.ts')).buildParser(spec), line);
  const call = { io: makeIo(plain.options.json === true), ...plain };
  if (spec.follows?.(call)) endWithReader();
  await spec.run(call);
  return Number(process.exitCode ?? 0);
}

/** Said before a command's file is loaded: an older Node may not even read it. */
function oldNode(version: string): SessionError {
  const least = LEAST_NODE.join('.');
  return stateError({ what: `This is Node ${version}; git-session needs ${least} or later.`, next: `Install Node ${least} or later` });
}

async function unknown([first = '', second = '']: string[]): Promise<number> {
  const group = GROUPS.get(first);
  const io = makeIo(false);
  const shown = visible(first).slice(0, 60);
  if (group) {
    if (second === '' || second === '-h' || second === '--help') {
      io.say(`git session ${first}: ${group}\n`);
      for (const [name, row] of COMMANDS) if (name.startsWith(`${first} `)) io.say(`  git session ${name.padEnd(22)} ${row.summary}`);
      return second === '' ? EXIT.usage : 0;
    }
    const what = `git session ${first} has no command "${visible(second).slice(0, 60)}".`;
    const names = [...COMMANDS.keys()].filter((name) => name.startsWith(`${first} `)).map((name) => name.slice(first.length + 1));
    printError(io, usageError({ what, why: await didYouMean(second, names), next: `See them with: git session ${first} --help` }));
    return EXIT.usage;
  }
  const names = [...GROUPS.keys(), ...[...COMMANDS.keys()].filter((name) => !name.includes(' '))];
  printError(
    io,
    usageError({ what: `There is no command "${shown}".`, why: await didYouMean(first, names), next: 'See them all with: git session -h' }),
  );
  return EXIT.usage;
}

/** Loaded for whoever mistyped alone. */
async function didYouMean(word: string, names: readonly string[]): Promise<string | undefined> {
  return (await import('./parser.ts')).didYouMean(word, names) ?? undefined;
}

async function run(parser: Command, argv: string[]): Promise<number> {
  try {
    await parser.parseAsync(argv, { from: 'user' });
  } catch (error) {
    // git's errors carry a number there.
    const code = String((error as { code?: unknown }).code ?? '');
    if (code === 'commander.helpDisplayed' || code === 'commander.help' || code === 'commander.version') return 0;
    if (code.startsWith('commander.')) return EXIT.usage;
    throw error;
  }
  return Number(process.exitCode ?? 0);
}

/** What happened, why, what next; a bug names itself as ours. Returns the exit code. */
function report(error: unknown): number {
  const io = makeIo(true);
  const known = asKnown(error);
  if (known) {
    printError(io, known);
    return known.exitCode;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.note(`${io.paint('red', 'bug:')} git-session ${VERSION} failed in a way that it should not.`);
  io.note(visible(detail, '\n'));
  io.note('Nothing more was done. Please report this with the lines above.');
  return EXIT.bug;
}

function asKnown(error: unknown): SessionError | null {
  // By name: a fast command's file holds its own copy of the class.
  if (error instanceof Error && error.name === 'SessionError') return error as SessionError;
  // GitError, without loading execa here: it knows how to tell itself.
  const git = error as { asSessionError?: () => SessionError };
  if (typeof git?.asSessionError === 'function') return git.asSessionError();
  const io = error as NodeJS.ErrnoException;
  if (io?.syscall && io.code) {
    const room = 'Make room and run the same command again.';
    const known: Record<string, [what: string, next?: string]> = {
      ENOSPC: ['The disk is full.', room],
      EDQUOT: ['The disk quota is used up.', room],
      EROFS: ['The file system is read-only.'],
      EACCES: ['Permission was denied.'],
      EPERM: ['The operation is not permitted.'],
      EMFILE: ['Too many files are open.'],
    };
    const [what, next] = known[io.code] ?? ['A file could not be read or written.'];
    return new SessionError('state', { what, why: io.message, next });
  }
  return null;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    process.exitCode = report(error);
  },
);
