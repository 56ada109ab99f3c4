/** Each manager of hooks as people set it up, with a hook of theirs of every kind that it knows. */

import { execFileSync } from 'node:child_process';
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MODULES, PATH } from './installed.ts';
import { KINDS, type Kind, spy } from './spy.ts';

export interface Manager {
  /** The kinds of hooks that it can run. */
  kinds: readonly Kind[];
  /** Tracked files by which these hooks are set up. */
  files(kinds: readonly Kind[]): Record<string, string>;
  /** Makes the manager's hooks run in this checkout. */
  install(dir: string, kinds: readonly Kind[]): void;
  needs?: string;
  /** `init --local` leaves its hooks alone, and says why. */
  tracked?: true;
}

const tool = (dir: string, file: string, args: string[]) =>
  execFileSync(file, args, { cwd: dir, env: { ...process.env, PATH }, stdio: 'pipe' });
const npm = (extra: object) => `${JSON.stringify({ name: 'x', private: true, ...extra }, null, 2)}\n`;
const byKind = (kinds: readonly Kind[], one: (kind: Kind) => [string, string]) => Object.fromEntries(kinds.map(one));
const scripts = (folder: string, kinds: readonly Kind[]) =>
  byKind(kinds, (kind) => [`${folder}/${kind}`, `#!/bin/sh\nexec ${spy(kind)} "$@"\n`]);
const without = (...kinds: Kind[]) => KINDS.filter((kind) => !kinds.includes(kind));

/** How many arguments git gives. */
const GIVEN: Partial<Record<Kind, number>> = {
  'prepare-commit-msg': 3,
  'commit-msg': 1,
  'post-checkout': 3,
  'post-merge': 1,
  'post-rewrite': 1,
  'pre-push': 2,
  'pre-rebase': 2,
};
const READS: readonly Kind[] = ['pre-push', 'post-rewrite'];

/** A command, or in every second hook a list of jobs; standard input where git gives any. */
function lefthookHook(kind: Kind, n: number): string {
  const given = Array.from({ length: GIVEN[kind] ?? 0 }, (_, i) => ` {${i + 1}}`).join('');
  const run = `run: ${spy(kind)}${given}\n`;
  const stdin = READS.includes(kind) ? 'use_stdin: true\n' : '';
  return n % 2 === 0
    ? `${kind}:\n  commands:\n    spy:\n      ${run}${stdin && `      ${stdin}`}`
    : `${kind}:\n  # theirs\n  jobs:\n    - ${run}${stdin && `      ${stdin}`}`;
}

/** As version 3.0 names them, and later ones still read. */
const STAGES: Partial<Record<Kind, string>> = { 'pre-commit': 'commit', 'pre-merge-commit': 'merge-commit', 'pre-push': 'push' };
const local = (kind: Kind) =>
  `      - id: spy-${kind}\n        name: spy\n        language: system\n        entry: ${spy(kind)}\n        stages: [${STAGES[kind] ?? kind}]\n        always_run: true\n        pass_filenames: ${/commit-msg$/.test(kind)}\n        verbose: true\n`;

const all = {
  'nothing at all': { kinds: [], files: () => ({}), install: () => {} },
  "git's own configuration": {
    kinds: KINDS,
    files: () => ({}),
    install: (dir, kinds) => {
      for (const kind of kinds) {
        tool(dir, 'git', ['config', `hook.spy-${kind}.command`, spy(kind)]);
        tool(dir, 'git', ['config', `hook.spy-${kind}.event`, kind]);
      }
    },
    needs: 'git 2.54',
  },
  husky: {
    kinds: without('reference-transaction'),
    files: (kinds) => ({
      'package.json': npm({ devDependencies: { husky: '^9.1.7' }, scripts: { prepare: 'husky' } }),
      ...byKind(kinds, (kind) => [`.husky/${kind}`, `${spy(kind)} "$@"\n`]),
    }),
    install: (dir) => tool(dir, process.execPath, [join(MODULES, 'husky/bin.js')]),
  },
  lefthook: {
    // It takes a third of a second for each of the some hundred changes of refs.
    kinds: without('reference-transaction'),
    files: (kinds) => ({ 'lefthook.yml': `# ours\n${kinds.map(lefthookHook).join('')}` }),
    install: (dir) => tool(dir, join(MODULES, '.bin/lefthook'), ['install']),
  },
  'pre-commit': {
    kinds: without('pre-rebase', 'reference-transaction'),
    files: (kinds) => ({
      '.pre-commit-config.yaml': `default_install_hook_types: [${kinds.join(', ')}]\nrepos:\n  # ours\n  - repo: local\n    hooks:\n${kinds.map(local).join('')}`,
    }),
    install: (dir) => tool(dir, 'pre-commit', ['install']),
    needs: 'pre-commit',
  },
  'simple-git-hooks': {
    kinds: KINDS,
    files: (kinds) => ({ 'package.json': npm({ 'simple-git-hooks': byKind(kinds, (kind) => [kind, `${spy(kind)} "$@"`]) }) }),
    install: (dir) => {
      symlinkSync(MODULES, join(dir, 'node_modules'));
      tool(dir, process.execPath, [join(MODULES, 'simple-git-hooks/cli.js')]);
    },
  },
  'scripts in the git dir': {
    kinds: KINDS,
    files: () => ({}),
    install: (dir, kinds) => {
      const folder = String(tool(dir, 'git', ['rev-parse', '--path-format=absolute', '--git-path', 'hooks'])).trim();
      for (const [path, text] of Object.entries(scripts(folder, kinds))) {
        writeFileSync(path, text);
        chmodSync(path, 0o755);
      }
    },
  },
  'core.hooksPath with tracked scripts': {
    kinds: KINDS,
    files: (kinds) => scripts('tools/hooks', kinds),
    install: (dir) => tool(dir, 'git', ['config', 'core.hooksPath', 'tools/hooks']),
    tracked: true,
  },
} satisfies Record<string, Manager>;

export type ManagerName = keyof typeof all;
export const MANAGERS: Record<ManagerName, Manager> = all;
