/** The records of a session that name something: of a log and journal of any length, nothing else is parsed. */

import { linesNaming } from '../../core/log/lines-naming.ts';
import { mergeRecords, parseLog } from '../../core/log/log.ts';
import type { AnyRecord } from '../../core/log/record.ts';
import type { Repo } from '../../git/run.ts';
import { journalTextFrom } from '../../store/journal.ts';
import { logTip } from './log-tip.ts';
import type { Session } from './session.ts';

/** At least every record that holds one of these names (a task, a path, an agent's id) as a whole text, each id once, in the order of their times. */
export type RecordsNaming = (names: readonly string[]) => readonly AnyRecord[];

/** Looks in everything recorded of a session: its log files at `session.tip`, and this clone's journal as it is now. */
export async function recordsNaming(repo: Repo, session: Pick<Session, 'id' | 'tip'>): Promise<RecordsNaming> {
  const texts = await textsOf(repo, session);
  const asked = new Set<string>();
  let found: AnyRecord[] = [];
  return (names) => {
    const fresh = [...new Set(names)].filter((name) => !asked.has(name));
    if (fresh.length > 0) {
      const more = texts.map((bytes) => parseLog(linesNaming(bytes, fresh)).records);
      found = mergeRecords(found, ...more).filter((record) => record.session === session.id);
    }
    for (const name of fresh) asked.add(name);
    return found;
  };
}

/** All of them, each id once, in the order of their times: as sessionRecords, for who does not ask what is committed and goes on to a checkpoint. */
export async function everyRecord(repo: Repo, session: Pick<Session, 'id' | 'tip'>): Promise<AnyRecord[]> {
  const texts = await textsOf(repo, session);
  return mergeRecords(...texts.map((bytes) => parseLog(bytes.toString('utf8')).records)).filter((record) => record.session === session.id);
}

/** Bytes that hold every record, some twice. */
async function textsOf(repo: Repo, { id, tip }: Pick<Session, 'id' | 'tip'>): Promise<Buffer[]> {
  const { journal, beside } = await logTip(repo, tip, id);
  return [...beside, journal, Buffer.from(journalTextFrom(repo.commonDir, id, journal.length).text)];
}
