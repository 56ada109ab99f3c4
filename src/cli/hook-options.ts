/** What the commands under `hooks` share: their flags, and who and which task they mean. Hot path: node built-ins only. */

import { usageError } from '../core/errors.ts';
import type { Actor } from '../core/log/record.ts';
import { hasUnsafe, oneLine } from '../core/text/text.ts';
import { actorOf } from './actor.ts';
import { type Call, type OptionSpec, text } from './command.ts';

export const SESSION_OPTION: OptionSpec = { flags: '--session <id>', description: 'another session than the checked-out one' };

export const AGENT_OPTIONS: OptionSpec[] = [
  { flags: '--agent <type>', description: 'who does it, for example backend-dev (also: GIT_SESSION_AGENT)' },
  { flags: '--agent-id <id>', description: "the agent's own id, where a client gives one" },
];

const MAX_TASK = 200;
const MAX_DESCRIPTION = 2000;

/** The task that `--task-id` or GIT_SESSION_TASK names, or null. Throws (exit 2) on one that could not be a trailer. */
export function taskIdOf(call: Call, env: NodeJS.ProcessEnv = process.env): string | null {
  const given = text(call, 'taskId');
  const id = (given ?? env.GIT_SESSION_TASK ?? '').trim();
  if (given !== undefined && id === '') throw usageError({ what: 'The task id is empty.', next: EXAMPLE });
  if (id.length > MAX_TASK || hasUnsafe(id) || !id.isWellFormed()) {
    throw usageError({ what: 'The task id is too long or holds characters that are no text.', next: EXAMPLE });
  }
  return id === '' ? null : id;
}

const EXAMPLE = 'Use a short plain name, for example: --task-id task-auth-api-001';

/** `--description` without white space around it, or null. Throws (exit 2) on one that is no text. */
export function descriptionOf(call: Call): string | null {
  const description = (text(call, 'description') ?? '').trim();
  if (description.length > MAX_DESCRIPTION || !description.isWellFormed() || description.includes('\0')) {
    throw usageError({
      what: 'The description is too long or holds characters that are no text.',
      next: 'Say in a sentence what the task is.',
    });
  }
  return description === '' ? null : description;
}

/** Who acts: as the caller says it (`named`), or else as the environment shows, where git may have to be asked. */
export function agentOf(call: Call, env: NodeJS.ProcessEnv = process.env): { named: Actor | null; around: () => Actor } {
  const around = () => actorOf(call, env);
  const id = text(call, 'agentId')?.trim();
  if (id !== undefined && (id === '' || id.length > MAX_TASK || hasUnsafe(id))) {
    throw usageError({ what: "The agent's id is empty, too long or holds characters that are no text." });
  }
  const says = id !== undefined || Boolean((text(call, 'agent') ?? env.GIT_SESSION_AGENT ?? '').trim());
  if (!says) return { named: null, around };
  const { name } = around();
  return { named: id === undefined ? around() : { kind: 'subagent', name, id }, around };
}

/** The first ten of some tasks on a line. */
export function taskList(tasks: readonly string[]): string {
  const more = tasks.length > 10 ? ` and ${tasks.length - 10} more` : '';
  return (
    tasks
      .slice(0, 10)
      .map((task) => oneLine(task, 60))
      .join(', ') + more
  );
}
