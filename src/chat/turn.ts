/** The main agent has answered, or the chat ends: its work is committed. */

import type { Answer, ChatEvent } from '../agents/event.ts';
import { drain, requestCheckpoint } from '../lifecycle/checkpoint/checkpoint.ts';
import { loadSession } from '../lifecycle/session/session.ts';
import { compiledPolicy } from '../store/compiled-policy.ts';
import { treePath } from '../store/edit-path.ts';
import { branchHere, type ChatPlace } from './place.ts';
import { checkpointTask, endTask, mainTask, openIn, openMark } from './tasks.ts';

/** While subagents work in the background the turn is not over: what there is so far is committed, and the task stays open. */
export async function turnEnd(place: ChatPlace<Extract<ChatEvent, { kind: 'turn-end' }>>): Promise<Answer> {
  const { session, event, chat } = place;
  // An agent that did not come back, because the turn was stopped, is not waited for.
  chat.forget('inside');
  const { task, actor } = mainTask(place);
  if (!event.waiting) await endElsewhere(place, 'completed');
  if (!session || !chat.has(openMark(session, task))) return {};
  if (event.waiting) await checkpointTask(place, session, task, 'checkpoint');
  else await endTask(place, session, { task, actor, status: 'completed' });
  return {};
}

/** Little time is left: what is open is ended and queued; whatever is not committed now, the next command commits. */
export async function chatEnd(place: ChatPlace): Promise<Answer> {
  const { session, chat, repo } = place;
  chat.keep('ended', { at: new Date().toISOString() });
  await endElsewhere(place, 'cancelled');
  if (!session) return {};
  const { task, actor } = mainTask(place);
  if (chat.has(openMark(session, task))) await endTask(place, session, { task, actor, status: 'cancelled' });
  else await drain(repo, { wait: false });
  return {};
}

/** A chat that went into a worktree, or came back from one, has left the session where its task began. */
async function endElsewhere(place: ChatPlace, status: 'completed' | 'cancelled'): Promise<void> {
  const { task, actor } = mainTask(place);
  for (const id of openIn(place, task)) {
    const left = id === place.session?.id ? null : await loadSession(place.repo, id);
    if (left?.metadata.status === 'active') await endTask({ ...place, apart: false }, left, { task, actor, status });
  }
}

/** Policy wants every edit committed at once. */
export async function commitEdits(place: ChatPlace<Extract<ChatEvent, { kind: 'after-write' }>>): Promise<Answer> {
  const { session, repo, event } = place;
  if (!session || compiledPolicy(repo.commonDir).checkpoint !== 'edit') return {};
  const files = event.files.flatMap((file) => treePath(repo.top, event.cwd, file) ?? []);
  const subject = `edit ${files.join(', ')}`;
  if (files.length > 0)
    await requestCheckpoint(repo, await branchHere(place, session), { files, event: 'checkpoint', wait: false, subject });
  return {};
}
