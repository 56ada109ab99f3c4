/** The brief of a session: from the cache, gone on with from the last byte of the journal, where no other writer's log has changed since. */

import { mergeRecords } from '../../core/log/log.ts';
import { parseLogPath } from '../../core/log/log-path.ts';
import { type Brief, goOn, NOTHING_YET } from '../../core/session/brief.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import { listTree } from '../../git/objects.ts';
import type { Repo } from '../../git/run.ts';
import { keepBrief, keptBrief } from '../../store/brief-cache.ts';
import { coveredWriter, journalSize, readJournalFrom } from '../../store/journal.ts';
import { sessionRecords } from './records.ts';
import type { Session } from './session.ts';

/** What there is to tell of everything recorded at `session.tip` and in this clone's journal. */
export async function sessionBrief(repo: Repo, session: Pick<Session, 'id' | 'tip'>): Promise<Brief> {
  const { commonDir } = repo;
  const others = await othersLogs(repo, session);
  const kept = keptBrief(commonDir, session.id);
  if (kept?.others === others && kept.read > 0 && kept.read <= journalSize(commonDir, session.id)) {
    const { parsed, next } = readJournalFrom(commonDir, session.id, kept.read);
    const brief = goOn(kept.brief, mergeRecords(parsed.records.filter((record) => record.session === session.id)));
    if (brief && next !== kept.read) keepBrief(commonDir, session.id, { version: 1, others, read: next, brief });
    if (brief) return brief;
  }
  // Asked first: what is written meanwhile is then read twice, which is seen, and never passed over.
  const read = readJournalFrom(commonDir, session.id, 0).next;
  const brief = goOn(NOTHING_YET, (await sessionRecords(repo, session)).records) ?? NOTHING_YET;
  keepBrief(commonDir, session.id, { version: 1, others, read, brief });
  return brief;
}

/** What the journal does not tell of. */
async function othersLogs(repo: Repo, { id, tip }: Pick<Session, 'id' | 'tip'>): Promise<string> {
  const own = coveredWriter(repo.commonDir, id);
  const rows = await listTree(repo, tip, [`${sessionPaths(id).log}/`]);
  const logs = rows.filter(({ path }) => (parseLogPath(id, path)?.writer ?? own) !== own);
  return logs.map(({ path, oid }) => `${path} ${oid}`).join('\n');
}
