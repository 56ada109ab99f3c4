/** Which files define what a check does, besides the code that it judges. Pure. */

import { globMatcher } from '../routing/glob.ts';

/**
 * `manifest`: a package.json, of which only scripts and runner settings count. `config`: a runner's or coverage tool's
 * configuration. `test`: an existing test. `program`: a file that the command line names. `named`: policy names it.
 * `installed`: a tracked file where a set-up puts runners and modules.
 */
export type InputKind = 'manifest' | 'config' | 'test' | 'program' | 'named' | 'installed';

const CONFIG = globMatcher([
  '**/{vitest,vite,jest,karma,playwright,cypress,ava,wdio,web-test-runner}.conf{,ig}.*',
  '**/{vitest,jest}.{setup,workspace,projects}.*',
  '**/.{c8rc,nycrc,mocharc,taprc,coveragerc}{,.*}',
  '**/{.npmrc,.yarnrc,.yarnrc.yml,.pnpmfile.cjs,bunfig.toml,deno.json,deno.jsonc}',
  '**/{pytest.ini,.pytest.ini,pyproject.toml,tox.ini,setup.cfg,noxfile.py,conftest.py}',
  '**/{Makefile,makefile,GNUmakefile,justfile,Justfile,Taskfile.yml,Taskfile.yaml,Rakefile}',
]);

const TEST = globMatcher([
  '**/*.{test,spec}.*',
  '{,**/}{test,tests,spec,specs,__tests__,__snapshots__}/**',
  '**/test_*.py',
  '**/*_test.{py,go}',
]);

export interface InputFacts {
  /** Globs of policy; empty: the defaults. */
  globs: readonly string[];
  /** Whether the command line, or a script of the manifest, names a path. */
  programs: (path: string) => boolean;
  /** Policy's `setup_outputs`. */
  outputs: readonly string[];
}

/** What a path is to a check, or null where it is no input. Where runners are installed, every file is an input of every check. */
export function inputKind(path: string, facts: InputFacts): InputKind | null {
  if (isInstalled(path, facts.outputs)) return 'installed';
  if (facts.globs.length > 0) return globMatcher(facts.globs)(path) ? 'named' : null;
  if (path === 'package.json' || path.endsWith('/package.json')) return 'manifest';
  if (CONFIG(path)) return 'config';
  if (TEST(path)) return 'test';
  return facts.programs(path) ? 'program' : null;
}

/** As the set-up's outputs are found: a name without a slash at any depth, with one a glob from the top; `node_modules` always. */
function isInstalled(path: string, outputs: readonly string[]): boolean {
  const steps = path.split('/');
  const names = ['node_modules', ...outputs.filter((output) => !output.includes('/'))];
  if (steps.some((step) => names.includes(step))) return true;
  const globs = outputs.filter((output) => output.includes('/')).map((output) => output.replace(/\/+$/, ''));
  return globMatcher(globs.flatMap((glob) => [glob, `${glob}/**`]))(path);
}
