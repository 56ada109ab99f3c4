/** What to add by hand where a manager's hooks cannot be set up by us. */

import { GIT_HOOKS, hookBlock } from '../../core/hooks/hook-block.ts';
import { beforeCommand, hookCall } from '../../core/hooks/hook-call.ts';
import type { ManagerFacts } from './manager.ts';

/** Refused is only what our lines cannot be put into without guessing. */
export function refusal({ manager, evidence }: ManagerFacts): { what: string; why: string; next: string } {
  const what = 'The git hooks of this repository are looked after already, and git-session does not take them over.';
  const block = hookBlock('pre-commit');
  const each = GIT_HOOKS.join(', ');
  const texts = {
    lefthook: {
      why: `lefthook does it (${evidence}).`,
      next: `In ${evidence}, add to each of ${each} a command such as:\n${hookCall('commit-msg', '"{1}"')}`,
    },
    'pre-commit': {
      why: `pre-commit does it (${evidence}).`,
      next: `In ${evidence}, add a local hook (language: system, always_run: true) for each of ${each}, with an entry such as:\nsh -c '${hookCall('commit-msg', '"$1"')}' --`,
    },
    'simple-git-hooks': {
      why: `simple-git-hooks does it (${evidence}).`,
      next: `In ${evidence}, put this in front of the command of each of ${each} (with its own name in each):\n${beforeCommand('pre-commit', null)}`,
    },
    'hooks-path': {
      why: `core.hooksPath is ${evidence}, which is outside this repository.`,
      next: `Put this at the top of the scripts ${each} there (with its own name in each):\n${block}`,
    },
    scripts: {
      why: `There are scripts in the git dir: ${evidence}.`,
      next: `Put this at the top of the scripts ${each} there (with its own name in each):\n${block}`,
    },
  };
  return { what, ...(texts[manager as keyof typeof texts] ?? texts.scripts) };
}
