/** What a command would print, as text for a chat: no colour, 80 columns. */

import type { Io } from '../cli/io.ts';

export function collector(): { io: Io; text(): string } {
  const lines: string[] = [];
  const add = (line = '') => void lines.push(line);
  const io: Io = { say: add, note: add, json: () => {}, raw: add, paint: (_, text) => text, wantsJson: false, terminal: true, width: 80 };
  return { io, text: () => lines.join('\n').trim() };
}
