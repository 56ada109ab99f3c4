/** Codex in a repository: hooks of its own file, the MCP server, and skills that are called by `$`. A person has to trust both once (`/hooks`). Pure. */

import { callOf, isOurs } from './calls.ts';
import { MCP_NAME, mcpCommand } from './mcp.ts';
import type { Piece } from './pieces.ts';
import { SLASH_NAMES, skillFile } from './slash-files.ts';

const FILE = '.codex/hooks.json';
const TOOLS = 'apply_patch|spawn_agent';

/** SessionEnd is cut to 3 seconds. */
const HOOKS: { event: string; matcher?: string; timeout: number }[] = [
  { event: 'SessionStart', timeout: 30 },
  { event: 'UserPromptSubmit', timeout: 600 },
  { event: 'PreToolUse', matcher: `${TOOLS}|Bash`, timeout: 20 },
  { event: 'PostToolUse', matcher: TOOLS, timeout: 30 },
  { event: 'SubagentStart', timeout: 30 },
  { event: 'SubagentStop', timeout: 60 },
  { event: 'Stop', timeout: 60 },
  { event: 'SessionEnd', timeout: 3 },
];

export function codexPieces(): Piece[] {
  const { command, args } = mcpCommand();
  return [
    {
      path: '.codex/config.toml',
      kind: 'lines',
      lines: [`[mcp_servers.${MCP_NAME}]`, `command = "${command}"`, `args = ${JSON.stringify(args)}`],
    },
    ...HOOKS.map(({ event, matcher, timeout }): Piece => {
      const value = { ...(matcher ? { matcher } : {}), hooks: [{ type: 'command', command: callOf('codex', event), timeout }] };
      const others = HOOKS.filter((hook) => hook.event === event && hook.matcher !== matcher).map((hook) => hook.matcher);
      const ours = (element: unknown) => isOurs(element, 'codex', others);
      return { path: FILE, kind: 'element', at: ['hooks', event], value, ours };
    }),
    ...SLASH_NAMES.map((name): Piece => ({ path: `.agents/skills/session-${name}/SKILL.md`, kind: 'file', text: skillFile(name) })),
  ];
}
