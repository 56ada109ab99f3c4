/** A chat starts, is resumed or was compacted: what was left undone is caught up with, and the agent is told where it is. */

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, ChatEvent } from '../agents/event.ts';
import { sessionPaths } from '../core/metadata.ts';
import { asSessionId } from '../core/session-id.ts';
import { catchUp } from '../lifecycle/catch-up.ts';
import { loadSession, type Session } from '../lifecycle/session.ts';
import { forgetOldChats } from '../store/chats.ts';
import type { ChatPlace } from './place.ts';
import { contextOnce } from './told.ts';

export async function chatStart(place: ChatPlace<Extract<ChatEvent, { kind: 'chat-start' }>>): Promise<Answer> {
  const { repo, chat, event, session } = place;
  forgetOldChats(repo.commonDir, Date.now());
  // A chat that was compacted or resumed in another process has lost what it was told.
  chat.forget('told');
  chat.forget('ended');
  if (!session) return event.source === 'resumed' ? missingSession(place) : {};
  const caughtUp = await catchUp(repo, session);
  chat.keep('session', { id: session.id });
  tellShell(place, session);
  return { context: (await contextOnce(place, caughtUp.session)) ?? '' };
}

/** The chat worked in a session that is not checked out any more. HEAD is the person's to move. */
async function missingSession({ repo, chat }: ChatPlace): Promise<Answer> {
  const kept = chat.read('session')?.id;
  const id = typeof kept === 'string' ? asSessionId(kept) : null;
  const session = id ? await loadSession(repo, id) : null;
  if (session?.metadata.status !== 'active' || !session.ref.startsWith('refs/heads/')) return {};
  const where = session.worktree === null ? 'It is checked out nowhere' : `It is checked out in ${session.worktree}`;
  const text = `This chat worked in git session ${session.id}. ${where}; to go on with it here: git session switch ${session.id}`;
  return { context: text, tell: text };
}

/** Variables for the agent's shell, where the client has a file for them. The branch wins wherever one is checked out. */
function tellShell({ repo }: ChatPlace, session: Session): void {
  const file = process.env.CLAUDE_ENV_FILE;
  if (!file) return;
  const path = join(repo.top, sessionPaths(session.id).root);
  // The id holds letters, digits and dashes only; a path may hold anything.
  appendFileSync(file, `export GIT_SESSION_ID=${session.id}\nexport GIT_SESSION_PATH='${path.replaceAll("'", "'\\''")}'\n`);
}
