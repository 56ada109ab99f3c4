/** Subagents: from the call that starts one to its end. The start does not say which call it came from, so the oldest call of its type is taken. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, ChatEvent, Figures, Subagent } from '../agents/event.ts';
import { subagentActor, subagentTask } from '../agents/task-id.ts';
import { asSessionId } from '../core/session/session-id.ts';
import { locate } from '../git/locate.ts';
import { repoAt } from '../git/repo.ts';
import { equipWorktree } from '../lifecycle/hooks/install.ts';
import { recordsNaming } from '../lifecycle/session/records-naming.ts';
import { currentSession, loadSession, type Session } from '../lifecycle/session/session.ts';
import { insideOf } from '../store/chats.ts';
import type { ChatPlace } from './place.ts';
import { safeLine } from './safe-line.ts';
import { joinSession } from './start.ts';
import { addFigures, endTask, openMark, startTask } from './tasks.ts';
import { contextFor } from './told.ts';

type Of<K extends ChatEvent['kind']> = ChatPlace<Extract<ChatEvent, { kind: K }>>;

/** The call that will start one: what it is for is only said here. */
export async function beforeSubagent(place: Of<'before-subagent'>): Promise<Answer> {
  const { chat, event, session } = place;
  if (!session) return {};
  joinSession(place, session);
  if (event.starts) return startInside(place, session, event.starts);
  const name = `${Date.now().toString().padStart(15, '0')}-${event.call}`;
  chat.keep(`calls/${name}`, { call: event.call, type: event.type, description: safeLine(event.description) });
  return {};
}

/** The client has no event for the start: the call is it, and its prompt carries what the agent is told. */
async function startInside(place: Of<'before-subagent'>, session: Session, agent: Subagent): Promise<Answer> {
  const { chat, event } = place;
  const description = safeLine(event.description);
  const [task, actor] = [subagentTask(agent), subagentActor(agent)];
  startTask(place, session, { task, actor, description, type: agent.type });
  chat.keep('inside', { ...agent });
  const { prompt } = event.input;
  const context = await contextFor(place, session, { task, words: description ?? '', to: task });
  return typeof prompt === 'string' ? { input: { ...event.input, prompt: `${context}\n\n${prompt}` } } : {};
}

export async function subagentStart(place: Of<'subagent-start'>): Promise<Answer> {
  const { chat, event } = place;
  const { agent } = event;
  const session = agent ? (place.session ?? (await bindWorktree(place))) : null;
  if (!agent || !session) return {};
  const call = chat.read(`launched/${agent.id}`) ?? chat.take('calls', ({ type }) => type === agent.type) ?? {};
  const description = asText(call.description);
  const [task, actor] = [subagentTask(agent), subagentActor(agent)];
  startTask(place, session, { task, actor, description, type: agent.type });
  chat.keep(`agents/${agent.id}`, { type: agent.type, description });
  correct(place, session, agent.id);
  return { context: await contextFor(place, session, { task, words: description ?? '', to: task }) };
}

/**
 * Subagents of one type that start at once may be taken for each other until the client says which call started which. That may be said while
 * the start is still being handled, so each side writes what it knows and then reads what the other wrote. True where the task was started anew.
 */
function correct({ chat, ...place }: ChatPlace, session: Session, id: string): boolean {
  const [known, launched] = [chat.read(`agents/${id}`), chat.read(`launched/${id}`)];
  const description = asText(launched?.description);
  if (typeof known?.type !== 'string' || description === null || known.description === description) return false;
  const agent = { id, type: known.type };
  startTask({ chat, ...place }, session, { task: subagentTask(agent), actor: subagentActor(agent), description, type: agent.type });
  chat.keep(`agents/${id}`, { ...known, description });
  return true;
}

const asText = (value: unknown) => (typeof value === 'string' ? value : null);

export async function subagentStop(place: Of<'subagent-stop'>): Promise<Answer> {
  const { chat, event, session } = place;
  const agent = event.agent ?? insideOf(chat);
  if (!event.agent) chat.forget('inside');
  // Some clients tell of one end twice.
  if (!agent || !session || !chat.has(openMark(session, subagentTask(agent)))) return {};
  correct(place, session, agent.id);
  const model = asText(chat.read(`launched/${agent.id}`)?.model);
  const figures: Figures = model === null ? {} : { model };
  await endTask(place, session, { task: subagentTask(agent), actor: subagentActor(agent), status: 'completed', figures });
  return {};
}

/** The tool has answered: now it is certain which call started which subagent, and the figures of one that is done are known. */
export async function afterSubagent(place: Of<'after-subagent'>): Promise<Answer> {
  const { chat, event, session } = place;
  if (!session) return {};
  const { model } = event.figures;
  chat.keep(`launched/${event.started}`, { description: safeLine(event.description), ...(model ? { model } : {}) });
  const naming = await recordsNaming(place.repo, session);
  const again = correct(place, session, event.started);
  addFigures(place, session, naming, event.started, event.figures, again);
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
