/** Copilot CLI in a repository: a file of hooks that is ours alone, and the MCP server. Pure. */

import { callOf } from './calls.ts';
import { MCP_JSON } from './mcp.ts';
import type { Piece } from './pieces.ts';

/** Limits in seconds. It has no matchers worth the name, so every tool call is asked about. */
const HOOKS: [string, number][] = [
  ['sessionStart', 30],
  ['userPromptSubmitted', 60],
  ['preToolUse', 20],
  ['postToolUse', 30],
  ['subagentStart', 30],
  ['subagentStop', 60],
  ['agentStop', 60],
  ['sessionEnd', 10],
];

export function copilotPieces(): Piece[] {
  const hooks = Object.fromEntries(
    HOOKS.map(([event, timeoutSec]) => [event, [{ type: 'command', bash: callOf('copilot', event), timeoutSec }]]),
  );
  return [
    { path: '.github/hooks/git-session.json', kind: 'file', text: `${JSON.stringify({ version: 1, hooks }, null, 2)}\n` },
    // The file of Claude Code, which Copilot reads too: the same entry.
    MCP_JSON,
  ];
}
