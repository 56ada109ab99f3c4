/** By which agent's environment a process is surrounded. Pure; hot path. */

/**
 * Variables that agents set for what they start, by name, observed on the real clients or documented by them. Settings that
 * people export themselves (API keys, CODEX_HOME, CLAUDE_CODE_USE_BEDROCK, COPILOT_PROVIDER_BASE_URL …) are not signs of an agent.
 */
export const AGENT_VARIABLES: readonly { agent: string; names: readonly string[] }[] = [
  {
    agent: 'Claude Code',
    names: [
      ...['CLAUDECODE', 'CLAUDE_CODE_SESSION_ID', 'CLAUDE_CODE_CHILD_SESSION', 'CLAUDE_CODE_ENTRYPOINT', 'CLAUDE_PROJECT_DIR'],
      ...['CLAUDE_PID', 'CLAUDE_ENV_FILE', 'CLAUDE_PLUGIN_ROOT'],
    ],
  },
  { agent: 'an agent', names: ['AI_AGENT'] },
  {
    agent: 'Codex',
    names: ['CODEX_SANDBOX', 'CODEX_SANDBOX_NETWORK_DISABLED', 'CODEX_THREAD_ID', 'CODEX_CI', 'CODEX_SESSION_ID'],
  },
  { agent: 'Gemini CLI', names: ['GEMINI_CLI', 'GEMINI_SESSION_ID', 'GEMINI_PROJECT_DIR'] },
  { agent: 'Copilot', names: ['COPILOT_CLI', 'COPILOT_AGENT', 'COPILOT_AGENT_SESSION_ID', 'COPILOT_SESSION_ID'] },
  { agent: 'OpenCode', names: ['OPENCODE', 'OPENCODE_PID', 'OPENCODE_SESSION', 'OPENCODE_SESSION_ID'] },
  // CURSOR_TRACE_ID is in every terminal inside Cursor; its agent's shell cannot be told apart by it, so the person uses another one.
  { agent: 'Cursor', names: ['CURSOR_AGENT', 'CURSOR_TRACE_ID'] },
];

/** The agent whose environment this is, with the variable that says so, or null. */
export function agentAround(env: Readonly<Record<string, string | undefined>>): { agent: string; variable: string } | null {
  for (const { agent, names } of AGENT_VARIABLES) {
    const variable = names.find((name) => env[name] !== undefined && env[name] !== '' && env[name] !== '0');
    if (variable) return { agent, variable };
  }
  return null;
}
