/** Our slash commands, answered without a model call. Their words come from the prompt and pass through no shell. */

import type { Answer } from '../agents/event.ts';
import type { Slash } from '../agents/slash.ts';
import { command as statusCommand } from '../cli/commands/status.ts';
import { printStarted } from '../cli/print/start.ts';
import { SessionError } from '../core/errors.ts';
import type { Actor } from '../core/record.ts';
import { visible } from '../core/text.ts';
import { GitError } from '../git/run.ts';
import { actorNamed } from '../lifecycle/actor.ts';
import { loadSession } from '../lifecycle/session.ts';
import { runStart } from '../lifecycle/start.ts';
import { planStart } from '../lifecycle/start-plan.ts';
import { startedFacts } from '../lifecycle/started-facts.ts';
import { approveHere, rejectHere, showCloseout } from './closeout.ts';
import { collector } from './lines.ts';
import type { ChatPlace } from './place.ts';

const USAGE =
  '/session-start <topic>\n/session-status\n/session-closeout, and after it: /session-closeout yes, or /session-closeout no <reason>';

export async function runSlash(place: ChatPlace, slash: Slash | 'unclear'): Promise<Answer> {
  try {
    if (slash === 'unclear') return { stop: `The commands of git-session are:\n${USAGE}` };
    if (slash.command === 'start') {
      // A person typed it, whatever the environment of the hook says.
      return { stop: await startHere(place, slash.topic, null, { kind: 'person', name: actorNamed(null, {}).name }) };
    }
    if (slash.command === 'status') return { stop: await status() };
    if (slash.decision === null) return await showCloseout(place);
    return slash.decision === 'yes' ? await approveHere(place, slash.topic) : await rejectHere(place, slash.reason);
  } catch (error) {
    return { stop: said(error) };
  }
}

/** Starts a session in this checkout and returns what there is to tell. */
async function startHere(place: ChatPlace, topic: string, goal: string | null, actor: Actor): Promise<string> {
  const { repo, chat } = place;
  const now = new Date();
  const plan = await planStart(repo, { topic, actor, ...(goal === null ? {} : { goal }) }, now);
  const started = await runStart(repo, plan, now);
  chat.keep('session', { id: started.id });
  place.session = await loadSession(repo, started.id);
  const { io, text } = collector();
  printStarted(io, await startedFacts(repo, plan, started), topic);
  return text();
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
