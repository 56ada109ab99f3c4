/** Claude Code: 2.1.330 as observed, 2.0.76 and 2.1.112 where they differ. Pure; hot path. */

import { type Dialect, readLike, writeLike } from './claude-like.ts';
import type { Adapter, ChatEvent } from './event.ts';
import { type Payload, textOf } from './fields.ts';

const DIALECT: Dialect = {
  writers: ['Write', 'Edit', 'MultiEdit', 'NotebookEdit'],
  shells: ['Bash', 'PowerShell'],
  spawners: ['Agent', 'Task'],
  typeField: 'subagent_type',
  defaultType: 'general-purpose',
  promptId: 'prompt_id',
};

export const claude: Adapter = {
  name: 'Claude Code',
  gates: ['PreToolUse'],
  // `sdk-cli` is a run without a person.
  attended: (env) => env.CLAUDE_CODE_ENTRYPOINT === 'cli',
  read,
  write: writeLike,
};

function read(event: string, payload: Payload): ChatEvent | null {
  // Copilot and Cursor run these hooks too, with payloads of their own; they are asked in their own way.
  if ('timestamp' in payload || 'cursor_version' in payload) return null;
  const where = { chat: textOf(payload, 'session_id') ?? '', cwd: textOf(payload, 'cwd') ?? '', agent: null };
  if (!where.chat || !where.cwd) return null;
  if (event === 'WorktreeCreate') {
    const name = textOf(payload, 'name');
    return name ? { ...where, kind: 'worktree-create', name } : null;
  }
  if (event === 'WorktreeRemove') {
    const path = textOf(payload, 'worktree_path', 'path');
    return path ? { ...where, kind: 'worktree-remove', path } : null;
  }
  return readLike(DIALECT, event, payload);
}
