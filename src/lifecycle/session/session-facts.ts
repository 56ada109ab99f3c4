/** A session as facts, shaped as `schemas/parts/session.ts` says. */

import type { SessionState } from '../../core/session/metadata.ts';
import type { Session } from './session.ts';

export function sessionFacts(session: Session, state: SessionState) {
  const { topic, goal, base, created_at, closed_at, continues } = session.metadata;
  const { id, branch, tip, worktree } = session;
  return { id, topic, goal, state, branch, base, created_at, closed_at, continues, tip, worktree };
}
