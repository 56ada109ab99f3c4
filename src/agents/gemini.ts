/** Gemini CLI: 0.61.0 as observed. It names no subagent: what happens between a call of invoke_agent and its end is that agent's. Pure; hot path. */

import { aboutOf } from './claude-like.ts';
import type { Adapter, Answer, ChatEvent } from './event.ts';
import { objectOf, type Payload, textOf } from './fields.ts';
import { isForeignWrite, pathsOf, wholeFile } from './tool-paths.ts';

const WRITERS = ['write_file', 'replace'];

export const gemini: Adapter = { name: 'Gemini CLI', gates: ['BeforeTool'], attended: () => false, read, write };

function read(event: string, payload: Payload): ReturnType<Adapter['read']> {
  const chat = textOf(payload, 'session_id');
  const cwd = textOf(payload, 'cwd');
  if (!chat || !cwd || (payload.hook_event_name !== undefined && payload.hook_event_name !== event))
    return event === 'BeforeTool' ? 'unclear' : null;
  const where = { chat, cwd, agent: null };
  const tool = textOf(payload, 'tool_name') ?? '';
  const input = objectOf(payload, 'tool_input');
  const writes = WRITERS.includes(tool) || isForeignWrite(tool);
  // Neither prompts nor calls have an id; their time is one.
  const moment = (textOf(payload, 'timestamp') ?? '').replace(/\D/g, '') || null;
  switch (event) {
    case 'SessionStart':
      return { ...where, kind: 'chat-start', source: payload.source === 'resume' ? 'resumed' : 'new' };
    case 'BeforeAgent':
      return { ...where, kind: 'prompt', id: moment?.slice(6) ?? null, text: ownWords(textOf(payload, 'prompt') ?? ''), by: 'person' };
    case 'BeforeTool':
      if (tool === '') return 'unclear';
      if (writes)
        return { ...where, kind: 'before-write', tool, files: pathsOf(input), ...(tool === 'write_file' ? wholeFile(input) : {}) };
      if (tool === 'run_shell_command') return { ...where, kind: 'before-shell', command: textOf(input, 'command') ?? '' };
      if (tool !== 'invoke_agent') return null;
      return inside(where, input, moment ?? chat);
    case 'AfterTool':
      if (writes) return { ...where, kind: 'after-write', files: pathsOf(input) };
      return tool === 'invoke_agent' ? { ...where, kind: 'subagent-stop' } : null;
    case 'AfterAgent':
      return { ...where, kind: 'turn-end', waiting: false };
    case 'SessionEnd':
      return { ...where, kind: 'chat-end' };
    default:
      return null;
  }
}

/** The client puts what hooks told it in front of the first prompt, with its own brackets escaped. */
const ownWords = (prompt: string) => prompt.replace(/^(?:\s*<hook_context>[\s\S]*?<\/hook_context>)+\s*/, '');

function inside(where: Pick<ChatEvent, 'chat' | 'cwd' | 'agent'>, input: Payload, id: string): ChatEvent {
  const type = textOf(input, 'agent_name') ?? 'generalist';
  return { ...where, kind: 'before-subagent', call: id, type, description: aboutOf(input), input, starts: { id, type } };
}

function write(event: string, answer: Answer): string {
  const refusal = answer.deny ?? answer.stop;
  const specific = {
    ...(answer.context ? { additionalContext: answer.context } : {}),
    // The whole input: it is checked as if the model had sent it.
    ...(answer.input ? { tool_input: answer.input } : {}),
  };
  const out = {
    ...(refusal === undefined ? {} : { decision: 'deny', reason: refusal }),
    ...(answer.tell === undefined ? {} : { systemMessage: answer.tell }),
    ...(Object.keys(specific).length === 0 ? {} : { hookSpecificOutput: { hookEventName: event, ...specific } }),
  };
  return Object.keys(out).length === 0 ? '' : JSON.stringify(out);
}
