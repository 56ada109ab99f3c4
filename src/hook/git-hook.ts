/** The part of a git hook that needs more than sh: the gate of `pre-commit`. */

import { agentAround } from '../core/agent-env.ts';
import { gateLines, refuses } from '../core/routing/gate.ts';
import type { Located } from '../git/locate.ts';
import { compiledPolicy } from '../store/compiled-policy.ts';
import { inspectCommit } from './pre-commit.ts';
import { sessionOf } from './session-of.ts';

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

/** An agent's environment says so, or the name that it was given. Cursor sets its trace id in people's terminals too. */
function isAgent(env: NodeJS.ProcessEnv): boolean {
  const around = agentAround(env);
  return Boolean(env.GIT_SESSION_AGENT) || (around !== null && around.variable !== 'CURSOR_TRACE_ID');
}
