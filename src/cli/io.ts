/** Where a command prints: facts to stdout; with --json facts are JSON and human text goes to stderr. */

// Not by name: Node before 20.12 has no styleText, and is to be told so instead of failing to load this.
import util from 'node:util';
import { fileJson } from '../core/text/json.ts';
import { visible } from '../core/text/text.ts';
import { folded } from './fold.ts';
import { type Output, output } from './output.ts';

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
  /** Columns of the terminal, or 80. */
  readonly width: number;
}

function colourful(stream: Output): boolean {
  if (process.env.NO_COLOR) return false;
  if (process.env.FORCE_COLOR && process.env.FORCE_COLOR !== '0') return true;
  return stream.isTTY && process.env.TERM !== 'dumb';
}

/** At a terminal no word is cut at its edge; elsewhere a line is a line. */
const fitted = ({ isTTY, columns }: Output, text: string) => (isTTY && columns ? folded(text, columns) : text);

export function makeIo(wantsJson: boolean): Io {
  const human = output(wantsJson ? 2 : 1);
  const colour = colourful(human);
  return {
    say: (line = '') => human.write(`${fitted(human, line)}\n`),
    note: (line) => output(2).write(`${fitted(output(2), line)}\n`),
    json: (value) => {
      if (wantsJson) output(1).write(fileJson(value));
    },
    raw: (text) => output(1).write(process.stdout.isTTY ? visible(text, '\n\t') : text),
    paint: (style, text) => (colour ? util.styleText(style, text, { validateStream: false } as never) : text),
    wantsJson,
    width: human.columns ?? 80,
  };
}
