/** A chat starts, is resumed or was compacted: what was left undone is caught up with, and the agent is told where it is. */

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, ChatEvent } from '../agents/event.ts';
import { sessionPaths } from '../core/session/metadata.ts';
import { asSessionId } from '../core/session/session-id.ts';
import { visible } from '../core/text/text.ts';
import { catchUp } from '../lifecycle/checkpoint/catch-up.ts';
import { loadSession, type Session } from '../lifecycle/session/session.ts';
import { forgetOldChats } from '../store/chats.ts';
import type { ChatPlace } from './place.ts';
import { isShared, joinSession } from './start.ts';
import { contextOnce } from './told.ts';

export async function chatStart(place: ChatPlace<Extract<ChatEvent, { kind: 'chat-start' }>>): Promise<Answer> {
  const { repo, chat, event, session } = place;
  forgetOldChats(repo.commonDir, Date.now());
  // A chat that was compacted or resumed in another process has lost what it was told.
  chat.forget('told');
  chat.forget('ended');
  // A chat that goes on has begun its work already.
  if (event.source !== 'new') chat.claim('offered');
  const left = event.source === 'resumed' ? await leftSession(place) : null;
  const news = left ?? tellOfWorktree(place);
  if (!session) return news === null ? {} : { context: news, tell: news };
  const caughtUp = await catchUp(repo, session);
  const shared = event.source === 'new' && isShared(place, session);
  // With its next prompt it goes on here.
  if (left === null) joinSession(place, session);
  tellShell(place, session);
  const context = await contextOnce(place, caughtUp.session);
  const beside = `Another chat works in ${session.id} here. To work apart from it: git session start <topic> --worktree`;
  const tell = news ?? (shared ? beside : null);
  return { context: [news, context].filter(Boolean).join('\n\n'), ...(tell === null ? {} : { tell }) };
}

/** Another session, or none: what the agent is told of it is what it would have been told at its start. */
export async function chatMoved(place: ChatPlace): Promise<Answer> {
  const news = tellOfWorktree(place);
  if (place.session) joinSession(place, place.session);
  const context = place.session ? await contextOnce(place, place.session) : null;
  const told = [news, context].filter(Boolean).join('\n\n');
  return told === '' ? {} : { context: told };
}

/** What there was to say when the client asked for the worktree that the chat begins in. */
function tellOfWorktree({ chat }: ChatPlace): string | null {
  const tell = chat.read('worktree')?.tell;
  chat.forget('worktree');
  return typeof tell === 'string' ? `git-session: ${visible(tell)}` : null;
}

/** What to say where the chat worked in an open session that is not the one of this checkout. HEAD is the person's to move. */
async function leftSession({ repo, chat, session }: ChatPlace): Promise<string | null> {
  const kept = chat.read('session')?.id;
  const id = typeof kept === 'string' ? asSessionId(kept) : null;
  const own = id && id !== session?.id ? await loadSession(repo, id) : null;
  if (own?.metadata.status !== 'active' || !own.ref.startsWith('refs/heads/')) return null;
  const where = own.worktree === null ? 'It is checked out nowhere' : `It is checked out in ${visible(own.worktree)}`;
  return `This chat worked in git session ${own.id}. ${where}; to go on with it here: git session switch ${own.id}`;
}

/** Variables for the agent's shell, where the client has a file for them. The branch wins wherever one is checked out. */
function tellShell({ repo }: ChatPlace, session: Session): void {
  const file = process.env.CLAUDE_ENV_FILE;
  if (!file) return;
  const path = join(repo.top, sessionPaths(session.id).root);
  // The id holds letters, digits and dashes only; a path may hold anything.
  appendFileSync(file, `export GIT_SESSION_ID=${session.id}\nexport GIT_SESSION_PATH='${path.replaceAll("'", "'\\''")}'\n`);
}
