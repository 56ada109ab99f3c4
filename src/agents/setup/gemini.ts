/** Gemini CLI in a repository: hooks and the MCP server in its settings, and slash commands whose text is the command itself, so that the prompt hook sees it. Pure. */

import { callOf, isOurs } from './calls.ts';
import { MCP_NAME, mcpCommand } from './mcp.ts';
import type { Piece } from './pieces.ts';
import { ABOUT, SLASH_NAMES } from './slash-files.ts';

const SETTINGS = '.gemini/settings.json';
const FILE_TOOLS = 'write_file|replace|invoke_agent';

/** Its limits are in milliseconds. */
const HOOKS: { event: string; matcher?: string; timeout: number }[] = [
  { event: 'SessionStart', timeout: 30_000 },
  { event: 'BeforeAgent', timeout: 600_000 },
  { event: 'BeforeTool', matcher: `${FILE_TOOLS}|run_shell_command`, timeout: 20_000 },
  { event: 'AfterTool', matcher: FILE_TOOLS, timeout: 60_000 },
  { event: 'AfterAgent', timeout: 60_000 },
  { event: 'SessionEnd', timeout: 10_000 },
];

export function geminiPieces(): Piece[] {
  return [
    { path: SETTINGS, kind: 'key', at: ['mcpServers', MCP_NAME], value: mcpCommand() },
    ...HOOKS.map(({ event, matcher, timeout }): Piece => {
      const command = callOf('gemini', event, '$GEMINI_PROJECT_DIR');
      const value = { ...(matcher ? { matcher } : {}), hooks: [{ name: 'git-session', type: 'command', command, timeout }] };
      const others = HOOKS.filter((hook) => hook.event === event && hook.matcher !== matcher).map((hook) => hook.matcher);
      const ours = (element: unknown) => isOurs(element, 'gemini', others);
      return { path: SETTINGS, kind: 'element', at: ['hooks', event], value, ours };
    }),
    ...SLASH_NAMES.map((name): Piece => {
      const text = `description = "${ABOUT[name].description}"\nprompt = "/session-${name} {{args}}"\n`;
      return { path: `.gemini/commands/session-${name}.toml`, kind: 'file', text };
    }),
  ];
}
