/** What each client sends to the hook, and the only forms in which it takes an answer. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ClientName } from '../../src/agents/index.ts';
import { inRepo, type Payload, RECORDED } from './agent.ts';

export interface Sent {
  event: string;
  payload: Payload;
}

/** Everything that was recorded of a client, as if in that folder. What OpenCode's plugin makes of its recorded calls, and what Cursor documents, is put together here. */
export function sentBy(client: ClientName, dir: string): Sent[] {
  const all = client === 'opencode' ? opencodeSends() : client === 'cursor' ? CURSOR : recordedOf(client);
  return all.map(({ event, payload }) => ({ event, payload: inRepo(payload, dir) }));
}

function recordedOf(client: string): Sent[] {
  const names = readdirSync(join(RECORDED, client)).filter((name) => /-\d+\.json$/.test(name));
  return names.map((name) => ({
    event: name.replace(/-\d+\.json$/, ''),
    payload: JSON.parse(readFileSync(join(RECORDED, client, name), 'utf8')),
  }));
}

const PLUGIN_EVENTS: Record<string, string> = {
  'chat.message': 'UserPromptSubmit',
  'tool.execute.before': 'PreToolUse',
  'tool.execute.after': 'PostToolUse',
};

function opencodeSends(): Sent[] {
  const lines = readFileSync(join(RECORDED, 'opencode/hooks.jsonl'), 'utf8').trim().split('\n');
  const calls = lines.map((line) => JSON.parse(line)).filter(({ hook }) => hook in PLUGIN_EVENTS);
  const at = { session_id: calls[0].input.sessionID, cwd: '/repo' };
  const begin = ['SessionStart', 'SubagentStart', 'SubagentStop', 'Stop', 'SessionEnd'].map((event) => ({
    event,
    payload: { ...at, hook_event_name: event, ...(event.startsWith('Sub') ? { agent_id: 'ses_1', agent_type: 'general' } : {}) },
  }));
  const rest = calls.map(({ hook, input, output }): Sent => {
    const event = PLUGIN_EVENTS[hook] ?? '';
    const tool = { tool_name: input.tool, tool_input: input.args ?? output?.args ?? {}, tool_use_id: input.callID };
    const more = event === 'UserPromptSubmit' ? { prompt: output.parts[0].text, prompt_id: input.messageID ?? 'msg_1' } : tool;
    return { event, payload: { ...at, hook_event_name: event, ...more } };
  });
  return [...begin, ...rest];
}

const AT_CURSOR = { conversation_id: 'c1', generation_id: 'g1', workspace_roots: ['/repo'], cursor_version: '3.18' };
const CURSOR: Sent[] = (
  [
    ['sessionStart', {}],
    ['beforeSubmitPrompt', { prompt: 'Write a parser' }],
    ['preToolUse', { tool_name: 'Write', tool_input: { file_path: '/repo/outside.txt', content: 'x' } }],
    ['preToolUse', { tool_name: 'Shell', tool_input: { command: 'ls' } }],
    ['preToolUse', { tool_name: 'Task', tool_input: { subagent_type: 'explore', prompt: 'Look' }, tool_use_id: 't1' }],
    ['afterFileEdit', { file_path: '/repo/outside.txt', edits: [] }],
    ['subagentStart', { subagent_id: 's1', subagent_type: 'explore' }],
    ['subagentStop', { subagent_id: 's1', subagent_type: 'explore' }],
    ['stop', { status: 'completed' }],
    ['sessionEnd', {}],
  ] as [string, Payload][]
).map(([event, fields]) => ({ event, payload: { ...AT_CURSOR, hook_event_name: event, ...fields } }));

interface Calls {
  /** The client is about to write, and has written, one file. */
  before: string;
  after: string;
  tool: Payload;
  /** Events that are a gate's too, of a call that writes nothing. */
  looks: Payload;
}

const PATCH = '*** Begin Patch\n*** Add File: @\n+x\n*** End Patch\n';
const like = (tool_name: string, tool_input: Payload): Pick<Calls, 'before' | 'after' | 'tool'> => ({
  before: 'PreToolUse',
  after: 'PostToolUse',
  tool: { tool_name, tool_input },
});

/** `@` stands for the file. */
const CALLS: Record<ClientName, Calls> = {
  claude: { ...like('Write', { file_path: '@', content: 'x' }), looks: { tool_name: 'Read', tool_input: { file_path: '@' } } },
  codex: { ...like('apply_patch', { command: PATCH }), looks: { tool_name: 'web_search', tool_input: {} } },
  opencode: { ...like('write', { filePath: '@', content: 'x' }), looks: { tool_name: 'read', tool_input: { filePath: '@' } } },
  gemini: {
    before: 'BeforeTool',
    after: 'AfterTool',
    tool: { tool_name: 'write_file', tool_input: { file_path: '@', content: 'x' } },
    looks: { tool_name: 'read_file', tool_input: { file_path: '@' } },
  },
  copilot: {
    before: 'preToolUse',
    after: 'postToolUse',
    tool: { toolName: 'create', toolArgs: { path: '@', file_text: 'x' } },
    looks: { toolName: 'view', toolArgs: { path: '@' } },
  },
  cursor: {
    before: 'preToolUse',
    after: 'afterFileEdit',
    tool: { tool_name: 'Write', tool_input: { file_path: '@', content: 'x' }, file_path: '@' },
    looks: { tool_name: 'Read', tool_input: { file_path: '@' } },
  },
};

/** What the client sends before, or after, it writes that file; `looks`: before it only looks at it. */
export function aboutFile(client: ClientName, dir: string, path: string, what: 'before' | 'after' | 'looks'): Sent {
  const calls = CALLS[client];
  const event = what === 'after' ? calls.after : calls.before;
  const found = sentBy(client, dir).find((sent) => sent.event === event);
  if (!found) throw new Error(`nothing recorded of ${client} ${event}`);
  const file = JSON.stringify(join(dir, path)).slice(1, -1);
  const fields = JSON.parse(JSON.stringify(what === 'looks' ? calls.looks : calls.tool).replaceAll('@', () => file));
  // Of the main agent: a subagent's task needs its start.
  const { agent_id, agentId, subagent_id, parentAgentId, ...payload } = found.payload;
  return { event, payload: { ...payload, ...fields } };
}

const text = z.string().min(1);
const ofClaude = (event: string) =>
  z.strictObject({
    decision: z.literal('block').optional(),
    reason: text.optional(),
    systemMessage: text.optional(),
    hookSpecificOutput: z
      .strictObject({
        hookEventName: z.literal(event),
        additionalContext: text.optional(),
        permissionDecision: z.literal('deny').optional(),
        permissionDecisionReason: text.optional(),
        updatedInput: z.looseObject({}).optional(),
      })
      .optional(),
  });

/** The members that a client knows in an answer to an event: any other one voids it, or is passed over. */
const FORMS: Record<ClientName, (event: string) => z.ZodType> = {
  claude: ofClaude,
  codex: ofClaude,
  opencode: ofClaude,
  gemini: (event) =>
    z.strictObject({
      decision: z.literal('deny').optional(),
      reason: text.optional(),
      systemMessage: text.optional(),
      hookSpecificOutput: z
        .strictObject({
          hookEventName: z.literal(event),
          additionalContext: text.optional(),
          tool_input: z.looseObject({}).optional(),
        })
        .optional(),
    }),
  copilot: () =>
    z.strictObject({
      permissionDecision: z.literal('deny').optional(),
      permissionDecisionReason: text.optional(),
      modifiedArgs: z.looseObject({}).optional(),
      additionalContext: text.optional(),
    }),
  cursor: () =>
    z.strictObject({
      permission: z.literal('deny').optional(),
      agent_message: text.optional(),
      user_message: text.optional(),
      continue: z.literal(false).optional(),
      additional_context: text.optional(),
      updated_input: z.looseObject({}).optional(),
    }),
};

/** Throws where the client would not take this as an answer to its event. */
export function checkForm(client: ClientName, event: string, out: string): void {
  if (out === '') return;
  if (client === 'claude' && event.startsWith('Worktree')) {
    if (!/^\/[^\n]+\n$/.test(out)) throw new Error(`${event} is answered by a path, not by ${out.slice(0, 200)}`);
    return;
  }
  FORMS[client](event).parse(JSON.parse(out));
}

/** Why the answer refuses the call, in the member where the client's model reads it; null where it does not refuse. */
// biome-ignore lint/suspicious/noExplicitAny: an answer of any client
export function refusedBecause(client: ClientName, said: any): string | null {
  if (client === 'gemini') return said?.decision === 'deny' ? said.reason : null;
  if (client === 'copilot') return said?.permissionDecision === 'deny' ? said.permissionDecisionReason : null;
  if (client === 'cursor') return said?.permission === 'deny' ? said.agent_message : null;
  const specific = said?.hookSpecificOutput;
  return specific?.permissionDecision === 'deny' ? specific.permissionDecisionReason : null;
}
