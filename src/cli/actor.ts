/** Who runs a command, as far as its flags and environment say. Hot path: node built-ins only. */

import type { Actor } from '../core/log/record.ts';
import { actorNamed, agentNamed, plainName } from '../lifecycle/session/actor.ts';
import { type Call, text } from './command.ts';

/** The agent that `--agent` or GIT_SESSION_AGENT names, else the one whose environment this is, else the person, as git names them. */
export function actorOf(call: Call, env: NodeJS.ProcessEnv = process.env): Actor {
  return actorNamed(plainName('agent', text(call, 'agent') ?? env.GIT_SESSION_AGENT), env);
}

/** The task that `--task` or GIT_SESSION_TASK names, or null. */
export function taskOf(call: Call, env: NodeJS.ProcessEnv = process.env): string | null {
  return plainName('task', text(call, 'task') ?? env.GIT_SESSION_TASK);
}

/** The agent that runs a command without such flags; null where it is a person. */
export function agentHere(env: NodeJS.ProcessEnv = process.env): Actor | null {
  return agentNamed(plainName('agent', env.GIT_SESSION_AGENT), env);
}
