/** The name of a session's backup tag. */

import { stateError } from '../../core/errors.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { partRef } from '../../core/trash-refs.ts';
import { listRefs } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';

/**
 * `backup/<id>`, or `backup/<id>.2` and so on where an earlier one was withdrawn after it had been pushed: a published name is not used
 * for another object. Throws (exit 1) where the name is taken.
 */
export async function nextTagName(repo: Repo, id: SessionId): Promise<string> {
  const [withdrawn, taken] = await Promise.all([
    listRefs(repo, [partRef(id, 'pushed-tag', '*')]),
    listRefs(repo, [`refs/tags/backup/${id}`, `refs/tags/backup/${id}.*`]),
  ]);
  const name = withdrawn.length === 0 ? `backup/${id}` : `backup/${id}.${withdrawn.length + 1}`;
  if (!taken.some((row) => row.ref === `refs/tags/${name}`)) return name;
  throw stateError({
    what: `The tag ${name} exists already.`,
    why: 'It would be the backup of this session, and nobody made it through a closeout of this seal.',
    next: `Look at it with: git show ${name}\nIf it is nobody's approval, delete it (git tag -d ${name}) and run the same command again.`,
  });
}
