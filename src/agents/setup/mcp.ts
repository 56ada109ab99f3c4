/** How a client's configuration starts our MCP server: by the same script as its hooks, in the checkout that the client runs in. Pure. */

import { HOOK_FILE, type Piece } from './pieces.ts';

/** The server's name in every client. */
export const MCP_NAME = 'git-session';

/** A command and its arguments. `top` is what the client replaces by the checkout; clients without such a word start servers there. */
export function mcpCommand(top = '.'): { command: string; args: string[] } {
  return { command: 'sh', args: [`${top}/${HOOK_FILE}`, 'mcp'] };
}

/** The entry in `.mcp.json`, which Claude Code and Copilot read. */
export const MCP_JSON: Piece = {
  path: '.mcp.json',
  kind: 'key',
  at: ['mcpServers', MCP_NAME],
  value: { type: 'stdio', ...mcpCommand(`\${CLAUDE_PROJECT_DIR:-.}`), env: {} },
};
