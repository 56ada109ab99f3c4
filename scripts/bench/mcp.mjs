// A client of the MCP server as small as can be, so that what is measured is the server: one JSON message a line.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { CLI, env } from './fixtures.mjs';
import { inTurn } from './measure.mjs';

/** Starts a server in a repository and shakes hands. `call` answers with the milliseconds that the call took; `bytes` with the size of an answer. */
async function mcpClient(dir) {
  const child = spawn(process.execPath, [CLI, 'mcp'], { cwd: dir, env, stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line);
    waiting.get(message.id)?.(message, line);
  });
  let id = 0;
  const ask = (method, params) =>
    new Promise((resolve, reject) => {
      const asked = ++id;
      waiting.set(asked, (message, line) => {
        waiting.delete(asked);
        if (message.error || message.result.isError) reject(new Error(line.slice(0, 300)));
        else resolve(Buffer.byteLength(line));
      });
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: asked, method, params })}\n`);
    });
  await ask('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } });
  return {
    bytes: ask,
    async call(name, args) {
      const start = performance.now();
      await ask('tools/call', { name, arguments: args });
      return performance.now() - start;
    },
    close: () =>
      new Promise((resolve) => {
        child.on('exit', resolve);
        child.stdin.end();
      }),
  };
}

let n = 0;
const CALLS = [
  { what: 'memory_search', args: () => ({ query: 'parser cache' }), most: 400 },
  { what: 'memory_usage retrieve', name: 'memory_usage', args: () => ({ action: 'retrieve', key: 'swarm/live/note' }) },
  { what: 'memory_usage store', name: 'memory_usage', args: () => ({ action: 'store', key: `swarm/mcp/${n++}`, value: 'a value' }) },
  { what: 'pattern_search', args: () => ({ query: 'parser cache for the approach' }) },
];

/** Figures over MCP in the repository that `repoOf` makes; cold: a new server's first answer without a cache, its start included. */
export const mcpFigures = (repoOf, bareNode) => [
  ...CALLS.flatMap(({ what, name = what, args, most }) => [
    {
      what: `MCP ${what}, 10,000 sessions, 50,000 records, cold`,
      atMost: '-',
      async measure() {
        const dir = repoOf();
        const ours = async () => {
          rmSync(join(dir, '.git/git-session/cache'), { recursive: true, force: true });
          const start = performance.now();
          const client = await mcpClient(dir);
          await client.call(name, args());
          const ms = performance.now() - start;
          await client.close();
          return ms;
        };
        const times = await inTurn({ ours, baseline: bareNode(dir) }, 3);
        return { ours: times.ours, baseline: `bare node ${times.baseline.toFixed(1)}`, over: times.ours - times.baseline };
      },
    },
    {
      what: `MCP ${what}, 10,000 sessions, 50,000 records, warm`,
      atMost: most ? String(most) : '-',
      async measure() {
        const client = await mcpClient(repoOf());
        const { ours } = await inTurn({ ours: () => client.call(name, args()) }, 11);
        await client.close();
        return { ours, baseline: 'one call of a running server', ...(most ? { met: ours <= most } : {}) };
      },
    },
  ]),
  {
    what: 'tools/list of the MCP server',
    atMost: '8 KB',
    async measure() {
      const client = await mcpClient(repoOf());
      const bytes = await client.bytes('tools/list', {});
      await client.close();
      return { ours: `${bytes} B`, baseline: '', met: bytes <= 8192 };
    },
  },
];
