/** A command line of git's configuration, run as git runs it: split at blanks and quotes, without a shell. */

import { stateError } from '../core/errors.ts';
import { oneLine } from '../core/text/text.ts';

/** Words of a command line; single and double quotes and backslashes as git reads them. */
export function splitCommand(line: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let i = 0; i < line.length; i++) {
    const c = line[i] ?? '';
    if (quote ? c === quote : c === '"' || c === "'") {
      quote = quote ? '' : c;
      word ??= '';
    } else if (c === '\\' && quote !== "'" && i + 1 < line.length) {
      word = (word ?? '') + line[++i];
    } else if (!quote && /\s/.test(c)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? '') + c;
    }
  }
  return word === null ? words : [...words, word];
}

/** Standard output of a configured command. Throws (exit 1) where it fails. */
export async function runLine(line: string, cwd: string): Promise<string> {
  const [program, ...args] = splitCommand(line);
  const { execa } = await import('execa');
  const ran = program ? await execa(program, args, { cwd, reject: false, stdin: 'ignore' }) : null;
  if (ran?.exitCode === 0) return ran.stdout;
  throw stateError({
    what: 'The command that should name your signing key failed.',
    why: `gpg.ssh.defaultKeyCommand is: ${oneLine(line)}`,
    next: 'Name the key itself with: git config user.signingKey <path>',
  });
}
