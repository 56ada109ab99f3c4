/**
 * Shell commands that a person decides about, as far as their text shows it. A shell can hide anything: whatever gets through is refused by the
 * command itself, or found at the checkpoint, at pre-commit, at the closeout or by `verify`. Pure; hot path.
 */

import type { Policy } from '../core/policy/policy.ts';

/** Longer commands are looked at so far only. */
const MOST = 100_000;

const DECIDES = /\bgit(?:\s+-\S+(?:\s+[^\s-]\S*)?){0,20}[\s-]+session\s+(approve|closeout|reject)\b([^;&|\n]*)/g;
const FORGES = /\bhook\.cjs["']?\s+agent\b|\bhook\.sh["']?\s+(?:claude|codex|gemini|copilot|opencode|cursor)\s/;
/** Words that follow one another in one simple command. One expression with gaps would try every pair of them, which takes hours for some long text. */
const SKIPS = [
  /\bgit(?:\s+-\S+(?:\s+(?:"[^"]{0,999}"|'[^']{0,999}'|[^\s"'-])(?:"[^"]{0,999}"|'[^']{0,999}'|[^\s"'])*)?){0,99}\s+commit\b/g,
  /\s(?:--no-verify|-(?=[a-zA-Z]*n)[a-zA-Z]+)\b/g,
];
const UNHOOKS = /\bHUSKY=0\b/;
const KEPT = String.raw`(?:\.sessionrc\.ya?ml|\.swarm\/|\.git\/(?:git-session|hooks|config|refs|HEAD|packed-refs)\b|\.husky\/|\.claude\/(?:settings|git-session))`;
const REDIRECTS = new RegExp(String.raw`>{1,2}\|?\s*["']?[^\s"'<>;|&]*${KEPT}`);
const NAMES = new RegExp(KEPT);
const WRITERS =
  /^(?:\w+=\S*\s+)*(?:sudo\s+|env\s+|command\s+)*(?:tee|rm|mv|cp|ln|dd|install|truncate|touch|chmod|chown|rsync|patch|unlink|shred|sed\s+[^|]*-i|perl\s+-\S*i)\b/;
const SETTING = String.raw`(?:core\.hooksPath|gitsession\.)`;
const SETS_ONCE = [/\bgit\b/gi, new RegExp(String.raw`-c\s+${SETTING}`, 'gi')];
const CONFIGURES = [/\bgit\b/gi, /\bconfig\b/gi, new RegExp(SETTING, 'gi')];
const READS = [/\bgit\b/gi, /\bconfig\b/gi, /\s--(?:get|list|show)/g];
const REFS = [/\bgit\b/g, /\b(?:update-ref|tag|branch)\b/g, /\bbackup\/session-|refs\/git-session\//g];
/** What only looks says so, in no comment, and asks for no change beside it. */
const LISTS = [/\bgit\b/g, /\b(?:tag|branch)\b/g, /\s(?:-l|--list|-v|--verify|--contains|--points-at)\b/g];
const CHANGES = /\s(?:-[a-zA-Z]*[dfmuDFM][a-zA-Z]*|--(?:copy|delete|force|move))\b|\bupdate-ref\b|\$\(|`/;

/** Why the command must not run, for the agent; null where nothing speaks against it. */
export function guardShell(command: string, presence: Policy['presence']): string | null {
  const text = command.slice(0, MOST).replace(/\\\r?\n/g, ' ');
  if (presence !== 'none') {
    for (const [, verb, rest = ''] of text.matchAll(DECIDES)) {
      if (/--prepare\b|--help\b|\s-h\b/.test(rest)) continue;
      return `git session ${verb} is a person's decision. Show the review with: git session closeout --prepare`;
    }
  }
  if (FORGES.test(text)) return 'This program speaks for the client; only the client starts it.';
  const parts = text.split(/[;&|\n]+/);
  const some = (words: readonly RegExp[], but?: readonly RegExp[]) =>
    parts.some((part) => follow(part, words) && !(but && looks(part, but)));
  if (some(SKIPS) || UNHOOKS.test(text)) return 'The git hooks watch over the session; commit without stepping over them.';
  if (some(SETS_ONCE) || some(CONFIGURES, READS)) return 'These settings decide about hooks and approval; a person changes them.';
  if (some(REFS, LISTS)) return 'Backups and the trash of sessions are kept by git-session; a person changes them.';
  for (const part of parts) {
    if (NAMES.test(part) && (REDIRECTS.test(part) || WRITERS.test(part.trim())))
      return 'Policy, approvers, hooks and the journal are changed by a person or by git-session itself.';
  }
  return REDIRECTS.test(text) ? 'Policy, approvers, hooks and the journal are changed by a person or by git-session itself.' : null;
}

const looks = (part: string, words: readonly RegExp[]) => follow(part.replace(/\s#.*/, ''), words) && !CHANGES.test(part);

/** True where each expression matches behind what the one before it has matched. */
function follow(part: string, words: readonly RegExp[]): boolean {
  let at = 0;
  return words.every((word) => {
    word.lastIndex = at;
    const found = word.test(part);
    at = word.lastIndex;
    return found;
  });
}
