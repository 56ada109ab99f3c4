/** Who acts, as far as names and the environment say. Hot path: node built-ins only. */

import { userInfo } from 'node:os';
import { agentAround } from '../../core/agent-env.ts';
import { usageError } from '../../core/errors.ts';
import type { Actor } from '../../core/log/record.ts';
import { hasUnsafe, oneLine } from '../../core/text/text.ts';
import { authorName } from '../../git/lean.ts';

const MAX_NAME = 200;

/** The agent of that name, else the one whose environment this is, else the person at work in `cwd`. */
export function actorNamed(name: string | null, env: NodeJS.ProcessEnv, cwd = process.cwd()): Actor {
  return agentNamed(name, env) ?? personIn(cwd);
}

/** The same; null where it is a person, of whom git is not asked. */
export function agentNamed(name: string | null, env: NodeJS.ProcessEnv): Actor | null {
  const agent = name ?? agentAround(env)?.agent;
  return agent === undefined ? null : { kind: 'agent', name: agent };
}

/** The person by the name that git has for them, as their commits say it; else by login name, which says little to others. */
export function personIn(cwd: string): Actor {
  return { kind: 'person', name: oneLine(authorName(cwd) ?? '', MAX_NAME).trim() || loginName() };
}

/** The name of an agent or a task without spaces around it; null where it is empty. Throws (exit 2) where it is too long or no text. */
export function plainName(what: 'agent' | 'task', given: string | undefined): string | null {
  const name = (given ?? '').trim();
  if (name.length > MAX_NAME || hasUnsafe(name) || !name.isWellFormed()) {
    throw usageError({
      what: `The name of the ${what} is too long or holds characters that are no text.`,
      next: 'Use a short plain name.',
    });
  }
  return name === '' ? null : name;
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a user that has no name.
    return 'unknown';
  }
}
