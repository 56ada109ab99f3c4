/** Where a command prints: facts to stdout; with --json facts are JSON and human text goes to stderr. */

// Not by name: Node before 20.12 has no styleText, and is to be told so instead of failing to load this.
import util from 'node:util';
import { fileJson } from '../core/text/json.ts';
import { visible } from '../core/text/text.ts';
import { folded } from './fold.ts';
import { type Output, output } from './output.ts';
import { clearProgress } from './progress.ts';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

export interface Io {
  /** A line for people (stdout, or stderr when stdout carries JSON). Text from elsewhere must be made `visible` first. */
  say(line?: string): void;
  /** A line for people about what goes on (always stderr). */
  note(line: string): void;
  /** The facts; printed only with --json. */
  json(value: unknown): void;
  /** A value that the command was asked for: every byte of it for a program; for a terminal, which would obey some, made visible. */
  raw(text: string): void;
  paint(style: Style, text: string): string;
  readonly wantsJson: boolean;
  /** People look at it; where not, nothing is cut that a program may want whole. */
  readonly terminal: boolean;
  /** Columns of the terminal, or 80. */
  readonly width: number;
}

function colourful(stream: Output): boolean {
  if (process.env.NO_COLOR) return false;
  if (process.env.FORCE_COLOR) return !/^(0|false)$/.test(process.env.FORCE_COLOR);
  // A pager that git started for us is at the terminal.
  const paged = stream === output(1) && /^(1|true|yes|on)$/i.test(process.env.GIT_PAGER_IN_USE ?? '');
  return (stream.isTTY || paged) && process.env.TERM !== 'dumb';
}

/** At a terminal no word is cut at its edge; elsewhere a line is a line. */
const fitted = ({ isTTY, columns }: Output, text: string) => (isTTY && columns ? folded(text, columns) : text);

function print(to: Output, line: string): void {
  clearProgress();
  to.write(`${fitted(to, line)}\n`);
}

export function makeIo(wantsJson: boolean): Io {
  const human = output(wantsJson ? 2 : 1);
  const colour = colourful(human);
  return {
    say: (line = '') => print(human, line),
    note: (line) => print(output(2), line),
    json: (value) => {
      if (wantsJson) output(1).write(fileJson(value));
    },
    raw: (text) => output(1).write(process.stdout.isTTY ? visible(text, '\n\t') : text),
    paint: (style, text) => (colour ? util.styleText(style, text, { validateStream: false } as never) : text),
    wantsJson,
    terminal: human.isTTY,
    width: human.columns ?? 80,
  };
}
