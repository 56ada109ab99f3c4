/** The part of a git hook that needs more than sh: the gate of `pre-commit`. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentAround } from '../core/agent-env.ts';
import { gateLines, refuses } from '../core/gate.ts';
import { asSessionId, idOfBranch, type SessionId } from '../core/session-id.ts';
import { type Located, readHead } from '../git/locate.ts';
import { compiledPolicy } from '../store/compiled-policy.ts';
import { inspectCommit } from './pre-commit.ts';
import { askGit } from './spawn.ts';

/** Runs the hook and prints what a person or agent should know. Throws on errors of ours. */
export function gitHook(place: Located, hook: string): 'passed' | 'refused' {
  if (hook !== 'pre-commit') return 'passed';
  const policy = compiledPolicy(place.commonDir);
  const session = sessionOf(place, policy.branch.prefix);
  if (!session) return 'passed';
  const who = isAgent(process.env) ? 'agent' : 'person';
  const found = inspectCommit({ ...place, session, policy, who });
  const lines = gateLines(found, who);
  if (lines.length > 0) process.stderr.write(`${lines.join('\n')}\n`);
  return refuses(found) ? 'refused' : 'passed';
}

/** By the branch, or by the binding of this worktree (a file with the id in its own git dir). */
function sessionOf(place: Located, prefix: string): SessionId | null {
  const head = readHead(place.gitDir);
  const branch = head === 'unreadable' ? askBranch(place.top) : 'branch' in head ? head.branch : null;
  return (branch === null ? null : idOfBranch(branch, prefix)) ?? boundTo(place);
}

function askBranch(top: string): string | null {
  const ref = askGit(['symbolic-ref', '--quiet', 'HEAD'], { cwd: top })?.toString('utf8').trim();
  return ref?.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null;
}

function boundTo({ gitDir, commonDir }: Located): SessionId | null {
  if (gitDir === commonDir) return null;
  try {
    return asSessionId(readFileSync(join(gitDir, 'git-session'), 'utf8').split('\n')[0]?.trim() ?? '');
  } catch {
    return null;
  }
}

/** An agent's environment says so, or the name that it was given. Cursor sets its trace id in people's terminals too. */
function isAgent(env: NodeJS.ProcessEnv): boolean {
  const around = agentAround(env);
  return Boolean(env.GIT_SESSION_AGENT) || (around !== null && around.variable !== 'CURSOR_TRACE_ID');
}
