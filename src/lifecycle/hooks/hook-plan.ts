/** What setting the git hooks up would change, as data. */

import type { GitHook } from '../../core/hooks/hook-block.ts';
import type { HookManager } from './manager.ts';

export interface HookFile {
  /** Relative to the top; of a file in this clone alone absolute. */
  path: string;
  /** Null where there is no such file. */
  before: string | null;
  after: string;
  /** A new file is to be executable. */
  executable?: boolean;
}

export interface HookPlan {
  manager: HookManager;
  /** Tracked files to change; empty where nothing is left to do. */
  files: HookFile[];
  /** Scripts to change in this clone alone. */
  scripts: HookFile[];
  /** The folder that git runs hooks from in this worktree. */
  folder: string;
  /** What core.hooksPath is to become in this clone's configuration; null: it stays. */
  hooksPath: string | null;
  /** What is to be run so that git calls the hooks in this clone. */
  activate: 'husky' | 'simple-git-hooks' | null;
  /** Hooks that a manager's own script must call in this clone. */
  called: GitHook[];
  /** Sentences for the person. */
  notes: string[];
  /** Why the hooks cannot be set up here, and what to add by hand; null where they can. */
  refusal: { what: string; why: string; next: string } | null;
}

export type ReadFile = (path: string) => Promise<string | null>;
