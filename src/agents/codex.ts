/** Codex: 0.169.0 as observed. Pure; hot path. */

import { readLike, writeLike } from './claude-like.ts';
import type { Adapter } from './event.ts';

const DIALECT = {
  writers: [],
  shells: ['Bash', 'shell', 'exec_command'],
  spawners: ['spawn_agent'],
  patchesByShell: true,
  typeField: 'agent_type',
  defaultType: 'default',
  promptId: 'turn_id',
};

export const codex: Adapter = {
  name: 'Codex',
  gates: ['PreToolUse'],
  // Its hooks see no difference between a person's chat and `codex exec`.
  attended: () => false,
  read: (event, payload) => readLike(DIALECT, event, payload),
  write: writeLike,
};
