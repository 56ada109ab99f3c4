/** Cursor in a repository, from its documentation only. Pure. */

import { callOf, callsUs } from './calls.ts';
import { MCP_NAME, mcpCommand } from './mcp.ts';
import type { Piece } from './pieces.ts';
import { plainFile, SLASH_NAMES } from './slash-files.ts';

const FILE = '.cursor/hooks.json';

const HOOKS: { event: string; matcher?: string; timeout: number }[] = [
  { event: 'sessionStart', timeout: 30 },
  { event: 'beforeSubmitPrompt', timeout: 60 },
  { event: 'preToolUse', matcher: 'Write|Edit|StrReplace|Delete|EditNotebook|Shell|Task', timeout: 20 },
  { event: 'afterFileEdit', timeout: 30 },
  { event: 'subagentStart', timeout: 30 },
  { event: 'subagentStop', timeout: 60 },
  { event: 'stop', timeout: 60 },
  { event: 'sessionEnd', timeout: 10 },
];

export function cursorPieces(): Piece[] {
  return [
    { path: FILE, kind: 'key', at: ['version'], value: 1 },
    { path: '.cursor/mcp.json', kind: 'key', at: ['mcpServers', MCP_NAME], value: mcpCommand(`\${workspaceFolder}`) },
    ...HOOKS.map(({ event, matcher, timeout }): Piece => {
      const value = { command: callOf('cursor', event), ...(matcher ? { matcher } : {}), timeout };
      return { path: FILE, kind: 'element', at: ['hooks', event], value, ours: (element) => callsUs(element, 'cursor') };
    }),
    ...SLASH_NAMES.map((name): Piece => ({ path: `.cursor/commands/session-${name}.md`, kind: 'file', text: plainFile(name) })),
  ];
}
