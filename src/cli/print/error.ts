/** A known error for people: what happened, why, what next. */

import type { SessionError } from '../../core/errors.ts';
import { visible } from '../../core/text/text.ts';
import type { Io } from '../io.ts';

export function printError(io: Io, { message, why, next }: SessionError): void {
  io.note(`${io.paint('red', 'error:')} ${visible(message, '\n')}`);
  if (why) io.note(visible(why, '\n'));
  if (next) io.note(`${io.paint('cyan', 'next:')} ${visible(next, '\n').replaceAll('\n', '\n      ')}`);
}
