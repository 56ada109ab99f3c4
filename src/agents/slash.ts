/** Slash commands of ours in a prompt. Pure. */

export type Slash =
  | { command: 'start'; topic: string }
  | { command: 'status' }
  | { command: 'closeout'; decision: null }
  /** `topic`: typed behind it where a review has points to accept knowingly. */
  | { command: 'closeout'; decision: 'yes'; topic: string | null }
  | { command: 'closeout'; decision: 'no'; reason: string };

/** The command that the whole prompt is; `unclear` for one of ours that says nothing we know, null for any other prompt. A plugin puts its name in front, and Codex calls a skill by `$`. */
export function slashOf(prompt: string): Slash | 'unclear' | null {
  const found = /^\s*[/$](?:git-session:)?session-(start|status|closeout)(?:\s+([\s\S]*))?$/.exec(prompt);
  if (!found) return null;
  const rest = (found[2] ?? '').trim();
  if (found[1] === 'start') return { command: 'start', topic: rest };
  if (found[1] === 'status') return rest === '' ? { command: 'status' } : 'unclear';
  if (rest === '') return { command: 'closeout', decision: null };
  const yes = /^yes(?:\s+(\S+))?$/i.exec(rest);
  if (yes) return { command: 'closeout', decision: 'yes', topic: yes[1] ?? null };
  const [, reason] = /^no\s+([\s\S]+)$/i.exec(rest) ?? [];
  return reason === undefined ? 'unclear' : { command: 'closeout', decision: 'no', reason: reason.trim() };
}

/** True for any command of the client's own. */
export const isSlash = (prompt: string) => /^\s*[/!#$]/.test(prompt);
