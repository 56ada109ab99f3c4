/** The plugin that OpenCode loads from the repository. It runs in OpenCode's own process, so it holds no code of ours beyond the hand-over. Pure. */

/** Plugin API version 1. A subagent is a session with a parent. Whatever fails here fails alone. */
export const OPENCODE_PLUGIN = `// Hands OpenCode's hooks to git-session, where this clone has it (git session init). Written by: git session init --agent opencode
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export const GitSession = async ({ directory, worktree }) => {
  const top = worktree && worktree !== '/' ? worktree : directory;
  const parents = new Map();
  const types = new Map();
  const open = new Set();
  const told = new Map();
  const notes = new Map();

  const ask = (event, sessionID, fields = {}) => {
    const parent = parents.get(sessionID);
    const agent = parent ? { agent_id: sessionID, agent_type: types.get(sessionID) ?? 'general' } : {};
    const payload = { session_id: parent ?? sessionID, cwd: directory, hook_event_name: event, ...agent, ...fields };
    try {
      const input = JSON.stringify(payload);
      const ran = spawnSync('sh', [join(top, '.swarm/hook.sh'), 'opencode', event], { cwd: directory, input, encoding: 'utf8', timeout: 60_000 });
      return ran.stdout ? JSON.parse(ran.stdout) : {};
    } catch {
      return {};
    }
  };

  const remember = (sessionID, answer) => {
    const context = answer.hookSpecificOutput?.additionalContext;
    if (context) told.set(sessionID, context);
  };

  return {
    event: async ({ event }) => {
      const info = event.properties?.info;
      if (event.type === 'session.created' && info?.id) {
        if (info.parentID) parents.set(info.id, info.parentID);
        else remember(info.id, ask('SessionStart', info.id, { source: 'startup' }));
      }
      const id = event.properties?.sessionID;
      if (event.type === 'session.idle' && id) {
        if (!parents.has(id)) ask('Stop', id);
        else if (open.delete(id)) ask('SubagentStop', id);
      }
    },
    'chat.message': async (input, output) => {
      const { sessionID } = input;
      const part = output.parts.find((one) => one.type === 'text');
      if (!part) return;
      if (parents.has(sessionID)) {
        types.set(sessionID, input.agent ?? 'general');
        open.add(sessionID);
        remember(sessionID, ask('SubagentStart', sessionID));
        return;
      }
      const answer = ask('UserPromptSubmit', sessionID, { prompt: part.text, prompt_id: input.messageID ?? part.messageID ?? null });
      remember(sessionID, answer);
      if (answer.decision === 'block')
        part.text = 'This command was carried out by git-session and needs nothing more. What it said, for the person:\\n' + answer.reason;
    },
    'experimental.chat.system.transform': async (input, output) => {
      const context = told.get(input.sessionID);
      if (context) output.system.push(context);
    },
    'tool.execute.before': async (input, output) => {
      const fields = { tool_name: input.tool, tool_input: output.args ?? {}, tool_use_id: input.callID };
      const said = ask('PreToolUse', input.sessionID, fields).hookSpecificOutput;
      if (said?.permissionDecision === 'deny') throw new Error(said.permissionDecisionReason);
      if (!said?.updatedInput) return;
      Object.assign(output.args, said.updatedInput);
      if (said.additionalContext) notes.set(input.callID, said.additionalContext);
    },
    'tool.execute.after': async (input, output) => {
      const child = output.metadata?.sessionId;
      const response = child ? { agentId: child } : {};
      ask('PostToolUse', input.sessionID, { tool_name: input.tool, tool_input: input.args ?? {}, tool_use_id: input.callID, tool_response: response });
      if (child && open.delete(child)) ask('SubagentStop', child);
      const note = notes.get(input.callID);
      if (note && notes.delete(input.callID)) output.output += '\\n' + note;
    },
    dispose: async () => {
      for (const id of told.keys()) if (!parents.has(id)) ask('SessionEnd', id);
    },
  };
};
`;
