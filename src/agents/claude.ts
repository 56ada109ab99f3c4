/** Claude Code: 2.1.330 as observed, 2.0.76 and 2.1.112 where they differ. Pure; hot path. */

import type { Adapter, Answer, ChatEvent, Figures } from './event.ts';
import { known, numberOf, objectOf, type Payload, textOf } from './fields.ts';
import { isForeignWrite, pathsOf } from './tool-paths.ts';

const WRITERS = new Set(['Write', 'Edit', 'MultiEdit', 'NotebookEdit']);
const SPAWNERS = new Set(['Agent', 'Task']);

export const claude: Adapter = {
  name: 'Claude Code',
  gates: ['PreToolUse'],
  // `sdk-cli` is a run without a person.
  attended: (env) => env.CLAUDE_CODE_ENTRYPOINT === 'cli',
  read,
  write,
};

function read(event: string, payload: Payload): ChatEvent | null {
  const chat = textOf(payload, 'session_id');
  const cwd = textOf(payload, 'cwd');
  if (!chat || !cwd || (payload.hook_event_name !== undefined && payload.hook_event_name !== event)) return null;
  const id = textOf(payload, 'agent_id');
  const type = textOf(payload, 'agent_type');
  const where = { chat, cwd, agent: id ? { id, type: type ?? 'subagent' } : null };
  switch (event) {
    case 'SessionStart':
      return { ...where, kind: 'chat-start', source: sourceOf(payload) };
    case 'UserPromptSubmit':
      return { ...where, ...promptOf(payload) };
    case 'PreToolUse':
      return before(where, payload);
    case 'PostToolUse':
      return after(where, payload);
    case 'SubagentStart':
      return id ? { ...where, kind: 'subagent-start' } : null;
    case 'SubagentStop':
      // /compact ends subagents that never started; they have no type.
      return id && type ? { ...where, kind: 'subagent-stop' } : null;
    case 'Stop':
      return { ...where, kind: 'turn-end', waiting: Array.isArray(payload.background_tasks) && payload.background_tasks.length > 0 };
    case 'SessionEnd':
      return { ...where, kind: 'chat-end' };
    case 'WorktreeCreate': {
      const name = textOf(payload, 'name');
      return name ? { ...where, kind: 'worktree-create', name } : null;
    }
    case 'WorktreeRemove': {
      const path = textOf(payload, 'worktree_path', 'path');
      return path ? { ...where, kind: 'worktree-remove', path } : null;
    }
    default:
      return null;
  }
}

function sourceOf({ source }: Payload): 'new' | 'resumed' | 'compacted' {
  if (source === 'resume') return 'resumed';
  return source === 'compact' ? 'compacted' : 'new';
}

type Prompt = Omit<Extract<ChatEvent, { kind: 'prompt' }>, 'chat' | 'cwd' | 'agent'>;

/** A subagent's end comes as a prompt that nobody typed, and carries the figures. */
function promptOf(payload: Payload): Prompt {
  const text = textOf(payload, 'prompt') ?? '';
  const id = textOf(payload, 'prompt_id');
  if (!/^\s*<task-notification>/.test(text)) return { kind: 'prompt', id, text, by: 'person' };
  const agent = /<task-id>([^<]{1,100})<\/task-id>/.exec(text)?.[1];
  const count = (tag: string) => {
    const digits = new RegExp(`<${tag}>(\\d{1,15})</${tag}>`).exec(text.slice(text.lastIndexOf('<usage>')))?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  const figures = known<Figures>({ tokens: count('subagent_tokens'), tool_calls: count('tool_uses'), duration_ms: count('duration_ms') });
  return { kind: 'prompt', id, text, by: 'client', ...(agent ? { finished: { agent, figures } } : {}) };
}

type At = Pick<ChatEvent, 'chat' | 'cwd' | 'agent'>;

function before(where: At, payload: Payload): ChatEvent | null {
  const tool = textOf(payload, 'tool_name') ?? '';
  const input = objectOf(payload, 'tool_input');
  if (WRITERS.has(tool) || isForeignWrite(tool)) return { ...where, kind: 'before-write', tool, files: pathsOf(input) };
  if (tool === 'Bash' || tool === 'PowerShell') return { ...where, kind: 'before-shell', command: textOf(input, 'command') ?? '' };
  if (!SPAWNERS.has(tool)) return null;
  const type = textOf(input, 'subagent_type') ?? 'general-purpose';
  return {
    ...where,
    kind: 'before-subagent',
    call: textOf(payload, 'tool_use_id') ?? '',
    type,
    description: textOf(input, 'description'),
    input,
  };
}

function after(where: At, payload: Payload): ChatEvent | null {
  const tool = textOf(payload, 'tool_name') ?? '';
  if (WRITERS.has(tool) || isForeignWrite(tool)) return { ...where, kind: 'after-write', files: pathsOf(objectOf(payload, 'tool_input')) };
  if (!SPAWNERS.has(tool)) return null;
  const response = objectOf(payload, 'tool_response');
  const started = textOf(response, 'agentId');
  if (!started) return null;
  const figures = known<Figures>({
    model: textOf(response, 'resolvedModel') ?? undefined,
    tokens: numberOf(response, 'totalTokens'),
    tool_calls: numberOf(response, 'totalToolUseCount'),
    duration_ms: numberOf(response, 'totalDurationMs'),
  });
  const description = textOf(objectOf(payload, 'tool_input'), 'description');
  return { ...where, kind: 'after-subagent', call: textOf(payload, 'tool_use_id') ?? '', started, description, figures };
}

/** Longer strings are spilled to a file by the client. */
const MOST = 9500;

function write(event: string, answer: Answer): string {
  if (answer.path !== undefined) return answer.path;
  const specific: Record<string, unknown> = {};
  if (answer.context) specific.additionalContext = answer.context.slice(0, MOST);
  if (answer.deny !== undefined) {
    specific.permissionDecision = 'deny';
    specific.permissionDecisionReason = answer.deny.slice(0, MOST);
  } else if (answer.input) {
    // Versions before 2.1 take the changed input only together with a decision.
    specific.permissionDecision = 'allow';
    specific.updatedInput = answer.input;
  }
  const out = {
    ...(answer.stop === undefined ? {} : { decision: 'block', reason: answer.stop.slice(0, MOST) }),
    ...(answer.tell === undefined ? {} : { systemMessage: answer.tell.slice(0, MOST) }),
    ...(Object.keys(specific).length === 0 ? {} : { hookSpecificOutput: { hookEventName: event, ...specific } }),
  };
  return Object.keys(out).length === 0 ? '' : JSON.stringify(out);
}
