/** A prompt: the person's own, or one that the client made of a subagent's end. */

import type { Answer, ChatEvent } from '../agents/event.ts';
import { isSlash, slashOf } from '../agents/slash.ts';
import { recordsNaming } from '../lifecycle/session/records-naming.ts';
import { autoStart } from './auto-start.ts';
import type { ChatPlace } from './place.ts';
import { safeLine } from './safe-line.ts';
import { runSlash } from './slash.ts';
import { joinSession } from './start.ts';
import { addFigures } from './tasks.ts';
import { contextOnce } from './told.ts';

export async function prompted(place: ChatPlace<Extract<ChatEvent, { kind: 'prompt' }>>): Promise<Answer> {
  const { chat, event, session } = place;
  if (event.by === 'client') return subagentReported(place);
  // Some clients fire this for the prompts of subagents too.
  if (event.agent) return {};
  const slash = slashOf(event.text);
  // Only the very next prompt decides about a review.
  if (slash === null || slash === 'unclear' || slash.command !== 'closeout') chat.forget('shown');
  if (slash) return runSlash(place, slash);
  if (isSlash(event.text)) return {};
  chat.keep('prompt', { id: event.id, text: safeLine(event.text) });
  if (!session) return autoStart(place, event.text);
  joinSession(place, session);
  const context = await contextOnce(place, session);
  return context === null ? {} : { context };
}

async function subagentReported({ event, session, ...rest }: ChatPlace<Extract<ChatEvent, { kind: 'prompt' }>>): Promise<Answer> {
  if (!session || !event.finished) return {};
  const naming = await recordsNaming(rest.repo, session);
  addFigures({ event, session, ...rest }, session, naming, event.finished.agent, event.finished.figures);
  return {};
}
