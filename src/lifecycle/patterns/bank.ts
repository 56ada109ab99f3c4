/** The reasoning bank: the patterns that a session or a branch sees, each with what was measured of it and who approved it. */

import type { AnyRecord } from '../../core/log/record.ts';
import { isProjectMemory } from '../../core/memory/key.ts';
import { OUTCOME_KINDS } from '../../core/pattern/outcome.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import type { Repo } from '../../git/run.ts';
import { compiledPolicy } from '../../store/compiled-policy.ts';
import { type ApprovedLog, type ApprovedOptions, approvedLogs } from '../../trust/approved.ts';
import { recordsOf } from '../memory/memory.ts';
import { sessionRecords } from '../session/records.ts';
import type { Session } from '../session/session.ts';
import { type KnownPattern, knownPatterns } from './known.ts';

export interface Bank {
  patterns: KnownPattern[];
  /** Approved project memory, and what outcomes rest on, unordered. */
  records: AnyRecord[];
  /** The session's own records of the same kinds. */
  own: AnyRecord[];
  logs: ApprovedLog[];
}

/** What a session sees: approved patterns and its own. Or what a commit holds, of sessions other than `except`: approved ones alone. */
export async function readBank(
  repo: Repo,
  at: { session: Pick<Session, 'id' | 'tip'> } | { commit: string; except?: SessionId },
  options: ApprovedOptions = {},
): Promise<Bank> {
  const session = 'session' in at ? at.session : null;
  const tip = 'session' in at ? at.session.tip : at.commit;
  const except = 'session' in at ? at.session.id : at.except;
  const [logs, own] = await Promise.all([
    approvedLogs(repo, tip, { ...options, ...(except ? { except } : {}) }),
    session ? sessionRecords(repo, session) : null,
  ]);
  const records = recordsOf(repo, logs, OUTCOME_KINDS);
  const mine = own ? bankRecords(repo, own.records) : [];
  return { patterns: knownPatterns(logs, records, mine), records, own: mine, logs };
}

/** Those of a session's own records that a bank rests on. */
export function bankRecords(repo: Repo, records: readonly AnyRecord[]): AnyRecord[] {
  const policy = compiledPolicy(repo.commonDir);
  return records.filter((record) => record.kind === 'pattern.used' || isProjectMemory(record, policy));
}
