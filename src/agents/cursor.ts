/** Cursor, from its documentation only: it was not run here. Pure; hot path. */

import { aboutOf } from './claude-like.ts';
import type { Adapter, Answer } from './event.ts';
import { objectOf, type Payload, textOf } from './fields.ts';
import { isForeignWrite, pathsOf, wholeFile } from './tool-paths.ts';

const WRITERS = ['Write', 'Edit', 'StrReplace', 'Delete', 'EditNotebook'];

export const cursor: Adapter = { name: 'Cursor', gates: ['preToolUse'], attended: () => false, read, write };

function read(event: string, payload: Payload): ReturnType<Adapter['read']> {
  const chat = textOf(payload, 'conversation_id', 'session_id');
  const roots = payload.workspace_roots;
  const cwd = textOf(payload, 'cwd') ?? (Array.isArray(roots) && typeof roots[0] === 'string' ? roots[0] : null);
  if (!chat || !cwd || (payload.hook_event_name !== undefined && payload.hook_event_name !== event))
    return event === 'preToolUse' ? 'unclear' : null;
  const id = textOf(payload, 'subagent_id', 'agent_id');
  const where = { chat, cwd, agent: id ? { id, type: textOf(payload, 'subagent_type', 'agent_type') ?? 'subagent' } : null };
  const tool = textOf(payload, 'tool_name') ?? '';
  const input = objectOf(payload, 'tool_input');
  switch (event) {
    case 'sessionStart':
      return { ...where, kind: 'chat-start', source: 'new' };
    case 'beforeSubmitPrompt':
      return { ...where, kind: 'prompt', id: textOf(payload, 'generation_id'), text: textOf(payload, 'prompt') ?? '', by: 'person' };
    case 'preToolUse':
      if (tool === '') return 'unclear';
      if (WRITERS.includes(tool) || isForeignWrite(tool))
        return { ...where, kind: 'before-write', tool, files: pathsOf(input), ...(tool === 'Write' ? wholeFile(input) : {}) };
      if (tool === 'Shell') return { ...where, kind: 'before-shell', command: textOf(input, 'command') ?? '' };
      if (tool !== 'Task') return null;
      return {
        ...where,
        kind: 'before-subagent',
        call: textOf(payload, 'tool_use_id') ?? '',
        type: textOf(input, 'subagent_type') ?? 'subagent',
        description: aboutOf(input),
        input,
      };
    case 'afterFileEdit': {
      const file = textOf(payload, 'file_path');
      return file ? { ...where, kind: 'after-write', files: [file] } : null;
    }
    case 'subagentStart':
      return id ? { ...where, kind: 'subagent-start' } : null;
    case 'subagentStop':
      return id ? { ...where, kind: 'subagent-stop' } : null;
    case 'stop':
      return { ...where, kind: 'turn-end', waiting: false };
    case 'sessionEnd':
      return { ...where, kind: 'chat-end' };
    default:
      return null;
  }
}

function write(event: string, answer: Answer): string {
  const out = {
    ...(answer.deny === undefined ? {} : { permission: 'deny', agent_message: answer.deny, user_message: answer.deny }),
    ...(answer.stop === undefined ? {} : { continue: false, user_message: answer.stop }),
    ...(answer.context && event !== 'beforeSubmitPrompt' ? { additional_context: answer.context } : {}),
    ...(answer.input ? { updated_input: answer.input } : {}),
  };
  return Object.keys(out).length === 0 ? '' : JSON.stringify(out);
}
