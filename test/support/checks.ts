/** A session by hand, and checks run on it in this process. */

import { type CheckProgress, checkedTree, runChecks } from '../../src/closeout/checks/index.ts';
import { type CheckPolicy, type CheckResult, DEFAULT_POLICY, type Policy } from '../../src/core/policy/policy.ts';
import { asSessionId, type SessionId } from '../../src/core/session/session-id.ts';
import type { Session } from '../../src/lifecycle/session/session.ts';
import { makeRepo, type TestRepo } from './repo.ts';

export const ID = asSessionId('session-20260101-120000-checks') as SessionId;

/** A check of policy with everything at its default. */
export function check(run: string, more: Partial<CheckPolicy> = {}): CheckPolicy {
  return {
    name: 'tests',
    run,
    cwd: '.',
    timeout_minutes: 1,
    required: true,
    paths: [],
    env: [],
    reports: [],
    inputs: [],
    reuse: false,
    parallel: false,
    ...more,
  };
}

/** A package whose `npm test` is node's own runner, on main. */
export const PACKAGE = {
  'package.json': JSON.stringify({ name: 'demo', private: true, scripts: { test: 'node --test' } }),
  'add.js': 'exports.add = (a, b) => a + b;\n',
  'test/add.test.js':
    "const test = require('node:test');\nconst assert = require('node:assert');\nconst { add } = require('../add.js');\ntest('adds', () => assert.equal(add(1, 2), 3));\n",
};

/** A repository with `base` on main and a session branch on top that holds `changes`; null deletes a file. */
export function makeSession(
  base: Record<string, string>,
  changes: Record<string, string | null>,
  objectFormat: 'sha1' | 'sha256' = 'sha1',
): TestRepo {
  const repo = makeRepo({ files: base, objectFormat });
  repo.git('switch', '-q', '-c', `session/${ID.slice('session-'.length)}`);
  for (const [path, content] of Object.entries(changes)) {
    if (content === null) repo.git('rm', '-q', path);
    else repo.write(path, content);
  }
  repo.commit('work');
  return repo;
}

export interface Options {
  checks?: Partial<Policy['checks']>;
  policy?: Partial<Policy>;
  purpose?: 'decide' | 'look';
  only?: string[];
  onProgress?: (progress: CheckProgress) => void;
  signal?: AbortSignal;
}

/** Results by name of running `list` on main merged with the checked-out branch; built-in checks only where `only` names them. */
export async function results(repo: TestRepo, list: CheckPolicy[], options: Options = {}): Promise<Record<string, CheckResult>> {
  const open = await repo.open();
  const [base, tip] = [repo.git('rev-parse', 'main'), repo.git('rev-parse', 'HEAD')];
  const made = await checkedTree(open, base, tip);
  if ('conflicts' in made) throw new Error(`conflict in ${made.conflicts}`);
  const policy: Policy = { ...DEFAULT_POLICY, ...options.policy, checks: { ...DEFAULT_POLICY.checks, ...options.checks, list } };
  const session = {
    id: ID,
    metadata: { base: 'main' },
    tip,
    branch: repo.git('branch', '--show-current'),
    ref: 'HEAD',
    worktree: repo.dir,
  } as unknown as Session;
  const found = await runChecks(open, {
    ...{ tree: made.tree, base: { branch: 'main', commit: base }, tip, session, policy },
    only: new Set(options.only ?? list.map(({ name }) => name)),
    ...(options.purpose ? { purpose: options.purpose } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.onProgress ? { onProgress: options.onProgress } : {}),
  });
  return Object.fromEntries(found.map((result) => [result.name, result]));
}

/** The result of one check. */
export async function result(repo: TestRepo, one: CheckPolicy, options: Options = {}): Promise<CheckResult> {
  const found = (await results(repo, [one], options))[one.name];
  if (!found) throw new Error('no result');
  return found;
}
