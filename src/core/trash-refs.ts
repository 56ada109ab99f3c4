/** Names of refs in the trash. Pure. */

import type { SessionId } from './session/session-id.ts';

/** What was given up, withdrawn or undone. */
export const TRASH = 'refs/git-session/trash/';
/** What an undo dropped, by the act that it reversed. */
export const UNDONE = `${TRASH}undone/`;

/** Where an abandoned session's branch goes. */
export const trashRef = (id: SessionId) => `${TRASH}${id}`;

/**
 * What else of a session is thrown away: a seal or a tag that was withdrawn (`pushed-tag`: others may have it, so that its number stays in use), what
 * was not committed in a worktree, or what its reflog alone held.
 */
export type TrashPart = 'seal' | 'tag' | 'pushed-tag' | 'worktree' | 'reflog';

/** `name`: a number, or the beginning of an object's id; `*` for all of them. */
export const partRef = (id: SessionId, part: TrashPart, name: number | string) => `${trashRef(id)}.${part}.${name}`;

/** Which part of a session a ref of the trash keeps: null for a session's branch and what is none of these, and for another ref. */
export function partOf(ref: string): TrashPart | null {
  const word = new RegExp(`^${TRASH}[^./]+\\.(seal|tag|pushed-tag|worktree|reflog)(?:\\.|$)`).exec(ref)?.[1];
  return (word as TrashPart | undefined) ?? null;
}
