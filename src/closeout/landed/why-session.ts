/** What must be known of a session to tell whether a commit is its own. */

import { mergeRecords } from '../../core/log/log.ts';
import type { AnyRecord } from '../../core/log/record.ts';
import { parseMetadata, type SessionMetadata, sessionPaths } from '../../core/session/metadata.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { commitsBetween } from '../../git/ancestry.ts';
import { readAt } from '../../git/objects.ts';
import { commitOf } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { logAt, sessionRecords } from '../../lifecycle/session/records.ts';
import { loadSession } from '../../lifecycle/session/session.ts';
import type { Landing } from './landings.ts';

export interface KnownSession {
  id: SessionId;
  metadata: SessionMetadata;
  /** Its last commit: the seal, or the branch's tip. */
  tip: string;
  /** Its own commits: those that base did not have before it landed. */
  commits: Set<string>;
  records: AnyRecord[];
  landing: Landing | null;
}

/** A session that came to a branch; without a tag its commits are what the landing itself brought. */
export async function knowLanded(repo: Repo, landing: Landing): Promise<KnownSession | null> {
  const { id, metadata } = landing;
  const tip = landing.tag?.seal ?? landing.parents[1] ?? landing.commit;
  const before = landing.parents[0];
  if (!metadata || before === undefined) return null;
  const [commits, log] = await Promise.all([commitsBetween(repo, before, tip), logAt(repo, tip, id)]);
  commits.delete(landing.commit);
  return { id, metadata, tip, commits, records: mergeRecords(log.parsed.records), landing };
}

/** A session that is still open in this clone; null where there is none of this id. */
export async function knowOpen(repo: Repo, id: SessionId): Promise<KnownSession | null> {
  const session = await loadSession(repo, id);
  const base = session && (await commitOf(repo, `refs/heads/${session.metadata.base}`));
  if (!session || !base) return null;
  const [commits, text, { records }] = await Promise.all([
    commitsBetween(repo, base, session.tip),
    readAt(repo, session.tip, sessionPaths(id).metadata),
    sessionRecords(repo, session),
  ]);
  const metadata = parseMetadata(text ?? '');
  return metadata && { id, metadata, tip: session.tip, commits, records, landing: null };
}
