/** Errors as a client's model reads them: what happened, why, what to do next. */

import { SessionError } from '../core/errors.ts';
import { visible } from '../core/text/text.ts';

/** The error's text; a bug of ours says that it is one, and is told on standard error too. */
export function failureText(error: unknown): string {
  const known = asKnown(error);
  if (known) return [known.message, known.why, byTools(known.next)].flatMap((part) => (part ? visible(part, '\n') : [])).join('\n');
  process.stderr.write(`git-session: ${visible(error instanceof Error ? (error.stack ?? error.message) : String(error), '\n')}\n`);
  return 'git-session failed in a way that it should not; nothing more was done. Its standard error has the details.';
}

/** Commands that a model has a tool for. */
const TOOLS: readonly [command: string, tool: string][] = [
  ['git session memory list', 'memory_usage, action list'],
  ['git session pattern record --help', 'the schema of this tool'],
  ['git session start <topic> --from <session>', 'session_start, with from'],
];

const byTools = (next?: string) => TOOLS.reduce((text, [command, tool]) => text?.replace(command, tool), next);

function asKnown(error: unknown): SessionError | null {
  if (error instanceof SessionError) return error;
  // What git says, and what the system says of a file.
  const { asSessionError, syscall, code, message } = error as { asSessionError?: () => SessionError } & NodeJS.ErrnoException;
  if (asSessionError) return asSessionError.call(error);
  return syscall && code ? new SessionError('state', { what: 'A file could not be read or written.', why: message }) : null;
}
