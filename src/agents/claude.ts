/** Claude Code: 2.1.330 as observed, 2.0.76 and 2.1.112 where they differ. Pure; hot path. */

import { type Dialect, readLike, writeLike } from './claude-like.ts';
import { isAboutWorktrees, worktreeEvent } from './claude-worktree.ts';
import type { Adapter, Answer } from './event.ts';
import type { Payload } from './fields.ts';

const DIALECT: Dialect = {
  writers: ['Write', 'Edit', 'MultiEdit', 'NotebookEdit'],
  creators: ['Write'],
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
  write,
};

function read(event: string, payload: Payload): ReturnType<Adapter['read']> {
  // Copilot and Cursor run these hooks too, with payloads of their own; they are asked in their own way.
  if ('timestamp' in payload || 'cursor_version' in payload) return null;
  if (isAboutWorktrees(event, payload)) return worktreeEvent(event, payload);
  const said = readLike(DIALECT, event, payload);
  // Before 2.1, whose payloads have no prompt's id, a changed input counts only with a permission, which is not ours to give.
  if (typeof said === 'object' && said?.kind === 'before-write' && payload.prompt_id === undefined) delete said.whole;
  return said;
}

/** What answers about worktrees is a path and no JSON. */
function write(event: string, answer: Answer): string {
  return event.startsWith('Worktree') ? (answer.path ?? '') : writeLike(event, answer);
}
