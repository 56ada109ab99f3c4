/** Where a session stands, derived from its tip, its base and its records; only active, closed and abandoned are ever stored. */

import { type AnyRecord, isMemory } from '../../core/log/record.ts';
import { isSealedFile, type SessionMetadata, type SessionState, sessionPaths } from '../../core/session/metadata.ts';
import { idOfBranch, type SessionId } from '../../core/session/session-id.ts';
import { statMany } from '../../git/batch.ts';
import { diffTrees } from '../../git/objects.ts';
import { firstParentChanges } from '../../git/path-history.ts';
import { commitOf } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { sessionRecords } from './records.ts';
import { isLandedOnly, loadSession, prefixOf, type Session } from './session.ts';

/** The state now. `records` spares reading them where the caller has them (sorted, as `sessionRecords` gives them). */
export async function deriveState(repo: Repo, session: Session, records?: readonly AnyRecord[]): Promise<SessionState> {
  const { status } = session.metadata;
  // Its lessons have landed: it is over, and goes on in a new session if at all.
  if (status === 'abandoned') return isSealedFile(session.metadata) && (await hasLanded(repo, session)) ? 'closed' : 'abandoned';
  if (status === 'closed') {
    if (await hasLanded(repo, session)) return 'closed';
    return (await stillSealed(repo, session, records)) ? 'sealed' : 'active';
  }
  const known = records ?? (await sessionRecords(repo, session)).records;
  return (await inReview(repo, session, known)) ? 'review' : 'active';
}

/** Whether the very metadata file of the tip is on the session's base. Commits and trailers are not believed. */
async function hasLanded(repo: Repo, session: Session): Promise<boolean> {
  const path = sessionPaths(session.id).metadata;
  const refs = (await basesOf(repo, session.metadata)).flatMap((base) => [`refs/heads/${base}`, `refs/remotes/origin/${base}`]);
  const [own, ...there] = await statMany(
    repo,
    [session.tip, ...refs].map((ref) => `${ref}:${path}`),
  );
  return isLandedOnly(session) || (own != null && there.some((object) => object?.oid === own.oid));
}

/** The base, and where that is itself a session's branch, the base of that session, and so on. */
async function basesOf(repo: Repo, metadata: SessionMetadata): Promise<string[]> {
  const bases: string[] = [];
  for (let base: string | undefined = metadata.base; base !== undefined && !bases.includes(base); ) {
    bases.push(base);
    const id: SessionId | null = idOfBranch(base, prefixOf(repo));
    base = id ? (await loadSession(repo, id))?.metadata.base : undefined;
  }
  return bases;
}

/** Whether the tip is the seal, or only the log changed since. */
async function stillSealed(repo: Repo, session: Session, records?: readonly AnyRecord[]): Promise<boolean> {
  if (session.ref.startsWith('refs/tags/')) return true;
  const base = await commitOf(repo, `refs/heads/${session.metadata.base}`);
  const [seal] = await firstParentChanges(repo, session.tip, [sessionPaths(session.id).metadata], base ? [base] : []);
  if (!seal) return false;
  if (seal.commit !== session.tip && (await changedOutsideLog(repo, session.id, seal.commit, session.tip))) return false;
  // Commits have whole seconds.
  const sealedBy = Date.parse(seal.at) + 1000;
  const known = records ?? (await sessionRecords(repo, session)).records;
  return !known.some((record) => isMemory(record.kind) && Date.parse(record.at) > sealedBy);
}

/** Whether what was prepared last is still what is there, and nobody has rejected it since. */
async function inReview(repo: Repo, session: Session, records: readonly AnyRecord[]): Promise<boolean> {
  const last = records.findLastIndex((record) => record.kind === 'closeout.prepared');
  const prepared = records[last];
  if (prepared?.kind !== 'closeout.prepared') return false;
  const ends = new Set<string>(['closeout.rejected', 'session.abandoned', 'session.restored', 'session.undone']);
  if (records.slice(last + 1).some((record) => isMemory(record.kind) || ends.has(record.kind))) return false;
  if (prepared.data.tip === session.tip) return true;
  const from = await commitOf(repo, prepared.data.tip);
  return from !== null && !(await changedOutsideLog(repo, session.id, from, session.tip));
}

/** Whether two commits differ in more than the session's log and the files that are generated for its closeout. */
async function changedOutsideLog(repo: Repo, id: SessionId, from: string, to: string): Promise<boolean> {
  const paths = sessionPaths(id);
  const generated = new Set([paths.summary, paths.metrics, paths.inventory, paths.backup]);
  return (await diffTrees(repo, from, to)).some(({ path }) => !path.startsWith(`${paths.log}/`) && !generated.has(path));
}
