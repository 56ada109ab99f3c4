/** Starts a session in the checkout of a chat, unless another chat works there. */

import { printStarted } from '../cli/print/start.ts';
import { stateError } from '../core/errors.ts';
import type { Actor } from '../core/log/record.ts';
import { oneLine } from '../core/text/text.ts';
import { LIVE_MS } from '../lifecycle/session/live.ts';
import { loadSession, type Session } from '../lifecycle/session/session.ts';
import { runStart } from '../lifecycle/start/start.ts';
import { planStart } from '../lifecycle/start/start-plan.ts';
import { startedFacts } from '../lifecycle/start/started-facts.ts';
import { Chat } from '../store/chats.ts';
import { collector } from './lines.ts';
import type { ChatPlace } from './place.ts';

/** Starts it and returns what there is to tell. Throws (exit 1) where another chat is alive in this checkout's session: HEAD is not moved under it. */
export async function startHere(place: ChatPlace, topic: string, goal: string | null, actor: Actor): Promise<string> {
  const { repo } = place;
  const now = new Date();
  const plan = await planStart(repo, { topic, actor, ...(goal === null ? {} : { goal }) }, now);
  if (place.session && isShared(place, place.session)) {
    throw stateError({
      what: 'Another chat works in this checkout, so its branch was not switched.',
      why: `${place.session.id} is checked out, and that chat was heard of within the last ${LIVE_MS / 60_000} minutes.`,
      next: `Work beside it, in a terminal: git session start ${oneLine(plan.topic, 80)} --worktree`,
    });
  }
  const started = await runStart(repo, plan, now);
  place.session = await loadSession(repo, started.id);
  if (place.session) joinSession(place, place.session);
  const { io, text } = collector();
  printStarted(io, await startedFacts(repo, plan, started), topic);
  return text();
}

/** The chat works in this session from now on, and was heard of now. */
export function joinSession({ chat, repo }: ChatPlace, session: Session): void {
  chat.keep('session', { id: session.id, top: repo.top, at: Date.now() });
}

/** Whether another chat was heard of lately in this checkout, in that session. */
export function isShared({ chat, repo }: ChatPlace, session: Session): boolean {
  const since = Date.now() - LIVE_MS;
  return Chat.others(repo.commonDir, chat).some((other) => {
    const there = other.read('session');
    return there?.id === session.id && there.top === repo.top && Number(there.at) > since && !other.has('ended');
  });
}
