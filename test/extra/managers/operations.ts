/** What people do with git, each as one command line. */

import { execFileSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Arena } from './arena.ts';
import type { Kind } from './spy.ts';

export interface Operation {
  name: string;
  args: string[];
  /** What leads to it, with the person's hooks silent. */
  before?(at: Arena): void;
  /** What tidies up behind it, likewise. */
  after?(at: Arena): void;
  env?: Record<string, string>;
  /** The hook of the person's that refuses. */
  fail?: Kind;
  /** True where the commit is one of the session's own. */
  own?: true;
  /** In every kind of checkout, and not in the main worktree alone. */
  everywhere?: true;
}

export const git = (cwd: string, ...args: string[]) => execFileSync('git', args, { cwd, encoding: 'utf8', stdio: 'pipe' }).trim();

const change = ({ top }: Arena, name: 'a' | 'b') => appendFileSync(join(top, `src/${name}.txt`), 'more\n');
/** The first file, changed and staged. */
function stage(at: Arena): void {
  change(at, 'a');
  git(at.top, 'add', 'src/a.txt');
}

/** A branch of somebody else's with one commit on `from`, made without a checkout. */
function aside({ top }: Arena, name: string, from = 'HEAD', path = `src/${name}.txt`): void {
  const words = `commit refs/heads/${name}\ncommitter Other <other@example.com> 1700000000 +0100\ndata ${name.length}\n${name}\n`;
  const input = `${words}from ${git(top, 'rev-parse', from)}\nM 100644 inline ${path}\ndata ${name.length}\n${name}\n`;
  execFileSync('git', ['fast-import', '--quiet', '--force'], { cwd: top, input, stdio: 'pipe' });
}

/** Two commits of the person's, and a third beside the first, to go on from. */
function apart(at: Arena, name: string): void {
  for (const n of [1, 2]) {
    stage(at);
    git(at.top, 'commit', '-q', '--no-verify', '-m', `step ${n}`);
  }
  aside(at, name, 'HEAD~2');
}

export const OPERATIONS: Operation[] = [
  { name: 'commit', args: ['commit', '-m', 'one'], before: stage, own: true, everywhere: true },
  { name: 'amend', args: ['commit', '--amend', '-m', 'one, amended'], before: stage, own: true, everywhere: true },
  {
    name: 'commit -a',
    args: ['commit', '-a', '-m', 'all'],
    before: (at) => {
      change(at, 'a');
      change(at, 'b');
    },
    own: true,
    everywhere: true,
  },
  {
    name: 'commit with paths',
    args: ['commit', '-m', 'paths', '--', ':/src/b.txt'],
    before: (at) => {
      stage(at);
      change(at, 'b');
    },
    own: true,
    everywhere: true,
  },
  { name: 'commit, refused by pre-commit', args: ['commit', '-m', 'no'], fail: 'pre-commit', everywhere: true },
  { name: 'commit, refused by prepare-commit-msg', args: ['commit', '-m', 'no'], fail: 'prepare-commit-msg' },
  { name: 'commit, refused by commit-msg', args: ['commit', '-m', 'no'], fail: 'commit-msg', everywhere: true },
  { name: 'commit --no-verify', args: ['commit', '--no-verify', '-m', 'unverified'], own: true, everywhere: true },
  { name: 'commit, its message typed', args: ['commit'], before: stage, env: { GIT_EDITOR: "sed -i '1s/^/typed/'" }, own: true },
  { name: 'commit, and post-commit fails', args: ['commit', '-m', 'after'], before: stage, fail: 'post-commit', own: true },
  { name: 'amend, and post-rewrite fails', args: ['commit', '--amend', '--no-edit'], before: stage, fail: 'post-rewrite', own: true },
  { name: 'merge', args: ['merge', '--no-ff', '-m', 'Merge it', 'to-merge'], before: (at) => aside(at, 'to-merge'), everywhere: true },
  {
    name: 'merge, refused by pre-merge-commit',
    args: ['merge', '--no-ff', '-m', 'no', 'unwanted'],
    before: (at) => aside(at, 'unwanted'),
    after: ({ top }) => git(top, 'merge', '--abort'),
    fail: 'pre-merge-commit',
  },
  {
    name: 'merge, and post-merge fails',
    args: ['merge', '--no-ff', '-m', 'Merge it too', 'to-merge-too'],
    before: (at) => aside(at, 'to-merge-too'),
    fail: 'post-merge',
  },
  { name: 'merge, forwarding', args: ['merge', 'to-forward'], before: (at) => aside(at, 'to-forward') },
  {
    name: 'merge --squash',
    args: ['merge', '--squash', 'to-squash'],
    before: (at) => aside(at, 'to-squash'),
    after: ({ top }) => git(top, 'reset', '-q', '--hard'),
  },
  {
    name: 'commit that ends a merge',
    args: ['commit', '--no-edit'],
    before: (at) => {
      aside(at, 'in-conflict', 'HEAD~1', 'src/a.txt');
      git(at.top, 'merge', '-q', '-s', 'ours', '--no-commit', 'in-conflict');
    },
  },
  { name: 'cherry-pick', args: ['cherry-pick', 'to-pick'], before: (at) => aside(at, 'to-pick'), everywhere: true },
  { name: 'revert', args: ['revert', '--no-edit', 'HEAD'] },
  { name: 'rebase', args: ['rebase', 'to-rebase-onto'], before: (at) => apart(at, 'to-rebase-onto'), everywhere: true },
  {
    name: 'rebase, refused by pre-rebase',
    args: ['rebase', 'unwanted-base'],
    before: (at) => apart(at, 'unwanted-base'),
    fail: 'pre-rebase',
  },
  { name: 'switch', args: ['switch', 'to-leave'], before: (at) => aside(at, 'to-leave'), everywhere: true },
  { name: 'switch back', args: ['switch', '-'], everywhere: true },
  {
    name: 'switch, and post-checkout fails',
    args: ['switch', 'to-leave'],
    after: ({ top }) => git(top, 'switch', '-q', '-'),
    fail: 'post-checkout',
    everywhere: true,
  },
  { name: 'checkout of a file', args: ['checkout', 'HEAD', '--', ':/src/a.txt'] },
  { name: 'push', args: ['push', 'away', 'HEAD:refs/heads/there'], everywhere: true },
  {
    name: 'push, refused by pre-push',
    args: ['push', 'away', 'HEAD:refs/heads/not'],
    // pre-commit calls nobody for commits that the remote has.
    before: (at) => {
      stage(at);
      git(at.top, 'commit', '-q', '--no-verify', '-m', 'to push');
    },
    fail: 'pre-push',
    everywhere: true,
  },
  { name: 'push --no-verify', args: ['push', '--no-verify', 'away', 'HEAD:refs/heads/unverified'] },
  { name: 'tag, refused by reference-transaction', args: ['tag', 'not'], fail: 'reference-transaction' },
  {
    name: 'worktree add',
    args: ['worktree', 'add', '-q', '../another', 'to-leave'],
    after: ({ top }) => git(top, 'worktree', 'remove', '--force', '../another'),
  },
];
