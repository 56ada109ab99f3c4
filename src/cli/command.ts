/** What a command file declares, and what it gets to run with. */

import type { Io } from './io.ts';

export interface OptionSpec {
  /** As commander reads it: `--goal <text>`, `-n, --limit <n>`, `--json`. */
  flags: string;
  description: string;
  choices?: string[];
  default?: string | boolean | number;
  /** May be given several times; the value is then an array. */
  many?: boolean;
}

/** How a session is named wherever a command takes one. */
export const SESSION_WORDS = 'id, branch, or any unique beginning of either';

/** The argument of commands that fall back to the session of this checkout. */
export const SESSION_ARG = { spec: '[session]', description: `${SESSION_WORDS}; the checked-out session without it` };

export interface CommandSpec {
  /** As typed: `start`, or `hooks pre-task` for a command of a group. */
  name: string;
  /** One imperative line without a period. */
  summary: string;
  /** Paragraphs shown by --help after the summary. */
  details?: string;
  /** As commander reads them: `<topic>`, `[id]`, `[words...]`. */
  args?: { spec: string; description: string }[];
  options?: OptionSpec[];
  /** Command lines shown by --help. */
  examples?: string[];
  /** Prints facts: gets `--json`, whose schema is in `schemas.ts` under the command's name. */
  json?: boolean;
  /** It goes on until it is ended: where nobody reads it any more, it ends. */
  follows?(call: Call): boolean;
  run(call: Call): Promise<void>;
}

export interface Call {
  io: Io;
  /** Positional arguments in order; a variadic one is spread at the end. */
  args: string[];
  /** Options by camel-cased long name. */
  options: Record<string, string | boolean | string[] | undefined>;
}

/** A string option, or undefined. */
export function text(call: Call, name: string): string | undefined {
  const value = call.options[name];
  return typeof value === 'string' ? value : undefined;
}

/** A flag. */
export function flag(call: Call, name: string): boolean {
  return call.options[name] === true;
}

/** An option that may be given several times. */
export function texts(call: Call, name: string): string[] {
  const value = call.options[name];
  return Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];
}
