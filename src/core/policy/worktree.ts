/** What a policy, or a person's own setting, may say of linked worktrees: where they lie, and what is brought into them. Pure. */

import { hasUnsafe } from '../text/text.ts';

/** The folder of a worktree: `{repo}` is the name of the repository's folder, `{topic}` the session's topic. */
export function placeAt(place: string, words: { repo: string; topic: string }): string {
  return place.replaceAll('{repo}', words.repo).replaceAll('{topic}', words.topic);
}

/** What is wrong with a place, as the end of "a place …"; null where nothing is. A person's `own` may lie anywhere on their machine. */
export function placeFault(place: string, own = false): string | null {
  if (hasUnsafe(place)) return 'holds no control or invisible characters';
  if (/[{}]/.test(place.replace(/\{(repo|topic)\}/g, ''))) return 'knows only the words {repo} and {topic} in braces';
  if (!place.includes('{topic}')) return 'must hold {topic}, so that each session has its own';
  if (own) return null;
  if (/^[/~\\]|^[A-Za-z]:/.test(place))
    return 'is relative to the repository; a person sets their own with git config gitsession.worktreePlace';
  if (place.includes('\\')) return 'is written with slashes';
  const rest = place.replace(/^(\.\.\/)+/, '');
  if (rest === place || /^\{repo\}\//.test(rest)) return 'must lie outside the repository, beside it as in ../{repo}.worktrees/{topic}';
  if (/(^|\/)\.{0,2}(\/|$)/.test(rest)) return 'has no empty, "." or ".." step but at its beginning';
  return null;
}

/** What is wrong with the path of a file or folder to bring, as the end of "it …"; null where nothing is. */
export function bringFault(path: string): string | null {
  if (path === '') return 'cannot be empty';
  if (hasUnsafe(path)) return 'holds control or invisible characters';
  if (/^[/~]|^[A-Za-z]:/.test(path)) return 'must be relative to the top of the checkout';
  if (path.includes('\\')) return 'is written with slashes';
  if (path.includes('*')) return 'names one file or folder; patterns are not read';
  const steps = path.replace(/\/$/, '').split('/');
  if (steps.includes('..')) return 'must stay inside the checkout';
  if (steps.some((step) => step === '' || step === '.')) return 'has no empty or "." step';
  // Names that a file system may take for .git: another case, the short name, dots and spaces behind.
  if (steps.some((step) => /^(\.git|git~\d+)[. ]*$/i.test(step))) return 'must not touch .git';
  return null;
}
