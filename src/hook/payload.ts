/** The payload on standard input. Hot path: nearly every one is there whole at the first look, which costs less than a stream. */

import { readSync } from 'node:fs';
import { asObject, parseJson } from '../core/text/json.ts';

/** What one look takes at most, in bytes. */
const LOOK = 1 << 16;

/** A client that holds its end open and has said nothing for so long says nothing more, in milliseconds. */
const SILENCE = 5000;

/** The JSON object on standard input; null where there is something else, or only a part of it. A client need not close its end. */
export async function readPayload(): Promise<Record<string, unknown> | null> {
  const first = look();
  if (first?.length === 0) return null;
  return (first && asPayload(first)) ?? asPayload(Buffer.concat([first ?? Buffer.alloc(0), ...(await rest())]));
}

/** What is there now, waiting for it where nothing is yet; empty at the end, null where the other end is set not to block and has said nothing yet. */
function look(): Buffer | null {
  const bytes = Buffer.allocUnsafe(LOOK);
  try {
    return bytes.subarray(0, readSync(0, bytes, 0, LOOK, null));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN') return null;
    if (code === 'EOF') return bytes.subarray(0, 0);
    throw error;
  }
}

/** What comes until the end, or until nothing more comes. */
function rest(): Promise<Buffer[]> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const { stdin } = process;
    const done = () => {
      clearTimeout(timer);
      stdin.destroy();
      resolve(chunks);
    };
    const timer = setTimeout(done, SILENCE);
    stdin.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      timer.refresh();
    });
    stdin.on('end', done);
    stdin.on('error', done);
  });
}

const MARK = 0xfeff;

function asPayload(bytes: Buffer): Record<string, unknown> | null {
  const text = bytes.toString('utf8');
  return asObject(parseJson(text.charCodeAt(0) === MARK ? text.slice(1) : text));
}
