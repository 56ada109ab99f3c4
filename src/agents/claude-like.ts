/** Payloads and answers in the form that Claude Code began and Codex took up. Pure; hot path. */

import type { Answer, ChatEvent, Figures } from './event.ts';
import { known, numberOf, objectOf, type Payload, textOf } from './fields.ts';
import { isForeignWrite, patchPaths, pathsOf, shellPatchPaths, wholeFile } from './tool-paths.ts';

export interface Dialect {
  /** Tools that write files, tools that run shell commands, and tools that start a subagent. */
  writers: readonly string[];
  /** Those of the writers that write one whole file. */
  creators?: readonly string[];
  shells: readonly string[];
  spawners: readonly string[];
  /** Its shell tool carries out patches too. */
  patchesByShell?: boolean;
  /** Where the input of a spawner says the subagent's type, and the type where it says none. */
  typeField: string;
  defaultType: string;
  /** Where a prompt's own id stands. */
  promptId: string;
}

/** The event in a payload of this form. */
export function readLike(dialect: Dialect, event: string, payload: Payload): ChatEvent | 'unclear' | null {
  const chat = textOf(payload, 'session_id');
  const cwd = textOf(payload, 'cwd');
  if (!chat || !cwd || (payload.hook_event_name !== undefined && payload.hook_event_name !== event))
    return event === 'PreToolUse' ? 'unclear' : null;
  const id = textOf(payload, 'agent_id');
  const type = textOf(payload, 'agent_type');
  const where = { chat, cwd, agent: id ? { id, type: type ?? dialect.defaultType } : null };
  switch (event) {
    case 'SessionStart':
      return { ...where, kind: 'chat-start', source: sourceOf(payload) };
    case 'UserPromptSubmit':
      return { ...where, ...promptOf(dialect, payload) };
    case 'PreToolUse':
      return before(dialect, where, payload);
    case 'PostToolUse':
      return after(dialect, where, payload);
    case 'SubagentStart':
      return id ? { ...where, kind: 'subagent-start' } : null;
    case 'SubagentStop':
      // Claude Code's /compact ends subagents that never started; they have no type.
      return id && type ? { ...where, kind: 'subagent-stop' } : null;
    case 'Stop':
      return { ...where, kind: 'turn-end', waiting: Array.isArray(payload.background_tasks) && payload.background_tasks.length > 0 };
    case 'SessionEnd':
      return { ...where, kind: 'chat-end' };
    default:
      return null;
  }
}

function sourceOf({ source }: Payload): 'new' | 'resumed' | 'compacted' {
  if (source === 'resume') return 'resumed';
  return source === 'compact' ? 'compacted' : 'new';
}

type Prompt = Omit<Extract<ChatEvent, { kind: 'prompt' }>, 'chat' | 'cwd' | 'agent'>;

/** In Claude Code a subagent's end comes as a prompt that nobody typed, and carries the figures. */
function promptOf(dialect: Dialect, payload: Payload): Prompt {
  const text = textOf(payload, 'prompt') ?? '';
  const id = textOf(payload, dialect.promptId);
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

/** The files that a call of a file tool names, or null for another tool. */
function written(dialect: Dialect, tool: string, input: Payload): string[] | null {
  if (tool === 'apply_patch') return patchPaths(textOf(input, 'command', 'patch', 'input', 'patchText') ?? '');
  if (dialect.patchesByShell && dialect.shells.includes(tool)) return shellPatchPaths(textOf(input, 'command') ?? '');
  return dialect.writers.includes(tool) || isForeignWrite(tool) ? pathsOf(input) : null;
}

function before(dialect: Dialect, where: At, payload: Payload): ChatEvent | 'unclear' | null {
  const tool = textOf(payload, 'tool_name');
  if (tool === null) return 'unclear';
  const input = objectOf(payload, 'tool_input');
  const files = written(dialect, tool, input);
  if (files) return { ...where, kind: 'before-write', tool, files, ...(dialect.creators?.includes(tool) ? wholeFile(input) : {}) };
  if (dialect.shells.includes(tool)) return { ...where, kind: 'before-shell', command: textOf(input, 'command') ?? '' };
  if (!dialect.spawners.includes(tool)) return null;
  const call = textOf(payload, 'tool_use_id') ?? '';
  const type = textOf(input, dialect.typeField) ?? dialect.defaultType;
  return { ...where, kind: 'before-subagent', call, type, description: aboutOf(input), input };
}

function after(dialect: Dialect, where: At, payload: Payload): ChatEvent | null {
  const tool = textOf(payload, 'tool_name') ?? '';
  const input = objectOf(payload, 'tool_input');
  const files = written(dialect, tool, input);
  if (files) return { ...where, kind: 'after-write', files };
  if (!dialect.spawners.includes(tool)) return null;
  const response = objectOf(payload, 'tool_response');
  const started =
    textOf(response, 'agentId', 'agent_id') ?? /"agent_id":"([\w-]{1,100})"/.exec(textOf(payload, 'tool_response') ?? '')?.[1];
  if (!started) return null;
  const figures = known<Figures>({
    model: textOf(response, 'resolvedModel') ?? textOf(payload, 'model') ?? undefined,
    tokens: numberOf(response, 'totalTokens'),
    tool_calls: numberOf(response, 'totalToolUseCount'),
    duration_ms: numberOf(response, 'totalDurationMs'),
  });
  return { ...where, kind: 'after-subagent', call: textOf(payload, 'tool_use_id') ?? '', started, description: aboutOf(input), figures };
}

/** What a subagent is for: as the call says it in short, else its prompt's first line. */
export function aboutOf(input: Payload): string | null {
  return textOf(input, 'description') ?? textOf(input, 'message', 'prompt')?.trim().split('\n')[0]?.slice(0, 200) ?? null;
}

/** Longer strings are spilled to a file by Claude Code. */
const MOST = 9500;

export function writeLike(event: string, answer: Answer): string {
  const specific: Record<string, unknown> = {};
  if (answer.context) specific.additionalContext = answer.context.slice(0, MOST);
  if (answer.deny !== undefined) {
    specific.permissionDecision = 'deny';
    specific.permissionDecisionReason = answer.deny.slice(0, MOST);
  } else if (answer.input) {
    // Without a decision: whether the changed call is allowed is still for the person, or for the client's own rules, to say.
    specific.updatedInput = answer.input;
  }
  const out = {
    ...(answer.stop === undefined ? {} : { decision: 'block', reason: answer.stop.slice(0, MOST) }),
    ...(answer.tell === undefined ? {} : { systemMessage: answer.tell.slice(0, MOST) }),
    ...(Object.keys(specific).length === 0 ? {} : { hookSpecificOutput: { hookEventName: event, ...specific } }),
  };
  return Object.keys(out).length === 0 ? '' : JSON.stringify(out);
}
