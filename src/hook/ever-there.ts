/** Whether a file that is gone was a file of the session. */

import type { SessionId } from '../core/session/session-id.ts';
import type { Located } from '../git/locate.ts';
import { readJournal } from '../store/journal.ts';
import { askGit } from './spawn.ts';

/** True where the journal knows an edit of it, or HEAD holds it. */
export function everThere(place: Located, session: SessionId, path: string): boolean {
  const edited = readJournal(place.commonDir, session).records.some((row) => row.kind === 'file.edited' && row.data.path === path);
  return edited || askGit(['cat-file', '-e', `HEAD:${path}`], { cwd: place.top }) !== null;
}
