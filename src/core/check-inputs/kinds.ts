/** Which files define what a check does, besides the code that it judges. Pure. */

import { globMatcher } from '../glob.ts';

/**
 * `manifest`: a package.json, of which only scripts and runner settings count. `config`: a runner's or coverage tool's
 * configuration. `test`: an existing test. `program`: a file that the command line names. `named`: policy names it.
 */
export type InputKind = 'manifest' | 'config' | 'test' | 'program' | 'named';

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
  /** Paths that the command line, or a script of the manifest, names. */
  programs: ReadonlySet<string>;
}

/** What a path is to a check, or null where it is no input. */
export function inputKind(path: string, facts: InputFacts): InputKind | null {
  if (facts.globs.length > 0) return globMatcher(facts.globs)(path) ? 'named' : null;
  if (path === 'package.json' || path.endsWith('/package.json')) return 'manifest';
  if (CONFIG(path)) return 'config';
  if (facts.programs.has(path)) return 'program';
  return TEST(path) ? 'test' : null;
}

/** Paths that words of command lines may name, as seen from `folder` (relative to the top; "." for the top itself). */
export function namedPaths(commands: readonly string[], folder: string): Set<string> {
  const found = new Set<string>();
  for (const word of commands.flatMap((command) => command.split(/[\s'"`;|&()<>=,]+/))) {
    if (word === '' || word.startsWith('-') || word.startsWith('/')) continue;
    const steps: string[] = [];
    for (const step of `${folder}/${word}`.split('/')) {
      if (step === '..') steps.pop();
      else if (step !== '.' && step !== '') steps.push(step);
    }
    found.add(steps.join('/'));
  }
  return found;
}
