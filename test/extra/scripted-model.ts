/** A model on this machine that says what a script says: enough of three vendors' interfaces for a client to work against it. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DIALECTS } from './model-dialects.ts';

export type Block = { text: string } | { tool: string; input: Record<string, unknown> };

/** One request as a script sees it. */
export interface Turn {
  /** All text that users, tools and hooks have said, in order. */
  heard: string;
  /** How often the model has answered in this conversation. */
  n: number;
  tools: string[];
}

export class ScriptedModel {
  /** Every request that a script answered. */
  readonly turns: Turn[] = [];
  private readonly server: Server;

  constructor(script: (turn: Turn) => Block[]) {
    this.server = createServer(async (request, response) => {
      let raw = '';
      for await (const chunk of request) raw += chunk;
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const dialect = request.method === 'POST' ? DIALECTS.find(({ at }) => at.test(pathname)) : undefined;
      if (!dialect) return void response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
      const body = JSON.parse(raw);
      const turn = dialect.turn(body);
      this.turns.push(turn);
      dialect.answer(response, body, script(turn), pathname);
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
