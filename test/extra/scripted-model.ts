/** A model on this machine that says what a script says: enough of the Messages API for a client to work against it. */

import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Block = { text: string } | { tool: string; input: Record<string, unknown> };

/** One request as a script sees it. */
export interface Turn {
  /** All text that users, tools and hooks have said, in order. */
  heard: string;
  /** How often the model has answered in this conversation. */
  n: number;
  tools: string[];
}

type Content = string | { type: string; text?: string; content?: Content }[];

const said = (content: Content | undefined): string =>
  typeof content === 'string' ? content : (content ?? []).map((block) => block.text ?? said(block.content)).join('\n');

export class ScriptedModel {
  /** Every request that a script answered. */
  readonly turns: Turn[] = [];
  private readonly server: Server;

  constructor(script: (turn: Turn) => Block[]) {
    this.server = createServer(async (request, response) => {
      let raw = '';
      for await (const chunk of request) raw += chunk;
      if (request.method !== 'POST' || !request.url?.startsWith('/v1/messages')) return void response.writeHead(404).end('{}');
      const body = JSON.parse(raw);
      const messages: { role: string; content: Content }[] = body.messages;
      const system = said(body.system);
      const turn = {
        heard: [system, ...messages.filter(({ role }) => role !== 'assistant').map(({ content }) => said(content))].join('\n'),
        n: messages.filter(({ role }) => role === 'assistant').length,
        tools: (body.tools ?? []).map(({ name }: { name: string }) => name),
      };
      this.turns.push(turn);
      answer(response, body, script(turn));
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

let serial = 0;

function answer(response: ServerResponse, body: { model: string; stream?: boolean }, blocks: Block[]): void {
  const content = blocks.map((block) =>
    'text' in block
      ? { type: 'text', text: block.text }
      : { type: 'tool_use', id: `toolu_${serial++}`, name: block.tool, input: block.input },
  );
  const stop_reason = content.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn';
  const usage = { input_tokens: 10, output_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
  const message = {
    id: `msg_${serial++}`,
    type: 'message',
    role: 'assistant',
    model: body.model,
    content,
    stop_reason,
    stop_sequence: null,
    usage,
  };
  if (!body.stream) return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(message));
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (type: string, data: object) => response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  send('message_start', { message: { ...message, content: [], stop_reason: null } });
  for (const [index, block] of content.entries()) {
    const empty = block.type === 'text' ? { type: 'text', text: '' } : { ...block, input: {} };
    send('content_block_start', { index, content_block: empty });
    const delta =
      block.type === 'text'
        ? { type: 'text_delta', text: block.text }
        : { type: 'input_json_delta', partial_json: JSON.stringify('input' in block ? block.input : {}) };
    send('content_block_delta', { index, delta });
    send('content_block_stop', { index });
  }
  send('message_delta', { delta: { stop_reason, stop_sequence: null }, usage });
  send('message_stop', {});
  response.end();
}
