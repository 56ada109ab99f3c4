/**
 * Shell commands that a person decides about, as far as their text shows it. A shell can hide anything: whatever gets through is refused by the
 * command itself, or found at the checkpoint, at pre-commit, at the closeout or by `verify`. Pure; hot path.
 */

import type { Policy } from '../core/policy/policy.ts';

/** Longer commands are looked at so far only. */
const MOST = 100_000;

const DECIDES = /\bgit(?:\s+-\S+(?:\s+[^\s-]\S*)?)*[\s-]+session\s+(approve|closeout|reject)\b([^;&|\n]*)/g;
const FORGES = /\bhook\.cjs["']?\s+agent\b|\bhook\.sh["']?\s+(?:claude|codex|gemini|copilot|opencode|cursor)\s/;
const SKIPS = /\bgit\b[^;&|\n]*\bcommit\b[^;&|\n]*\s(?:--no-verify|-[a-zA-Z]*n[a-zA-Z]*)\b|\bHUSKY=0\b/;
const KEPT = String.raw`(?:\.sessionrc\.ya?ml|\.swarm\/|\.git\/(?:git-session|hooks|config|refs|HEAD|packed-refs)\b|\.husky\/|\.claude\/(?:settings|git-session))`;
const REDIRECTS = new RegExp(String.raw`>{1,2}\|?\s*["']?[^\s"'<>;|&]*${KEPT}`);
const NAMES = new RegExp(KEPT);
const WRITERS =
  /^(?:\w+=\S*\s+)*(?:sudo\s+|env\s+|command\s+)*(?:tee|rm|mv|cp|ln|dd|install|truncate|touch|chmod|chown|rsync|patch|unlink|shred|sed\s+[^|]*-i|perl\s+-\S*i)\b/;
const CONFIGURES = /\bgit\b[^;&|\n]*(?:-c\s+|\bconfig\b(?![^;&|\n]*\s--(?:get|list|show))[^;&|\n]*)(?:core\.hooksPath|gitsession\.)/i;
const REFS = /\bgit\b[^;&|\n]*\b(?:update-ref|tag|branch)\b[^;&|\n]*(?:\bbackup\/session-|refs\/git-session\/)/;

/** Why the command must not run, for the agent; null where nothing speaks against it. */
export function guardShell(command: string, presence: Policy['presence']): string | null {
  const text = command.slice(0, MOST);
  if (presence !== 'none') {
    for (const [, verb, rest = ''] of text.matchAll(DECIDES)) {
      if (/--prepare\b|--help\b|\s-h\b/.test(rest)) continue;
      return `git session ${verb} is a person's decision. Show the review with: git session closeout --prepare`;
    }
  }
  if (FORGES.test(text)) return 'This program speaks for the client; only the client starts it.';
  if (SKIPS.test(text)) return 'The git hooks watch over the session; commit without stepping over them.';
  if (CONFIGURES.test(text)) return 'These settings decide about hooks and approval; a person changes them.';
  if (REFS.test(text)) return 'Backups and the trash of sessions are kept by git-session; a person changes them.';
  for (const part of text.split(/[;&|\n]+/)) {
    if (NAMES.test(part) && (REDIRECTS.test(part) || WRITERS.test(part.trim())))
      return 'Policy, approvers, hooks and the journal are changed by a person or by git-session itself.';
  }
  return REDIRECTS.test(text) ? 'Policy, approvers, hooks and the journal are changed by a person or by git-session itself.' : null;
}
