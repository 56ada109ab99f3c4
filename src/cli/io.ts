/** Where a command prints: facts to stdout; with --json facts are JSON and human text goes to stderr. */

import { styleText } from 'node:util';
import { fileJson } from '../core/json.ts';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

export interface Io {
  /** A line for people (stdout, or stderr when stdout carries JSON). Text from elsewhere must be made `visible` first. */
  say(line?: string): void;
  /** A line for people about what goes on (always stderr). */
  note(line: string): void;
  /** The facts; printed only with --json. */
  json(value: unknown): void;
  /** Raw bytes of a value that the command was asked for. */
  raw(text: string): void;
  paint(style: Style, text: string): string;
  readonly wantsJson: boolean;
  /** Columns of the terminal, or 80. */
  readonly width: number;
}

function colourful(stream: NodeJS.WriteStream): boolean {
  if (process.env.NO_COLOR) return false;
  if (process.env.FORCE_COLOR && process.env.FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && process.env.TERM !== 'dumb';
}

export function makeIo(wantsJson: boolean): Io {
  const human = wantsJson ? process.stderr : process.stdout;
  const colour = colourful(human);
  return {
    say: (line = '') => void human.write(`${line}\n`),
    note: (line) => void process.stderr.write(`${line}\n`),
    json: (value) => {
      if (wantsJson) process.stdout.write(fileJson(value));
    },
    raw: (text) => void process.stdout.write(text),
    paint: (style, text) => (colour ? styleText(style, text, { validateStream: false } as never) : text),
    wantsJson,
    width: human.columns ?? 80,
  };
}
