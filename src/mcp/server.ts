/** The MCP server: the tools, and who calls them. */

import { type CallToolResult, CLIENT_INFO_META_KEY, McpServer, type ServerContext } from '@modelcontextprotocol/server';
import { agentAround } from '../core/agent-env.ts';
import { usageError } from '../core/errors.ts';
import { asObject } from '../core/text/json.ts';
import { oneLine } from '../core/text/text.ts';
import { LiveMemory } from '../lifecycle/memory/live.ts';
import { plainName } from '../lifecycle/session/actor.ts';
import { failureText } from './failure.ts';
import { INSTRUCTIONS } from './instructions.ts';
import { quotedJson } from './quoted.ts';
import { lean, type Tool, type ToolCall } from './tool.ts';
import { memorySearch } from './tools/memory-search.ts';
import { memoryUsage } from './tools/memory-usage.ts';
import { patternRecord } from './tools/pattern-record.ts';
import { patternSearch } from './tools/pattern-search.ts';
import { sessionPrepareCloseout } from './tools/session-prepare-closeout.ts';
import { sessionStart } from './tools/session-start.ts';
import { sessionStatus } from './tools/session-status.ts';

const TOOLS = [memoryUsage, memorySearch, sessionStatus, sessionStart, patternRecord, patternSearch, sessionPrepareCloseout];

export interface ServerOptions {
  name: string;
  version: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** Makes servers that share one memory: a client's first question may be answered by one, and the rest by another. */
export function serverFactory(options: ServerOptions): () => McpServer {
  const memory = new LiveMemory(options.cwd, {
    what: 'No session is checked out here, so nothing can be stored.',
    why: 'Memory lives on the branch of a session, and outlives it once a person has approved it.',
    next: 'Start a session with the tool session_start, or in a shell: git session start <topic>',
  });
  // Ready before the first question; what is wrong is said when somebody asks.
  memory.look().catch(() => {});
  return () => {
    const server = new McpServer(
      { name: options.name, version: options.version },
      { instructions: INSTRUCTIONS, capabilities: { tools: { listChanged: false } } },
    );
    for (const tool of TOOLS) register(server, tool, (context) => callOf(options, memory, server, context));
    return server;
  };
}

function register(server: McpServer, tool: Tool, callOf: (context: ServerContext) => ToolCall): void {
  const { name, description, input, output, annotations, run } = tool;
  const config = { description, inputSchema: lean(input), outputSchema: lean(output), annotations };
  server.registerTool(name, config, async (args, context) => {
    try {
      const facts = await run(args, callOf(context));
      return { content: [{ type: 'text', text: quotedJson(facts) }], structuredContent: facts } satisfies CallToolResult;
    } catch (error) {
      return { content: [{ type: 'text', text: failureText(error) }], isError: true };
    }
  });
}

function callOf({ cwd, env }: ServerOptions, memory: LiveMemory, server: McpServer, context: ServerContext): ToolCall {
  const { signal, envelope, _meta: meta } = context.mcpReq;
  const said = (envelope as Record<string, unknown> | undefined)?.[CLIENT_INFO_META_KEY] ?? server.server.getClientVersion();
  const client = asObject(said)?.name;
  let step = 0;
  return {
    cwd,
    memory,
    signal,
    actor: (given) => {
      const name =
        plainName('agent', given ?? env.GIT_SESSION_AGENT) ??
        agentAround(env)?.agent ??
        oneLine(typeof client === 'string' ? client : '', 100);
      return { kind: 'agent', name: name || 'an MCP client' };
    },
    task: (given) => plainName('task', given ?? env.GIT_SESSION_TASK),
    progress: (message) => {
      const progressToken = meta?.progressToken;
      if (progressToken === undefined) return;
      const told = context.mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress: ++step, message } });
      // A client that has gone needs no news.
      told.catch(() => {});
    },
  };
}

/** The server's name as a client may show it. Throws (exit 2) on what is no plain word. */
export function checkedServerName(name: string): string {
  if (/^[\w.-]{1,64}$/.test(name)) return name;
  throw usageError({
    what: 'The name of the server is no plain word.',
    next: 'Use up to 64 letters, digits, dots, dashes and underscores: --name claude_flow_alpha',
  });
}
