/** The small block that goes into a tracked hook script, and how it gets in and out again. Pure. */

/** The git hooks that a session uses. */
export const GIT_HOOKS = [
  'pre-commit',
  'prepare-commit-msg',
  'commit-msg',
  'post-commit',
  'post-checkout',
  'post-merge',
  'post-rewrite',
  'pre-push',
] as const;

export type GitHook = (typeof GIT_HOOKS)[number];

/** The first line of every block. */
export const BEGIN = '# >>> git-session >>>';
const END = '# <<< git-session <<<';

/**
 * Finds the git dir that all worktrees share with sh builtins and runs this clone's copy of the hook from there. It works in any sh script
 * that git runs, under `sh -e` too, starts no process, reads nothing from standard input, and does nothing where git-session is not set up.
 */
export function hookBlock(hook: GitHook): string {
  return `${BEGIN}
# Records sessions of coding agents; does nothing outside one, or where git-session is not installed.
git_session_dir=\${GIT_DIR:-.git}
if [ -f "$git_session_dir" ]; then
  IFS= read -r git_session_dir <"$git_session_dir" || :
  git_session_dir=\${git_session_dir#gitdir: }
fi
git_session_common=$git_session_dir
if [ -r "$git_session_dir/commondir" ]; then
  IFS= read -r git_session_common <"$git_session_dir/commondir" || :
  case $git_session_common in
    /* | ?:*) ;;
    *) git_session_common=$git_session_dir/$git_session_common ;;
  esac
fi
# shellcheck source=/dev/null
if [ -r "$git_session_common/git-session/hooks/${hook}" ]; then . "$git_session_common/git-session/hooks/${hook}"; fi
${END}
`;
}

/** True where the script holds our block. */
export function hasBlock(script: string): boolean {
  return script.includes(BEGIN) && script.includes(END);
}

/** The script with the block: a new one, after the shebang of an existing one, or in place of an older block. */
export function withBlock(script: string | null, hook: GitHook): string {
  const block = hookBlock(hook);
  if (script === null) return `#!/bin/sh\n${block}`;
  const old = span(script);
  if (old) return script.slice(0, old.start) + block + script.slice(old.end);
  const shebang = /^#![^\n]*\n/.exec(script)?.[0] ?? '';
  const rest = script.slice(shebang.length);
  return `${shebang}${block}${rest}`;
}

/** The script without the block: byte for byte what it was before, or null where nothing else is left of a script that we made. */
export function withoutBlock(script: string): string | null {
  const old = span(script);
  if (!old) return script;
  const rest = script.slice(0, old.start) + script.slice(old.end);
  return rest === '#!/bin/sh\n' || rest === '' ? null : rest;
}

function span(script: string): { start: number; end: number } | null {
  const start = script.indexOf(BEGIN);
  const end = script.indexOf(END, start);
  if (start < 0 || end < 0) return null;
  const after = end + END.length;
  return { start, end: script[after] === '\n' ? after + 1 : after };
}
