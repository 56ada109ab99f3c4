/** The shell line by which a hook manager calls us. Pure. */

import { asObject, parseJson } from '../text/json.ts';
import { setInJson } from '../text/json-edit.ts';
import { dropFromJson } from '../text/json-list.ts';
import { GIT_HOOKS, type GitHook } from './hook-block.ts';

/** Does nothing, with exit code 0, where this clone has no git-session. `args` is shell text. */
export function hookCall(hook: GitHook, args: string): string {
  return `f="$(git rev-parse --git-common-dir)/git-session/hooks/run"; [ ! -f "$f" ] || sh "$f" ${[hook, args].filter(Boolean).join(' ')}`;
}

/** simple-git-hooks: the line is a part of a script that git itself runs. */
export function beforeCommand(hook: GitHook, command: string | null): string {
  const call = `${hookCall(hook, '"$@"')} || exit $?`;
  return command === null ? call : `${call}; ${command}`;
}

/** The command without our call in front; null where nothing else is left, or it was ours alone. */
export function withoutCall(command: string): string | null {
  const rest = command.replace(/^f="\$\(git rev-parse --git-common-dir\)\/git-session\/hooks\/run"; .*? \|\| exit \$\?(?:; |$)/, '');
  return rest === '' ? null : rest;
}

/** JSON with commands of hooks below `at`, without our calls in them. */
export function withoutSimpleHooks(text: string, at: readonly string[]): string {
  return GIT_HOOKS.reduce((now, hook) => {
    const command = asObject(at.reduce<unknown>((value, key) => asObject(value)?.[key], parseJson(now)))?.[hook];
    const rest = typeof command === 'string' ? withoutCall(command) : command;
    if (rest === command) return now;
    return rest === null ? dropFromJson(now, [...at, hook]) : (setInJson(now, [...at, hook], rest) ?? now);
  }, text);
}
