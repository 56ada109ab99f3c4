/** Who runs a command, as far as its flags and environment say. Hot path: node built-ins only. */

import { userInfo } from 'node:os';
import { agentAround } from '../core/agent-env.ts';
import { usageError } from '../core/errors.ts';
import type { Actor } from '../core/record.ts';
import { hasUnsafe } from '../core/text.ts';
import { type Call, text } from './command.ts';

const MAX_NAME = 200;

/** The agent that `--agent` or GIT_SESSION_AGENT names, else the one whose environment this is, else the person, by login name. */
export function actorOf(call: Call, env: NodeJS.ProcessEnv = process.env): Actor {
  const named = nameOf(call, 'agent', env.GIT_SESSION_AGENT);
  if (named) return { kind: 'agent', name: named };
  const around = agentAround(env);
  return around ? { kind: 'agent', name: around.agent } : { kind: 'person', name: loginName() };
}

/** The task that `--task` or GIT_SESSION_TASK names, or null. */
export function taskOf(call: Call, env: NodeJS.ProcessEnv = process.env): string | null {
  return nameOf(call, 'task', env.GIT_SESSION_TASK);
}

function nameOf(call: Call, option: string, fallback: string | undefined): string | null {
  const name = (text(call, option) ?? fallback ?? '').trim();
  if (name.length > MAX_NAME || hasUnsafe(name) || !name.isWellFormed()) {
    throw usageError({
      what: `The name of the ${option} is too long or holds characters that are no text.`,
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
