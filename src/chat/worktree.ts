/** A worktree that the client was asked for: a session's own, new or gone on with. A subagent's is left to the client's own way, and bound to its session when it starts. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Answer, ChatEvent } from '../agents/event.ts';
import { mainActor } from '../agents/task-id.ts';
import { SessionError } from '../core/errors.ts';
import { type SessionId, slugify } from '../core/session/session-id.ts';
import { oneLine } from '../core/text/text.ts';
import { readWorktrees } from '../git/porcelain.ts';
import { GitError } from '../git/run.ts';
import { asideOf } from '../lifecycle/checkout/set-aside.ts';
import { switchSession } from '../lifecycle/checkout/switch.ts';
import { worktreePolicy } from '../lifecycle/checkout/worktree.ts';
import { policyNow } from '../lifecycle/policy-now.ts';
import { personIn } from '../lifecycle/session/actor.ts';
import { type Listed, openSessions } from '../lifecycle/session/list-sessions.ts';
import { runStart } from '../lifecycle/start/start.ts';
import { planStart } from '../lifecycle/start/start-plan.ts';
import { compiledPolicy } from '../store/compiled-policy.ts';
import { withLock } from '../store/lock.ts';
import type { ChatPlace } from './place.ts';

type Create = ChatPlace<Extract<ChatEvent, { kind: 'worktree-create' }>>;

/** Where no session can be had, the answer is nothing, and the chat is told why when it begins there. */
export async function createWorktree(place: Create): Promise<Answer> {
  const { repo, chat, event } = place;
  if (event.by === 'client' || compiledPolicy(repo.commonDir).client_worktrees === 'plain') return {};
  try {
    // Two chats that ask for one topic at once share its session.
    const made = await withLock(repo.commonDir, 'client-worktree', () => sessionWorktree(place), { timeoutMs: 300_000 });
    if (!made) return {};
    chat.keep('session', { id: made.id, top: made.top, at: Date.now() });
    await noteFor(place, made);
    return { path: made.top };
  } catch (error) {
    const known = error instanceof GitError ? error.asSessionError() : error;
    if (!(known instanceof SessionError)) throw error;
    chat.keep('worktree', { tell: `this worktree is no session's. ${[known.message, known.why].filter(Boolean).join(' ')}` });
    return {};
  }
}

/** What the chat is told of its worktree: what was not committed when the session's last one was removed, and a set-up that only a person runs. */
async function noteFor({ repo, chat }: Create, { id, setUp, remade }: Made): Promise<void> {
  const refs = remade ? await asideOf(repo, id) : [];
  const aside = `what was not committed when its worktree was removed is kept, as commits: ${refs.join(', ')}. One file of it: git restore --source=<commit> -- <path>`;
  const set = `this worktree is new, and the policy's set-up has not run in it: ${oneLine(setUp ?? '', 300)}`;
  const tell = [...(refs.length > 0 ? [aside] : []), ...(setUp === null ? [] : [set])].join('\n');
  if (tell !== '') chat.keep('worktree', { tell });
}

interface Made {
  id: SessionId;
  top: string;
  /** The command of the policy that sets new worktrees up; null where there is none, or the worktree was there. */
  setUp: string | null;
  /** The session had no worktree any more. */
  remade: boolean;
}

/** Null where the client has a worktree of that name already. Throws (exit 1, 2) where no session can be started. */
async function sessionWorktree({ repo, adapter, event }: Create): Promise<Made | null> {
  const rows = await readWorktrees(repo);
  const asked = (await openSessions(repo)).find((row) => isAsked(row, slugify(event.name), rows[0]?.path));
  const now = new Date();
  if (asked) {
    const { session, state } = asked;
    const there = session.worktree !== null && existsSync(session.worktree) ? session.worktree : null;
    if (there) return { id: session.id, top: there, setUp: null, remade: false };
    const policy = worktreePolicy(await policyNow(repo));
    const { top } = await switchSession(repo, session, state, { path: true, policy }, now);
    return { id: session.id, top, setUp: policy.setup, remade: true };
  }
  const own = join(repo.top, '.claude/worktrees', event.name.replaceAll('/', '+'));
  if (existsSync(own) && rows.some(({ path }) => path === own)) return null;
  const actor = event.by === 'person' ? personIn(repo.top) : mainActor(adapter.name, event.chat);
  const plan = await planStart(repo, { topic: event.name, worktree: true, actor }, now);
  const { id, top } = await runStart(repo, plan, now);
  return { id, top, setUp: worktreePolicy(plan.policy).setup, remade: false };
}

/** A session of that topic to go on with: in a linked worktree, or checked out nowhere. */
function isAsked({ session, state }: Listed, topic: string, main: string | undefined): boolean {
  return session.metadata.topic === topic && (state === 'active' || state === 'review') && session.worktree !== main;
}
