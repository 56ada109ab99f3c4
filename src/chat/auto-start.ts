/** The first prompt of a chat outside a session: a session for it is suggested or started, as policy says. */

import type { Answer } from '../agents/event.ts';
import { mainActor } from '../agents/task-id.ts';
import { inferTopic } from '../agents/topic.ts';
import { SessionError } from '../core/errors.ts';
import type { Policy } from '../core/policy/policy.ts';
import { GitError } from '../git/run.ts';
import { policyNow } from '../lifecycle/policy-now.ts';
import type { ChatPlace } from './place.ts';
import { safeLine } from './safe-line.ts';
import { startHere } from './start.ts';
import { contextOnce } from './told.ts';

/** Once a chat: what is asked for later belongs to what is begun. */
export async function autoStart(place: ChatPlace, text: string): Promise<Answer> {
  const topic = inferTopic(text);
  if (topic === null || !place.chat.claim('offered')) return {};
  const mode = await modeOf(place);
  if (mode === 'off') return {};
  if (mode === 'suggest') return { tell: `git-session: no session is checked out. To keep this work in one: /session-start ${topic}` };
  try {
    const told = await startHere(place, topic, safeLine(text), mainActor(place.adapter.name, place.event.chat));
    const context = place.session ? await contextOnce(place, place.session) : null;
    return { tell: told, ...(context === null ? {} : { context }) };
  } catch (error) {
    // The person's prompt goes on; why there is no session is told beside it.
    if (error instanceof SessionError || error instanceof GitError)
      return { tell: `git-session: no session was started. ${error.message}` };
    throw error;
  }
}

/** Policy's mode, or the less that this clone asks for. */
async function modeOf({ repo }: ChatPlace): Promise<Policy['auto_start']> {
  const { effective } = await policyNow(repo);
  // A policy that cannot be followed says nothing, and a person may have asked for less.
  return effective?.policy.auto_start ?? 'off';
}
