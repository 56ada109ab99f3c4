/** Subagents: from the call that starts one to its end. The start does not say which call it came from, so the oldest call of its type is taken. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, ChatEvent, Figures } from '../agents/event.ts';
import { subagentActor, subagentTask } from '../agents/task-id.ts';
import { scanSecrets } from '../core/secrets/scan.ts';
import { asSessionId } from '../core/session-id.ts';
import { oneLine } from '../core/text.ts';
import { locate } from '../git/locate.ts';
import { repoAt } from '../git/repo.ts';
import { equipWorktree } from '../lifecycle/hooks-install.ts';
import { sessionRecords } from '../lifecycle/records.ts';
import { currentSession, loadSession, type Session } from '../lifecycle/session.ts';
import type { ChatPlace } from './place.ts';
import { addFigures, endTask, startTask } from './tasks.ts';
import { contextFor } from './told.ts';

type Of<K extends ChatEvent['kind']> = ChatPlace<Extract<ChatEvent, { kind: K }>>;

/** The call that will start one: what it is for is only said here. */
export async function beforeSubagent({ chat, event, session }: Of<'before-subagent'>): Promise<Answer> {
  if (!session) return {};
  chat.keep('session', { id: session.id });
  const name = `${Date.now().toString().padStart(15, '0')}-${event.call}`;
  chat.keep(`calls/${name}`, { call: event.call, type: event.type, description: safeLine(event.description) });
  return {};
}

export async function subagentStart(place: Of<'subagent-start'>): Promise<Answer> {
  const { chat, event } = place;
  const { agent } = event;
  const session = agent ? (place.session ?? (await bindWorktree(place))) : null;
  if (!agent || !session) return {};
  const call = chat.take('calls', ({ type }) => type === agent.type) ?? {};
  const description = typeof call.description === 'string' ? call.description : null;
  const [task, actor] = [subagentTask(agent), subagentActor(agent)];
  startTask(place, session, { task, actor, description, type: agent.type });
  chat.keep(`agents/${agent.id}`, { ...call, type: agent.type });
  return { context: await contextFor(place, session, { task, words: description ?? '', to: task }) };
}

export async function subagentStop(place: Of<'subagent-stop'>): Promise<Answer> {
  const { chat, event, session } = place;
  if (!event.agent || !session) return {};
  const known = chat.read(`agents/${event.agent.id}`) ?? {};
  const figures: Figures = typeof known.model === 'string' ? { model: known.model } : {};
  await endTask(place, session, { task: subagentTask(event.agent), actor: subagentActor(event.agent), status: 'completed', figures });
  return {};
}

/** The tool has answered: now it is certain which call started which subagent, and the figures of one that is done are known. */
export async function afterSubagent(place: Of<'after-subagent'>): Promise<Answer> {
  const { chat, event, session } = place;
  const known = chat.read(`agents/${event.started}`);
  if (!session || typeof known?.type !== 'string') return {};
  const { records } = await sessionRecords(place.repo, session);
  const description = safeLine(event.description);
  const mistaken = known.call !== event.call && description !== null && known.description !== description;
  if (mistaken) {
    const agent = { id: event.started, type: known.type };
    startTask(place, session, { task: subagentTask(agent), actor: subagentActor(agent), description, type: agent.type });
  }
  chat.keep(`agents/${event.started}`, {
    ...known,
    call: event.call,
    description,
    ...(event.figures.model ? { model: event.figures.model } : {}),
  });
  addFigures(place, session, records, event.started, event.figures, mistaken);
  return {};
}

/**
 * A worktree that the client made for this subagent belongs to the session of the chat that started it, else of the main checkout. The
 * binding lies in the worktree's own git dir, where git's hooks look for it too.
 */
async function bindWorktree({ repo, chat, event }: Of<'subagent-start'>): Promise<Session | null> {
  if (repo.gitDir === repo.commonDir) return null;
  const kept = chat.read('session')?.id;
  const id = typeof kept === 'string' ? asSessionId(kept) : null;
  const main = locate(join(repo.commonDir, '..'), {});
  const session = id
    ? await loadSession(repo, id)
    : main?.commonDir === repo.commonDir
      ? await currentSession(repoAt(repo, main.top))
      : null;
  if (session?.metadata.status !== 'active') return null;
  writeFileSync(join(repo.gitDir, 'git-session'), `${session.id}\n${event.agent?.id ?? ''}\n`);
  await equipWorktree(repo, repo.top).catch(() => {});
  return session;
}

/** One line that may become a commit's subject; null for none, and for one that holds a secret. */
export function safeLine(text: string | null): string | null {
  if (text === null || scanSecrets(text, 'prompt.txt').length > 0) return null;
  return oneLine(text, 200) || null;
}
