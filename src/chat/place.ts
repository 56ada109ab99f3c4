/** Where an event happened: its repository, the chat as this clone knows it, and the session that its checkout belongs to. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Adapter, ChatEvent } from '../agents/event.ts';
import type { ClientName } from '../agents/index.ts';
import { asSessionId } from '../core/session/session-id.ts';
import { locate } from '../git/locate.ts';
import { commitOf, currentBranch } from '../git/refs.ts';
import { openRepo } from '../git/repo.ts';
import type { Repo } from '../git/run.ts';
import type { Here } from '../lifecycle/session/here.ts';
import { currentSession, loadSession, type Session } from '../lifecycle/session/session.ts';
import { Chat } from '../store/chats.ts';
import { compiledPolicy } from '../store/compiled-policy.ts';

export interface ChatPlace<E extends ChatEvent = ChatEvent> {
  client: ClientName;
  adapter: Adapter;
  event: E;
  repo: Repo;
  chat: Chat;
  /** The open session of the checkout, by its branch or by the binding of a subagent's worktree. */
  session: Session | null;
  /** The checkout is a subagent's own worktree, on a branch that is not the session's. */
  apart: boolean;
}

/** Null outside a repository. */
export async function placeOf<E extends ChatEvent>(client: ClientName, adapter: Adapter, event: E): Promise<ChatPlace<E> | null> {
  if (!locate(event.cwd, {})) return null;
  const repo = await openRepo(event.cwd);
  const chat = Chat.of(repo.commonDir, client, event.chat);
  const bound = boundTo(repo);
  const session = bound ? await loadSession(repo, bound) : await currentSession(repo);
  const open = session?.metadata.status === 'active' ? session : null;
  return { client, adapter, event, repo, chat, session: open, apart: bound !== null && open !== null };
}

/** The session that this linked worktree is bound to, or null. */
function boundTo({ gitDir, commonDir }: Repo) {
  if (gitDir === commonDir) return null;
  try {
    return asSessionId(readFileSync(join(gitDir, 'git-session'), 'utf8').split('\n')[0]?.trim() ?? '');
  } catch {
    return null;
  }
}

/** As the functions of the hot path see it. */
export function hereOf({ repo }: Pick<ChatPlace, 'repo'>, session: Session): Here {
  const policy = compiledPolicy(repo.commonDir);
  return { place: repo, id: session.id, tip: session.tip, checkedOut: session.worktree === repo.top, policy };
}

/** The session as a worktree of its own sees it: checkpoints of its files go to the branch that is checked out there. */
export async function branchHere(place: ChatPlace, session: Session): Promise<Session> {
  if (!place.apart) return session;
  const branch = await currentBranch(place.repo);
  if (branch === null) return session;
  const tip = (await commitOf(place.repo, 'HEAD')) ?? session.tip;
  return { ...session, branch, ref: `refs/heads/${branch}`, tip, worktree: place.repo.top };
}
