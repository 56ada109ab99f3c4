/** Searching what a session sees, or what the project has learned, for a command: nothing is kept for a second question. */

import { scanMemory } from '../../core/memory/scan.ts';
import type { Repo } from '../../git/run.ts';
import { compiledPolicy } from '../../store/compiled-policy.ts';
import { journalText } from '../../store/journal.ts';
import { logFilesAt } from '../session/log-files.ts';
import { linesBeyond } from '../session/records.ts';
import type { Session } from '../session/session.ts';
import { type MemoryFound, type MemoryQuery, SeenMemory } from './seen.ts';

/** What a session sees, or approved project memory at a commit. */
export type SearchPlace = { session: Pick<Session, 'id' | 'tip'> } | { commit: string };

/** What fits the query in what a session sees, or in approved project memory at a commit. */
export async function searchMemory(repo: Repo, at: SearchPlace, query: MemoryQuery): Promise<MemoryFound> {
  const policy = compiledPolicy(repo.commonDir);
  if ('commit' in at) return new SeenMemory({ place: repo, treeish: at.commit, policy, own: null }).search(query);
  const { id, tip } = at.session;
  const { files } = await logFilesAt(repo, tip, id);
  const texts = [...files.map((file) => file.text), linesBeyond(journalText(repo.commonDir, id), files)];
  const own = { id, lines: texts.flatMap((text) => scanMemory(text, id)) };
  return new SeenMemory({ place: repo, treeish: tip, policy, own }).search(query);
}
