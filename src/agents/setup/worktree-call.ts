/**
 * How Claude Code's settings call us about worktrees. Where such a hook is there, the client makes and removes none by itself, so the line does what
 * the client would have done wherever git-session has nothing to say: the program is gone or broken, or no session can be started. Pure.
 */

import { HOOK_FILE } from './pieces.ts';

/** The payload in `$i`; what git-session prints goes to the client, and where it refuses, nothing more is tried. */
const ASK = (event: string) =>
  `i=$(cat); o=; f="$CLAUDE_PROJECT_DIR/${HOOK_FILE}"; [ ! -f "$f" ] || o=$(printf '%s' "$i" | sh "$f" claude ${event}) || exit 1; [ -z "$o" ] || { printf '%s\\n' "$o"; exit; }`;

const field = (name: string, characters: string) =>
  `$(printf '%s' "$i" | tr '\\n' ' ' | sed -n 's|.*"${name}" *: *"\\(${characters}*\\)".*|\\1|p')`;

/** The client's own place and branch, from HEAD; one of that name is gone on with, as the client does. */
const MAKE = [
  `n=$(printf '%s' "${field('name', '[A-Za-z0-9._/-]')}" | tr / +)`,
  't=$(git rev-parse --show-toplevel) || exit 1',
  'd=$t/.claude/worktrees/$n',
  `[ -n "$n" ] || { echo 'The name of the worktree is none.' >&2; exit 1; }`,
  `[ -e "$d/.git" ] || git worktree add -q "$d" "worktree-$n" >&2 2>/dev/null || git worktree add -q -b "worktree-$n" "$d" >&2 || exit 1`,
  `printf '%s\\n' "$d"`,
].join('; ');

/** Only what git removes without being forced. */
const REMOVE = [
  `w=${field('worktree_path', '[^"\\\\]')}`,
  'g=$(git -C "$w" rev-parse --path-format=absolute --git-common-dir) || exit 1',
  'git -C "$g" worktree remove -- "$w"',
].join('; ');

export function worktreeCall(event: 'WorktreeCreate' | 'WorktreeRemove'): string {
  return `${ASK(event)}; ${event === 'WorktreeCreate' ? MAKE : REMOVE}`;
}
