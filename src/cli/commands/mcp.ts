import { type CommandSpec, text } from '../command.ts';
import { VERSION } from '../version.ts';

export const command: CommandSpec = {
  name: 'mcp',
  summary: 'Serve memory and session tools to an agent (MCP)',
  details:
    'Speaks the Model Context Protocol on standard input and output, for an agent client that starts it in the checkout: tools for shared ' +
    'memory (memory_usage, memory_search), for what was learned (pattern_search, pattern_record) and for the session. No tool approves anything, and none runs a command that its caller gives.\n\n' +
    'A client names a tool after the name that its own configuration gives the server; --name is what the server says of itself.',
  options: [{ flags: '--name <name>', description: "the server's name", default: 'git-session' }],
  examples: ['git-session mcp', 'git-session mcp --name claude_flow_alpha'],
  run: async (call) => {
    const [{ serve }, { checkedServerName }] = await Promise.all([import('../../mcp/serve.ts'), import('../../mcp/server.ts')]);
    const name = checkedServerName(text(call, 'name') ?? 'git-session');
    await serve({ name, version: VERSION, cwd: process.cwd(), env: process.env });
  },
};
