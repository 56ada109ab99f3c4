/** Where the value of `memory store` comes from, and how long it lives. */

import { readFileSync, statSync } from 'node:fs';
import { stateError, usageError } from '../../core/errors.ts';
import { plainTags } from '../../core/memory/key.ts';
import { MAX_VALUE_BYTES } from '../../core/memory/large-value.ts';
import { textOrJson } from '../../core/text/json.ts';
import { oneLine } from '../../core/text/text.ts';
import { type Call, flag, text } from '../command.ts';

/** The value as it is stored: text that is a JSON object or array as that, unless `--text`; any other text as text, which is noted where it looks like JSON. */
export function givenValue(call: Call): unknown {
  const raw = rawValue(call);
  const value = flag(call, 'text') ? raw : textOrJson(raw);
  if (value === raw && !flag(call, 'text') && /^\s*(\{\s*(["'}]|\w+\s*:)|\[\s*["'{[\]\d])/.test(raw))
    call.io.note(`note: It begins like JSON and is none (${whyNoJson(raw)}), so it is stored as text. Where that is meant: --text`);
  return value;
}

function whyNoJson(raw: string): string {
  try {
    JSON.parse(raw);
    return 'nothing is wrong';
  } catch (error) {
    return oneLine((error as Error).message, 100);
  }
}

function rawValue(call: Call): string {
  const file = text(call, 'file');
  const sources = [call.args[1] !== undefined, flag(call, 'stdin'), file !== undefined].filter(Boolean).length;
  if (sources !== 1) {
    throw usageError({
      what: sources === 0 ? 'There is no value to store.' : 'The value was given more than once.',
      next: 'Give it after the key, or with --stdin, or with --file <path>.',
    });
  }
  if (file !== undefined) return decode(readFile(file), file);
  return flag(call, 'stdin') ? decode(readFileSync(0), 'Standard input').replace(/\r?\n$/, '') : (call.args[1] ?? '');
}

function readFile(path: string): Buffer {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile()) throw stateError({ what: `There is no file ${oneLine(path)}.` });
  if (stat.size > MAX_VALUE_BYTES) {
    throw stateError({
      what: `${oneLine(path)} is too large for memory.`,
      why: `It has ${stat.size} bytes; the limit is ${MAX_VALUE_BYTES} (1024 KiB), since every clone and every backup has it.`,
      next: 'Keep it as a file of the session and store its path.',
    });
  }
  return readFileSync(path);
}

export function decode(bytes: Buffer, name: string): string {
  try {
    const value = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!value.includes('\0')) return value;
  } catch {
    // Not UTF-8: said below.
  }
  throw stateError({ what: `${oneLine(name)} is not text.`, next: 'Keep it as a file of the session and store its path.' });
}

const UNITS: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const TEN_YEARS = 10 * 366 * 86_400;

/** A span such as `90`, `30m`, `1h` or `7d` in seconds. Throws (exit 2) on anything else, on zero, and on more than ten years. */
export function parseSpan(option: string, span: string): number {
  const match = /^(\d{1,12}(?:\.\d{1,3})?)([smhdw]?)$/.exec(span.trim());
  const seconds = match ? Number(match[1]) * (UNITS[match[2] ?? ''] ?? 0) : 0;
  if (seconds > 0 && seconds <= TEN_YEARS) return seconds;
  throw usageError({
    what: `--${option} takes a span of time, not "${oneLine(span, 40)}".`,
    next: `Use seconds, or a unit: --${option} 30m, 1h, 7d`,
  });
}

/** The words of a comma-separated list, each once. */
export function parseTags(list: string | undefined): string[] {
  return plainTags((list ?? '').split(','));
}
