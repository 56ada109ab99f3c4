/** What an agent is told of its session, gathered from records, and told once a chat. */

import { sentBackLines, sessionContext } from '../agents/context.ts';
import type { AnyRecord } from '../core/log/record.ts';
import { SESSION_NAMESPACE } from '../core/memory/key.ts';
import { foldMemory } from '../core/memory/memory.ts';
import { openRejection, reasonText } from '../core/session/reason.ts';
import { foldTasks } from '../core/session/tasks.ts';
import { offerToTask } from '../lifecycle/patterns/offer-task.ts';
import { sessionRecords } from '../lifecycle/session/records.ts';
import type { Session } from '../lifecycle/session/session.ts';
import { type ChatPlace, hereOf } from './place.ts';

/** The block for one agent. `words`: what its patterns are chosen by; `to`: the task that they are offered to. */
export async function contextFor(
  place: ChatPlace,
  session: Session,
  about: { task: string | null; words: string; to: string },
): Promise<string> {
  const { records } = await sessionRecords(place.repo, session);
  const patterns = await offerToTask(hereOf(place, session), about.words, about.to, records);
  return sessionContext({
    id: session.id,
    goal: session.metadata.goal,
    task: about.task,
    patterns,
    finished: finishedTasks(records, about.task),
    keys: storedKeys(records),
    rejected: openRejection(records)?.reasons.map(reasonText) ?? [],
  });
}

/** The block for the main agent, where this chat has not been told of this session yet; later only why the session was sent back since. */
export async function contextOnce(place: ChatPlace, session: Session): Promise<string | null> {
  const told = place.chat.read('told');
  const rejection = openRejection((await sessionRecords(place.repo, session)).records);
  const again = told?.session === session.id;
  if (again && (rejection === null || told.rejection === rejection.id)) return null;
  place.chat.keep('told', { session: session.id, rejection: rejection?.id ?? null });
  if (again) return sentBackLines(rejection?.reasons.map(reasonText) ?? []).join('\n');
  const { topic, goal } = session.metadata;
  return contextFor(place, session, { task: null, words: `${topic.replaceAll('-', ' ')} ${goal ?? ''}`, to: 'chat' });
}

function finishedTasks(records: readonly AnyRecord[], own: string | null) {
  return foldTasks(records)
    .filter((task) => task.status !== 'open' && task.task !== own)
    .sort((a, b) => ((a.finished_at ?? '') < (b.finished_at ?? '') ? 1 : -1))
    .map(({ agent, status, description, files }) => ({ agent: agent.type ?? agent.name, status, description, files: files.length }));
}

function storedKeys(records: readonly AnyRecord[]) {
  return foldMemory(records, Date.now())
    .filter(({ namespace }) => namespace === SESSION_NAMESPACE)
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .map(({ key, by }) => ({ key, by: by.name }));
}
