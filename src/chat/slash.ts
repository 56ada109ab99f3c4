/** Our slash commands, answered without a model call. Their words come from the prompt and pass through no shell. */

import type { Answer } from '../agents/event.ts';
import type { Slash } from '../agents/slash.ts';
import { command as statusCommand } from '../cli/commands/status.ts';
import { SessionError } from '../core/errors.ts';
import { visible } from '../core/text/text.ts';
import { GitError } from '../git/run.ts';
import { personIn } from '../lifecycle/session/actor.ts';
import { approveHere, rejectHere, showCloseout } from './closeout.ts';
import { collector } from './lines.ts';
import type { ChatPlace } from './place.ts';
import { startHere } from './start.ts';

const USAGE =
  '/session-start <topic>\n/session-status\n/session-closeout, and after it: /session-closeout yes, or /session-closeout no <reason>';

export async function runSlash(place: ChatPlace, slash: Slash | 'unclear'): Promise<Answer> {
  try {
    if (slash === 'unclear') return { stop: `The commands of git-session are:\n${USAGE}` };
    if (slash.command === 'start') {
      // A person typed it, whatever the environment of the hook says.
      return { stop: await startHere(place, slash.topic, null, personIn(place.repo.top)) };
    }
    if (slash.command === 'status') return { stop: await status() };
    if (slash.decision === null) return await showCloseout(place);
    return slash.decision === 'yes' ? await approveHere(place, slash.topic) : await rejectHere(place, slash.reason);
  } catch (error) {
    return { stop: said(error) };
  }
}

async function status(): Promise<string> {
  const { io, text } = collector();
  await statusCommand.run({ io, args: [], options: {} });
  return text();
}

/** What happened, why and what next, as a command prints it; a bug is thrown on. */
function said(error: unknown): string {
  const known = error instanceof GitError ? error.asSessionError() : error;
  if (!(known instanceof SessionError)) throw error;
  return [known.message, known.why, known.next]
    .filter(Boolean)
    .map((part) => visible(part ?? '', '\n'))
    .join('\n');
}
