/** OpenCode in a repository: a plugin that hands its hooks to ours, the MCP server, and slash commands whose text is the command itself. Pure. */

import { MCP_NAME, mcpCommand } from './mcp.ts';
import { OPENCODE_PLUGIN } from './opencode-plugin.ts';
import type { Piece } from './pieces.ts';
import { ABOUT, SLASH_NAMES } from './slash-files.ts';

/** OpenCode adds the line to every file that has none, and the checkout would be dirty from the first chat on. */
const FRESH = '{\n  "$schema": "https://opencode.ai/config.json"\n}\n';

export function opencodePieces(): Piece[] {
  const { command, args } = mcpCommand();
  return [
    { path: 'opencode.json', kind: 'key', at: ['mcp', MCP_NAME], value: { type: 'local', command: [command, ...args] }, fresh: FRESH },
    { path: '.opencode/plugins/git-session.js', kind: 'file', text: OPENCODE_PLUGIN },
    ...SLASH_NAMES.map((name): Piece => {
      const text = `---\ndescription: ${ABOUT[name].description}\n---\n/session-${name} $ARGUMENTS\n`;
      return { path: `.opencode/commands/session-${name}.md`, kind: 'file', text };
    }),
  ];
}
