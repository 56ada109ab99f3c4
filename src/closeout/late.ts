/** What came in after the seal was made, while the key signed. */

import { isWritten } from '../core/memory.ts';
import type { AnyRecord } from '../core/record.ts';
import type { Repo } from '../git/run.ts';
import type { CloseoutState } from '../store/closeout-state.ts';
import { readJournalFrom } from '../store/journal.ts';

type Sealed = Pick<CloseoutState, 'session' | 'journal'>;

/** Records of the journal that the seal was made without; none where it was made by an earlier run. */
export function lateRecords(repo: Repo, { session, journal }: Sealed): AnyRecord[] {
  return journal == null ? [] : readJournalFrom(repo.commonDir, session, journal).parsed.records;
}

/** Whether memory was written that the seal does not hold. Other records alone are no reason to sign again. */
export function storedSince(repo: Repo, state: Sealed): boolean {
  return lateRecords(repo, state).some(isWritten);
}
