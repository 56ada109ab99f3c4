/** A chat's work as tasks: what opens and ends them, and the checkpoint of their files. */

import type { Figures } from '../agents/event.ts';
import { mainActor, promptTask } from '../agents/task-id.ts';
import type { Actor, RecordData } from '../core/log/record.ts';
import { asSessionId, type SessionId } from '../core/session/session-id.ts';
import { foldTasks } from '../core/session/tasks.ts';
import { editedBy, requestCheckpoint } from '../lifecycle/checkpoint/checkpoint.ts';
import { type RecordsNaming, recordsNaming } from '../lifecycle/session/records-naming.ts';
import type { Session } from '../lifecycle/session/session.ts';
import { appendRecord } from '../store/journal.ts';
import { branchHere, type ChatPlace } from './place.ts';

type Status = RecordData['task.finished']['status'];

/** The marker of an open task in the chat's folder. */
export const openMark = (session: Session, task: string) => `tasks/${session.id}.${task}`;

/** Sessions in which this task is open in this chat. */
export function openIn({ chat }: ChatPlace, task: string): SessionId[] {
  const end = `_${task}`;
  return chat.names('tasks').flatMap((name) => (name.endsWith(end) ? (asSessionId(name.slice(0, -end.length)) ?? []) : []));
}

/** The main agent's task for the last prompt of the person. */
export function mainTask({ adapter, chat, event }: ChatPlace): { task: string; actor: Actor } {
  const id = chat.read('prompt')?.id;
  return { task: promptTask(typeof id === 'string' ? id : null, event.chat), actor: mainActor(adapter.name, event.chat) };
}

/** Opens the task once; further calls with other words correct its description. */
export function startTask(
  place: ChatPlace,
  session: Session,
  start: { task: string; actor: Actor; description: string | null; type: string },
): void {
  const { task, actor, description, type } = start;
  place.chat.claim(openMark(session, task));
  appendRecord(place.repo.commonDir, session.id, { kind: 'task.started', actor, data: { task, description, agent_type: type } });
}

/** Records the end and commits the task's files; where it edited none, its records wait for the next checkpoint. */
export async function endTask(
  place: ChatPlace,
  session: Session,
  end: { task: string; actor: Actor; status: Status; figures?: Figures },
): Promise<void> {
  const { task, actor, status } = end;
  appendRecord(place.repo.commonDir, session.id, { kind: 'task.finished', actor, data: { task, status, ...end.figures } });
  place.chat.forget(openMark(session, task));
  await checkpointTask(place, session, task, 'task-done');
}

/** Commits what the task has edited, on the branch that its checkout has. */
export async function checkpointTask(place: ChatPlace, session: Session, task: string, event: 'checkpoint' | 'task-done'): Promise<void> {
  const naming = await recordsNaming(place.repo, session);
  if (editedBy(naming, task).length === 0) return;
  await requestCheckpoint(place.repo, await branchHere(place, session), { task, event, wait: false, naming });
}

/** Adds figures to a task that has ended; `again`: its end is written once more, since its start was. */
export function addFigures(
  { repo }: ChatPlace,
  session: Session,
  naming: RecordsNaming,
  agent: string,
  figures: Figures,
  again = false,
): void {
  const its = naming([agent]).flatMap(({ data }) => ('task' in data && data.task !== null && data.task !== undefined ? [data.task] : []));
  const records = naming([agent, ...new Set(its)]);
  const task = foldTasks(records).findLast((row) => row.agent.id === agent);
  const ended = records.findLast((row) => row.kind === 'task.finished' && row.data.task === task?.task);
  if (task?.status === 'open' || ended?.kind !== 'task.finished' || (!again && Object.keys(figures).length === 0)) return;
  appendRecord(repo.commonDir, session.id, { kind: 'task.finished', actor: ended.actor, data: { ...ended.data, ...figures } });
}
