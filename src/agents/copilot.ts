/** Copilot CLI: 1.0.102 as observed, by its own hooks. A subagent's events carry its own session and the chat as its parent. Pure; hot path. */

import { aboutOf } from './claude-like.ts';
import type { Adapter, Answer } from './event.ts';
import { objectOf, type Payload, textOf } from './fields.ts';
import { patchPaths, pathsOf, wholeFile } from './tool-paths.ts';

const WRITERS = ['create', 'edit', 'str_replace', 'str_replace_editor', 'insert', 'write'];

export const copilot: Adapter = { name: 'Copilot', gates: ['preToolUse'], attended: () => false, read, write };

function read(event: string, payload: Payload): ReturnType<Adapter['read']> {
  const own = textOf(payload, 'sessionId');
  const cwd = textOf(payload, 'cwd');
  if (!own || !cwd || (payload.hook_event_name !== undefined && payload.hook_event_name !== event))
    return event === 'preToolUse' ? 'unclear' : null;
  const id = textOf(payload, 'agentId');
  const agent = id ? { id, type: textOf(payload, 'agentType') ?? 'task' } : null;
  const where = { chat: textOf(payload, 'parentAgentId') ?? own, cwd, agent };
  const tool = textOf(payload, 'toolName') ?? '';
  const input = objectOf(payload, 'toolArgs');
  const files = tool === 'apply_patch' ? patchPaths(textOf(input, 'patch', 'input') ?? '') : WRITERS.includes(tool) ? pathsOf(input) : null;
  switch (event) {
    case 'sessionStart':
      return { ...where, kind: 'chat-start', source: payload.source === 'resume' ? 'resumed' : 'new' };
    case 'userPromptSubmitted': {
      const moment = typeof payload.timestamp === 'number' ? String(payload.timestamp).slice(-8) : null;
      return { ...where, kind: 'prompt', id: moment, text: textOf(payload, 'prompt') ?? '', by: 'person' };
    }
    case 'preToolUse':
      if (tool === '') return 'unclear';
      if (files) return { ...where, kind: 'before-write', tool, files, ...(tool === 'create' ? wholeFile(input) : {}) };
      if (tool === 'bash' || tool === 'powershell') return { ...where, kind: 'before-shell', command: textOf(input, 'command') ?? '' };
      if (tool !== 'task') return null;
      return {
        ...where,
        kind: 'before-subagent',
        call: '',
        type: textOf(input, 'agent_type') ?? 'task',
        description: aboutOf(input),
        input,
      };
    case 'postToolUse':
      return files ? { ...where, kind: 'after-write', files } : null;
    case 'subagentStart':
      return agent ? { ...where, kind: 'subagent-start' } : null;
    case 'subagentStop':
      return agent ? { ...where, kind: 'subagent-stop' } : null;
    case 'agentStop':
      // A subagent of a kind that has no events of its own ends here.
      return agent ? { ...where, kind: 'subagent-stop' } : { ...where, kind: 'turn-end', waiting: false };
    case 'sessionEnd':
      return agent ? null : { ...where, kind: 'chat-end' };
    default:
      return null;
  }
}

/** Everything stands at the top; a prompt cannot be stopped, so what answers it is told to the agent. */
function write(_: string, answer: Answer): string {
  const context = answer.stop === undefined ? answer.context : carriedOut(answer.stop);
  const out = {
    ...(answer.deny === undefined ? {} : { permissionDecision: 'deny', permissionDecisionReason: answer.deny }),
    ...(answer.input ? { modifiedArgs: answer.input } : {}),
    ...(context ? { additionalContext: context } : {}),
  };
  return Object.keys(out).length === 0 ? '' : JSON.stringify(out);
}

/** For clients whose prompts go on to the model whatever a hook says. */
function carriedOut(text: string): string {
  return `This command was carried out by git-session and needs nothing more. What it said, for the person:\n${text}`;
}
