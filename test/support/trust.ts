/** Signed commits, approvers and policies in test repositories. */

import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { signerLine } from '../../src/core/policy/signers.ts';
import type { TestRepo } from './repo.ts';

/** Makes git in this repository sign with an ssh key. */
export function signWith(repo: TestRepo, key: string): void {
  repo.git('config', 'gpg.format', 'ssh');
  repo.git('config', 'user.signingKey', key);
}

/** A line of `.swarm/allowed_signers`, with its newline; `options` go in front of the key, behind the namespace. */
export function approver(principal: string, key: string, options = ''): string {
  const line = signerLine(principal, readFileSync(`${key}.pub`, 'utf8'));
  return `${options ? line.replace('namespaces="git"', `namespaces="git",${options}`) : line}\n`;
}

export interface Commit {
  files?: Record<string, string>;
  /** Private key to sign with; unsigned when left out. */
  key?: string;
  /** Author and committer date. */
  date?: string;
  /** Extra arguments of git commit. */
  args?: string[];
}

/** Commits files with plain git, signed or not. Returns the commit. */
export function commit(repo: TestRepo, message: string, { files = {}, key, date, args = [] }: Commit = {}): string {
  for (const [path, content] of Object.entries(files)) repo.write(path, content);
  repo.git('add', '-A', '-f');
  const signed = key ? ['-c', 'gpg.format=ssh', '-c', `user.signingKey=${key}`, 'commit', '-S'] : ['commit', '--no-gpg-sign'];
  const before = { ...process.env };
  if (date) Object.assign(process.env, { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date });
  try {
    repo.git(...signed, '-q', '--no-verify', '--allow-empty', '-m', message, ...args);
  } finally {
    if (date) {
      process.env.GIT_AUTHOR_DATE = before.GIT_AUTHOR_DATE;
      process.env.GIT_COMMITTER_DATE = before.GIT_COMMITTER_DATE;
      if (before.GIT_AUTHOR_DATE === undefined) delete process.env.GIT_AUTHOR_DATE;
      if (before.GIT_COMMITTER_DATE === undefined) delete process.env.GIT_COMMITTER_DATE;
    }
  }
  return repo.git('rev-parse', 'HEAD');
}

/** Sets variables of this process until the test ends. */
export function setEnv(env: Record<string, string>): void {
  const before = { ...process.env };
  Object.assign(process.env, env);
  onTestFinished(() => {
    for (const name of Object.keys(env)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });
}
