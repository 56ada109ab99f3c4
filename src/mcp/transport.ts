/**
 * JSON-RPC, one message a line, on two streams. The package's own transport ends the connection at a line that is too long, leaves broken
 * messages unanswered, and drops what it was working on when the client stops writing; this one goes on.
 */

import type { Readable, Writable } from 'node:stream';
import { type JSONRPCMessage, parseJSONRPCMessage, type Transport } from '@modelcontextprotocol/server';

/** The longest line that is read, in bytes: memory's largest value fits in it several times, however it is escaped. */
const MAX_LINE = 8 * 1024 * 1024;
/** So much of a longer one's beginning and of its end is kept, to find whom to answer. */
const ENDS = 512;
/** So long a client that stopped writing is still answered. */
const GRACE_MS = 5000;

const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;

type Id = string | number | null;

export class LineTransport implements Transport {
  onmessage: Transport['onmessage'];
  onclose: Transport['onclose'];
  onerror: Transport['onerror'];
  /** Resolves when the connection has ended. */
  readonly closed: Promise<void>;
  readonly #input: Readable;
  readonly #output: Writable;
  #markClosed = () => {};
  #isClosed = false;
  #line: Buffer[] = [];
  #length = 0;
  /** Requests that were not answered yet. */
  readonly #open = new Set<Id>();
  #ended = false;

  constructor(input: Readable, output: Writable) {
    this.#input = input;
    this.#output = output;
    this.closed = new Promise((resolve) => {
      this.#markClosed = resolve;
    });
  }

  async start(): Promise<void> {
    this.#input.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#input.on('end', () => this.#end());
    this.#input.on('error', () => this.close());
    // The client has gone: nobody reads any more.
    this.#output.on('error', () => this.close());
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#isClosed) return;
    this.#output.write(`${JSON.stringify(message)}\n`);
    if ('id' in message && !('method' in message)) this.#settle(message.id ?? null);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#input.pause();
    this.onclose?.();
    this.#markClosed();
  }

  #take(chunk: Buffer): void {
    for (let from = 0; from < chunk.length; ) {
      const end = chunk.indexOf(10, from);
      this.#keep(chunk.subarray(from, end === -1 ? chunk.length : end));
      from = end === -1 ? chunk.length : end + 1;
      if (end !== -1) this.#endLine();
    }
  }

  #keep(piece: Buffer): void {
    this.#line.push(piece);
    this.#length += piece.length;
    if (this.#length <= MAX_LINE) return;
    const all = Buffer.concat(this.#line);
    this.#line = [all.subarray(0, ENDS), all.subarray(Math.max(ENDS, all.length - ENDS))];
  }

  #endLine(): void {
    const [bytes, length] = [Buffer.concat(this.#line), this.#length];
    this.#line = [];
    this.#length = 0;
    if (length > MAX_LINE) {
      const why = `A message has ${length} bytes; the limit is ${MAX_LINE}. Keep large content in a file of the session, and store its path.`;
      this.#refuse(idAtEnds(bytes.toString('latin1')), INVALID_REQUEST, why);
      return;
    }
    const parsed = parseLine(bytes);
    if (parsed === undefined) return;
    if (parsed === null) this.#refuse(null, PARSE_ERROR, 'A line is no JSON in UTF-8.');
    // Protocol version 2025-03-26 knows batches.
    else for (const message of Array.isArray(parsed.json) ? parsed.json : [parsed.json]) this.#deliver(message);
  }

  #deliver(json: unknown): void {
    let message: JSONRPCMessage;
    try {
      message = parseJSONRPCMessage(json);
    } catch {
      this.#refuse(idOf(json), INVALID_REQUEST, 'This is no JSON-RPC 2.0 message.');
      return;
    }
    if ('method' in message && 'id' in message) this.#open.add(message.id);
    // A cancelled request is never answered.
    if ('method' in message && message.method === 'notifications/cancelled') {
      const { requestId } = (message.params ?? {}) as { requestId?: Id };
      if (requestId !== undefined) this.#settle(requestId);
    }
    this.onmessage?.(message);
  }

  #refuse(id: Id, code: number, message: string): void {
    this.#output.write(`${JSON.stringify({ jsonrpc: '2.0', id, error: { code, message } })}\n`);
  }

  /** The client writes no more; it may still read. */
  #end(): void {
    if (this.#length > 0) this.#endLine();
    this.#ended = true;
    if (this.#open.size === 0) this.close();
    else setTimeout(() => this.close(), GRACE_MS).unref();
  }

  #settle(id: Id): void {
    this.#open.delete(id);
    if (this.#ended && this.#open.size === 0) this.close();
  }
}

/** The JSON of a line; undefined where it is empty, null where it is none. */
function parseLine(bytes: Buffer): { json: unknown } | null | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
    return text === '' ? undefined : { json: JSON.parse(text) };
  } catch {
    return null;
  }
}

function idOf(json: unknown): Id {
  const id = (json as { id?: unknown } | null)?.id;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}

const ID = '\\s*"id"\\s*:\\s*("[^"\\\\]{0,200}"|-?\\d{1,15})\\s*';
const VERSION = '\\s*"jsonrpc"\\s*:\\s*"2\\.0"\\s*';
const AT_START = new RegExp(`^\\s*\\{(?:${VERSION},)?${ID},`);
const AT_END = new RegExp(`,${ID}(?:,${VERSION})?\\}\\s*$`);

/** The id of a message of which only beginning and end are known, where it stands there. */
function idAtEnds(ends: string): Id {
  const found = (AT_START.exec(ends) ?? AT_END.exec(ends))?.[1];
  return found === undefined ? null : (JSON.parse(found) as Id);
}
