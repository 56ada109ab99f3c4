/** OpenCode: our plugin there speaks the form of Claude Code's hooks, with OpenCode's own names of tools. Pure; hot path. */

import { readLike, writeLike } from './claude-like.ts';
import type { Adapter } from './event.ts';

const DIALECT = {
  writers: ['write', 'edit', 'multiedit', 'patch'],
  creators: ['write'],
  shells: ['bash'],
  spawners: ['task'],
  typeField: 'subagent_type',
  defaultType: 'general',
  promptId: 'prompt_id',
};

export const opencode: Adapter = {
  name: 'OpenCode',
  gates: ['PreToolUse'],
  attended: () => false,
  read: (event, payload) => readLike(DIALECT, event, payload),
  write: writeLike,
};
