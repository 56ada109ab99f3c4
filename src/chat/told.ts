/** What an agent is told of its session, gathered from what was recorded, and told once a chat. */

import { sentBackLines, sessionContext } from '../agents/context.ts';
import { type Brief, storedKeys } from '../core/session/brief.ts';
import { reasonText, rejectionOf } from '../core/session/reason.ts';
import { offerToTask } from '../lifecycle/patterns/offer-task.ts';
import { LIVE_MS } from '../lifecycle/session/live.ts';
import type { Session } from '../lifecycle/session/session.ts';
import { sessionBrief } from '../lifecycle/session/session-brief.ts';
import { Chat } from '../store/chats.ts';
import { type ChatPlace, hereOf } from './place.ts';
import { openMark } from './tasks.ts';

/** The block for one agent. `words`: what its patterns are chosen by; `to`: the task that they are offered to. */
export async function contextFor(
  place: ChatPlace,
  session: Session,
  about: { task: string | null; words: string; to: string },
): Promise<string> {
  const brief = await sessionBrief(place.repo, session);
  const patterns = await offerToTask(hereOf(place, session), about.words, about.to, brief.patterns);
  return sessionContext({
    id: session.id,
    goal: session.metadata.goal,
    task: about.task,
    patterns,
    finished: finishedTasks(brief, about.task),
    open: about.task === null ? othersTasks(place, session, brief) : [],
    keys: storedKeys(brief, Date.now()),
    rejected: rejectionOf(brief.closeout)?.reasons.map(reasonText) ?? [],
  });
}

/** The block for the main agent, where this chat has not been told of this session yet; later only why the session was sent back since. */
export async function contextOnce(place: ChatPlace, session: Session): Promise<string | null> {
  const told = place.chat.read('told');
  const rejection = rejectionOf((await sessionBrief(place.repo, session)).closeout);
  const again = told?.session === session.id;
  if (again && (rejection === null || told.rejection === rejection.id)) return null;
  place.chat.keep('told', { session: session.id, rejection: rejection?.id ?? null });
  if (again) return sentBackLines(rejection?.reasons.map(reasonText) ?? []).join('\n');
  const { topic, goal } = session.metadata;
  return contextFor(place, session, { task: null, words: `${topic.replaceAll('-', ' ')} ${goal ?? ''}`, to: 'chat' });
}

function finishedTasks({ tasks }: Brief, own: string | null) {
  return tasks
    .filter((task) => task.status !== 'open' && task.task !== own)
    .sort((a, b) => ((a.finished_at ?? '') < (b.finished_at ?? '') ? 1 : -1))
    .map(({ agent, status, description, files }) => ({ agent: agent.type ?? agent.name, status, description, files: files.length }));
}

/** Open tasks that agents of other chats began, newest first: a chat that was killed ends nothing. Those that somebody opened by hand have no agent's id. */
function othersTasks({ chat, repo }: ChatPlace, session: Session, { tasks }: Brief) {
  const since = Date.now() - LIVE_MS;
  const alive = Chat.others(repo.commonDir, chat).filter((other) => Number(other.read('session')?.at) > since && !other.has('ended'));
  return tasks
    .filter(({ status, agent, task }) => status === 'open' && agent.id !== null && !chat.has(openMark(session, task)))
    .reverse()
    .map(({ task, agent, description, files }) => ({
      task,
      agent: agent.type ?? agent.name,
      description,
      files: files.length,
      alive: alive.some((other) => other.has(openMark(session, task))),
    }));
}
