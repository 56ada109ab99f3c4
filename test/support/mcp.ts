/** The official MCP client, over stdio, against the built CLI. */

import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { onTestFinished } from 'vitest';
import { CLI, type TestRepo } from './repo.ts';

export interface Answer {
  /** The text of the answer, whole. */
  text: string;
  isError: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: tests read single facts of it
  facts: any;
}

export interface Connected {
  client: Client;
  call(name: string, args?: Record<string, unknown>, signal?: AbortSignal): Promise<Answer>;
}

export interface ConnectOptions {
  /** Arguments after `git-session mcp`. */
  args?: string[];
  cwd?: string;
  env?: Record<string, string>;
  client?: { name: string; version: string };
  /** What the client asks first: the newest protocol by `server/discover`, or `initialize`. */
  mode?: 'auto' | 'legacy';
}

/** A client with a server of its own, both gone when the test ends. */
export async function connect(repo: TestRepo, options: ConnectOptions = {}): Promise<Connected> {
  const client = new Client(options.client ?? { name: 'test-client', version: '1' }, {
    versionNegotiation: { mode: options.mode ?? 'legacy' },
  });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [CLI, 'mcp', ...(options.args ?? [])],
    cwd: options.cwd ?? repo.dir,
    env: { ...(process.env as Record<string, string>), ...options.env },
    stderr: 'inherit',
  });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return {
    client,
    call: async (name, args = {}, signal) => {
      const result = await client.callTool({ name, arguments: args }, { timeout: 100_000, ...(signal ? { signal } : {}) });
      const text = (result.content as { type: string; text: string }[]).map((part) => part.text).join('\n');
      return { text, isError: result.isError === true, facts: result.structuredContent };
    },
  };
}
