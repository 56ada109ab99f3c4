/** Serves the MCP tools on standard input and output until the client is gone. */

import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { visible } from '../core/text/text.ts';
import { type ServerOptions, serverFactory } from './server.ts';
import { LineTransport } from './transport.ts';

/** Resolves when the client has closed the connection. Old and new protocol versions are served alike. */
export async function serve(options: ServerOptions): Promise<void> {
  const transport = new LineTransport(process.stdin, process.stdout);
  serveStdio(serverFactory(options), {
    transport,
    onerror: (error) => process.stderr.write(`git-session mcp: ${visible(error.message, '\n')}\n`),
  });
  await transport.closed;
}
