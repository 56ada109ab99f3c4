/** Slash commands of ours in a prompt. Pure. */

export type Slash =
  | { command: 'start'; topic: string }
  | { command: 'status' }
  | { command: 'closeout'; decision: null }
  | { command: 'closeout'; decision: 'yes' }
  | { command: 'closeout'; decision: 'no'; reason: string };

/** The command that the whole prompt is; `unclear` for one of ours that says nothing we know, null for any other prompt. A plugin puts its name in front. */
export function slashOf(prompt: string): Slash | 'unclear' | null {
  const found = /^\s*\/(?:git-session:)?session-(start|status|closeout)(?:\s+([\s\S]*))?$/.exec(prompt);
  if (!found) return null;
  const rest = (found[2] ?? '').trim();
  if (found[1] === 'start') return { command: 'start', topic: rest };
  if (found[1] === 'status') return rest === '' ? { command: 'status' } : 'unclear';
  if (rest === '') return { command: 'closeout', decision: null };
  if (/^yes$/i.test(rest)) return { command: 'closeout', decision: 'yes' };
  const [, reason] = /^no\s+([\s\S]+)$/i.exec(rest) ?? [];
  return reason === undefined ? 'unclear' : { command: 'closeout', decision: 'no', reason: reason.trim() };
}

/** True for any command of the client's own. */
export const isSlash = (prompt: string) => /^\s*[/!#]/.test(prompt);
