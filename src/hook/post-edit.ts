/** After a file tool wrote: one record a file, with the content kept as a blob. The path of every edit, so nothing here that it does not need. */

import { existsSync, lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ChatEvent } from '../agents/event.ts';
import { mainActor, promptTask, subagentActor, subagentTask } from '../agents/task-id.ts';
import type { Actor } from '../core/log/record.ts';
import type { Policy } from '../core/policy/policy.ts';
import { sessionPaths } from '../core/session/metadata.ts';
import type { SessionId } from '../core/session/session-id.ts';
import { asObject, parseJson } from '../core/text/json.ts';
import { type Located, locate } from '../git/locate.ts';
import { Chat, insideOf } from '../store/chats.ts';
import { compiledPolicy } from '../store/compiled-policy.ts';
import { treePath } from '../store/edit-path.ts';
import { appendRecord } from '../store/journal.ts';
import { storeLoose } from '../store/loose-blob.ts';
import { loadGate } from './load-gate.ts';
import { readText } from './read-text.ts';
import { sessionOf } from './session-of.ts';
import { askGit } from './spawn.ts';

export interface EditedFile {
  place: Located;
  session: SessionId;
  path: string;
  policy: Policy;
}

/** Records the edits and returns those that are now in a session's journal. Files of no open session are passed over. */
export function recordEdits(client: { client: string; name: string }, event: Extract<ChatEvent, { kind: 'after-write' }>): EditedFile[] {
  return event.files.flatMap((file) => {
    const place = locate(dirname(resolve(event.cwd, file)), {});
    if (!place) return [];
    const policy = compiledPolicy(place.commonDir);
    const session = sessionOf(place, policy.branch.prefix);
    if (!session || !isOpen(place, session)) return [];
    const path = writtenAt(place.top, treePath(place.top, event.cwd, file));
    const blob = path === null ? undefined : contentOf(place, session, path);
    if (path === null || blob === undefined) return [];
    const { task, actor } = openTask(client, event, place, session);
    appendRecord(place.commonDir, session, { kind: 'file.edited', actor, data: { path, blob, task, via: 'hook' } });
    return [{ place, session, path, policy }];
  });
}

/** What was written through a link is the file that it leads to, where that is one of the tree. */
function writtenAt(top: string, path: string | null): string | null {
  const full = path === null ? null : join(top, path);
  if (full === null || !lstatSync(full, { throwIfNoEntry: false, bigint: true })?.isSymbolicLink() || !existsSync(full)) return path;
  return treePath(top, top, realpathSync(full)) ?? path;
}

function isOpen(place: Located, session: SessionId): boolean {
  // A subagent's own worktree may have been made before the session began.
  const text = readText(join(place.top, sessionPaths(session).metadata));
  return text === null || asObject(parseJson(text))?.status === 'active';
}

/** The blob of what is there now; null where a file of the session is gone, undefined where there never was one. */
function contentOf(place: Located, session: SessionId, path: string): string | null | undefined {
  const full = join(place.top, path);
  // As everything else here asks for it: each kind of answer costs when it is made for the first time.
  const stat = lstatSync(full, { throwIfNoEntry: false, bigint: true });
  if (stat?.isFile()) return storeLoose(place, path) ?? hash(place, ['hash-object', '-w', '--', path]);
  if (stat?.isSymbolicLink()) return hash(place, ['hash-object', '-w', '--stdin'], readlinkSync(full));
  if (stat) return undefined;
  return loadGate().everThere(place, session, path) ? null : undefined;
}

function hash({ top }: Located, args: string[], input?: string): string {
  const oid = askGit(args, { cwd: top, ...(input === undefined ? {} : { input }) })
    ?.toString('latin1')
    .trim();
  if (!oid) throw new Error('git hash-object did not succeed');
  return oid;
}

/** Whose edit it is. The first one of the main agent in a turn opens its task; a subagent's is open since its start. */
function openTask(
  { client, name }: { client: string; name: string },
  event: ChatEvent,
  place: Located,
  session: SessionId,
): { task: string; actor: Actor } {
  const id = event.chat;
  const chat = Chat.of(place.commonDir, client, id);
  const agent = event.agent ?? insideOf(chat);
  const prompt = agent ? null : chat.read('prompt');
  const task = agent ? subagentTask(agent) : promptTask(typeof prompt?.id === 'string' ? prompt.id : null, id);
  const actor = agent ? subagentActor(agent) : mainActor(name, id);
  const mark = `tasks/${session}.${task}`;
  // Looking first is quicker than failing to claim, which all edits but the first would.
  if (!chat.has(mark) && chat.claim(mark)) {
    const description = typeof prompt?.text === 'string' ? prompt.text : null;
    appendRecord(place.commonDir, session, { kind: 'task.started', actor, data: { task, description, agent_type: agent?.type ?? name } });
  }
  return { task, actor };
}
