/** Claude Code's events about worktrees: 2.1.330 as observed. A hook that is there makes and removes them in the client's place. Pure; hot path. */

import type { ChatEvent } from './event.ts';
import { type Payload, textOf } from './fields.ts';

/** Names that the client gives to worktrees of its own workers: subagents, steps of a workflow, chats in the background. */
const WORKER = /^(?:agent-a[0-9a-f]{7,}|wf[_-]\d[0-9a-f-]*|wf_[0-9a-f-]+|bridge-\w[\w-]*|(?:job|bg)-[\w.-]+-[0-9a-f]{8})$/;

/** Tools that take a chat into a worktree and out of it. */
const MOVERS = ['EnterWorktree', 'ExitWorktree'];

/** True where a payload is about worktrees. */
export function isAboutWorktrees(event: string, payload: Payload): boolean {
  return (
    event === 'WorktreeCreate' || event === 'WorktreeRemove' || (event === 'PostToolUse' && MOVERS.includes(String(payload.tool_name)))
  );
}

/** The event in such a payload, or null. A worktree is removed from where it lies, whatever folder the chat is in. */
export function worktreeEvent(event: string, payload: Payload): ChatEvent | null {
  const chat = textOf(payload, 'session_id');
  const cwd = textOf(payload, 'cwd');
  if (!chat || !cwd || (payload.hook_event_name !== undefined && payload.hook_event_name !== event)) return null;
  if (event === 'PostToolUse') return { chat, cwd, agent: null, kind: 'moved' };
  if (event === 'WorktreeRemove') {
    const path = textOf(payload, 'worktree_path');
    return path === null ? null : { chat, cwd: path, agent: null, kind: 'worktree-remove' };
  }
  const name = textOf(payload, 'name', 'worktree_name');
  if (name === null) return null;
  // Before the first prompt it is what a person asked for on the command line; later an agent's tool asks.
  const by = textOf(payload, 'prompt_id') === null ? 'person' : 'agent';
  return { chat, cwd, agent: null, kind: 'worktree-create', name, by: WORKER.test(name) ? 'client' : by };
}
