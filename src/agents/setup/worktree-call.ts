/**
 * How Claude Code's settings call us about worktrees. Where such a hook is there, the client makes and removes none by itself, so the line does what
 * the client would have done wherever git-session has nothing to say: the program is gone or broken, or no session can be started. Pure.
 */

import { HOOK_FILE } from './pieces.ts';

/** The payload in `$i`, what git-session says in `$o`; where it refuses, nothing more is tried. */
const ask = (event: string) =>
  `i=$(cat); o=; f="$CLAUDE_PROJECT_DIR/${HOOK_FILE}"; [ ! -f "$f" ] || o=$(printf '%s' "$i" | sh "$f" claude ${event}) || exit 1`;

const field = (name: string, characters: string) =>
  `$(printf '%s' "$i" | tr '\\n' ' ' | sed -n 's|.*"${name}" *: *"\\(${characters}*\\)".*|\\1|p')`;

/** The client's own place and branch, from HEAD; one of that name is gone on with, as the client does. */
const MAKE = [
  `n=$(printf '%s' "${field('name', '[A-Za-z0-9._/-]')}" | tr / +)`,
  `[ -n "$n" ] || { echo 'The name of the worktree is none.' >&2; exit 1; }`,
  'o=$t/.claude/worktrees/$n',
  `[ -e "$o/.git" ] || git worktree add -q "$o" "worktree-$n" >&2 2>/dev/null || git worktree add -q -b "worktree-$n" "$o" >&2 || exit 1`,
].join('; ');

/** Ignored files that the client's own file names for new worktrees, as far as they are not there. */
const INCLUDE = `[ ! -f "$t/.worktreeinclude" ] || (cd "$t" && git ls-files -z --others --ignored --exclude-from=.worktreeinclude | git check-ignore -z --stdin | tar -cf - --null -T - | tar -xkf - -C "$o") >/dev/null 2>&1`;

/** Only what git removes without being forced. */
const REMOVE = [
  `w=${field('worktree_path', '[^"\\\\]')}`,
  'g=$(git -C "$w" rev-parse --path-format=absolute --git-common-dir) || exit 1',
  'git -C "$g" worktree remove -- "$w"',
].join('; ');

const LINES = {
  WorktreeCreate: `t=$(git rev-parse --show-toplevel) || exit 1; if [ -z "$o" ]; then ${MAKE}; fi; ${INCLUDE}; printf '%s\\n' "$o"`,
  WorktreeRemove: `[ -z "$o" ] || { printf '%s\\n' "$o"; exit; }; ${REMOVE}`,
};

export function worktreeCall(event: keyof typeof LINES): string {
  return `${ask(event)}; ${LINES[event]}`;
}
