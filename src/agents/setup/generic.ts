/** Agents without hooks: a paragraph in AGENTS.md that says how to take part by hand. Pure. */

import type { Piece } from './pieces.ts';

export function genericPieces(): Piece[] {
  return [{ path: 'AGENTS.md', kind: 'prose', lines: GUIDANCE }];
}

const GUIDANCE = [
  '## Sessions',
  '',
  'Work here is done in git sessions. `git session status` says whether one is checked out, and where new files belong.',
  '',
  '- Before a task: `git session hooks pre-task --description "<what>" --task-id <id> --agent <name>`. It prints where artifacts go and what earlier sessions learned.',
  '- After editing a file: `git session hooks post-edit --file <path> --task-id <id>`.',
  '- After the task: `git session hooks post-task --task-id <id> --status completed`. It commits exactly the files of the task.',
  '- To tell other agents: `git session memory store <key> <value>`; to wait for what one of them writes: `git session memory get <key> --wait 60`.',
  '- Where a file belongs: `git session route <path>`.',
  '',
  'A person closes the session; agents do not run `git session closeout` (with `--prepare` it only shows the review) or `git session approve`.',
];
