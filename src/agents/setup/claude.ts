/** Claude Code in a repository: hooks in the project's settings, slash commands, and the MCP server. Pure. */

import { callOf, callsUs, isOurs } from './calls.ts';
import { MCP_JSON, MCP_NAME } from './mcp.ts';
import type { Piece } from './pieces.ts';
import { SLASH_NAMES, slashFile } from './slash-files.ts';
import { worktreeCall } from './worktree-call.ts';

export const CLAUDE_SETTINGS = '.claude/settings.json';
/** Each person's own, which Claude Code keeps out of git. */
export const CLAUDE_OWN_SETTINGS = '.claude/settings.local.json';
/** Every tool of our server: none of them approves anything. */
const ALLOWED = `mcp__${MCP_NAME}`;
const FILE_TOOLS = 'Write|Edit|MultiEdit|NotebookEdit';
/** Tools of other MCP servers whose names say that they write. */
const MCP_WRITERS = 'mcp__.*(write|edit|create|save|move|rename|delete|remove|patch|append|insert|replace)';

/** Shell lines, since older versions run `args` wrongly. Only events in use: one that a version does not know voids every hook of the file there. Seconds are limits, not what it takes. */
const HOOKS: { event: string; matcher?: string; timeout: number }[] = [
  { event: 'SessionStart', timeout: 30 },
  // The review of a closeout runs the checks.
  { event: 'UserPromptSubmit', timeout: 600 },
  { event: 'PreToolUse', matcher: `${FILE_TOOLS}|Bash|Agent|Task`, timeout: 20 },
  { event: 'PreToolUse', matcher: MCP_WRITERS, timeout: 20 },
  { event: 'PostToolUse', matcher: `${FILE_TOOLS}|Agent|Task|EnterWorktree|ExitWorktree`, timeout: 30 },
  { event: 'PostToolUse', matcher: MCP_WRITERS, timeout: 30 },
  { event: 'SubagentStart', timeout: 30 },
  { event: 'SubagentStop', timeout: 60 },
  { event: 'Stop', timeout: 60 },
  { event: 'SessionEnd', timeout: 10 },
];

/** Preparing a worktree may take a set-up command's time. */
const WORKTREES = ['WorktreeCreate', 'WorktreeRemove'] as const;

/** The groups of hooks by event, each calling what `call` makes of it. */
function hookGroups(call: (event: string) => string) {
  return HOOKS.map(({ event, matcher, timeout }) => {
    const value = { ...(matcher ? { matcher } : {}), hooks: [{ type: 'command', command: call(event), timeout }] };
    return { event, matcher, value };
  });
}

export function claudePieces(): Piece[] {
  const groups = hookGroups((event) => callOf('claude', event, '$CLAUDE_PROJECT_DIR')).map(({ event, matcher, value }): Piece => {
    const others = HOOKS.filter((hook) => hook.event === event && hook.matcher !== matcher).map((hook) => hook.matcher);
    const ours = (element: unknown) => isOurs(element, 'claude', others);
    return { path: CLAUDE_SETTINGS, kind: 'element', at: ['hooks', event], value, ours };
  });
  const worktrees = WORKTREES.map((event): Piece => {
    const value = { hooks: [{ type: 'command', command: worktreeCall(event), timeout: 600 }] };
    return {
      path: CLAUDE_SETTINGS,
      kind: 'element',
      at: ['hooks', event],
      value,
      ours: (element) => callsUs(element, 'claude'),
      about: 'worktrees',
    };
  });
  return [
    ...groups,
    ...worktrees,
    { path: CLAUDE_SETTINGS, kind: 'element', at: ['permissions', 'allow'], value: ALLOWED, ours: (element) => element === ALLOWED },
    MCP_JSON,
    ...SLASH_NAMES.map((name): Piece => ({ path: `.claude/commands/session-${name}.md`, kind: 'file', text: slashFile(name) })),
  ];
}

/** The files of the plugin that follow from the same facts, by path in its folder. It comes into any repository, and leaves worktrees to the client. */
export function pluginFiles(): Record<string, string> {
  const hooks: Record<string, unknown[]> = {};
  for (const { event, value } of hookGroups((name) => `sh "\${CLAUDE_PLUGIN_ROOT}/hook.sh" ${name}`))
    hooks[event] = [...(hooks[event] ?? []), value];
  const server = { command: 'sh', args: [`\${CLAUDE_PLUGIN_ROOT}/hook.sh`, 'mcp'] };
  return {
    'hooks/hooks.json': `${JSON.stringify({ hooks }, null, 2)}\n`,
    '.mcp.json': `${JSON.stringify({ mcpServers: { [MCP_NAME]: server } }, null, 2)}\n`,
    ...Object.fromEntries(SLASH_NAMES.map((name) => [`skills/session-${name}/SKILL.md`, slashFile(name, { named: true })])),
  };
}
