/** The session of this checkout and its records without loading execa: what the memory commands start with. Hot path: no npm package. */

import { readdirSync } from 'node:fs';
import { stateError } from '../../core/errors.ts';
import { mergeRecords, parseLog } from '../../core/log/log.ts';
import { parseLogPath } from '../../core/log/log-path.ts';
import type { AnyRecord } from '../../core/log/record.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { parseMetadata, sessionPaths } from '../../core/session/metadata.ts';
import { idOfBranch, type SessionId } from '../../core/session/session-id.ts';
import { blobText, filesBelow } from '../../git/lean.ts';
import { type Located, locate, readHead } from '../../git/locate.ts';
import { compiledPolicy } from '../../store/compiled-policy.ts';
import { readOrNull } from '../../store/files.ts';
import { coveredWriter, readJournal } from '../../store/journal.ts';

export interface Here {
  place: Located;
  id: SessionId;
  /** A revision that names its newest commit. */
  tip: string;
  /** Its branch is the one checked out here. */
  checkedOut: boolean;
  policy: Policy;
}

/**
 * The session that `word` names, else the checked-out one, else the one that GIT_SESSION_ID names where no session branch is checked out.
 * Reads files only in the usual case; git is asked where a session is named or HEAD cannot be read. Throws (exit 1) where there is none.
 */
export async function sessionHere(word?: string): Promise<Here> {
  const found = word ? null : checkedOut(locate(process.cwd()));
  if (found) return found;
  const [{ openRepo }, { resolveSession }] = await Promise.all([import('../../git/repo.ts'), import('./session.ts')]);
  const repo = await openRepo();
  const session = await resolveSession(repo, word);
  return { place: repo, id: session.id, tip: session.tip, checkedOut: false, policy: compiledPolicy(repo.commonDir) };
}

/** As sessionHere, but null outside a session; a repository there must be. */
export async function sessionHereOrNull(cwd = process.cwd()): Promise<Here | null> {
  const place = locate(cwd);
  const found = checkedOut(place);
  if (found) return found;
  // Another branch is checked out, and nothing names a session.
  if (place && readHead(place.gitDir) !== 'unreadable' && !process.env.GIT_SESSION_ID) return null;
  const [{ openRepo }, { currentSession }] = await Promise.all([import('../../git/repo.ts'), import('./session.ts')]);
  const repo = await openRepo(cwd);
  const session = await currentSession(repo);
  return session ? { place: repo, id: session.id, tip: session.tip, checkedOut: false, policy: compiledPolicy(repo.commonDir) } : null;
}

function checkedOut(place: Located | null): Here | null {
  const head = place ? readHead(place.gitDir) : 'unreadable';
  if (!place || head === 'unreadable' || !('branch' in head)) return null;
  const policy = compiledPolicy(place.commonDir);
  const id = idOfBranch(head.branch, policy.branch.prefix);
  return id ? { place, id, tip: `refs/heads/${head.branch}`, checkedOut: true, policy } : null;
}

/**
 * Refuses (exit 1) a session that takes no more records: abandoned, or closed and landed. The checkout's own file says so in the usual
 * case; only where it says something else than `active` is git asked.
 */
export async function refuseEnded(here: Here): Promise<void> {
  const file = here.checkedOut ? readOrNull(`${here.place.top}/${sessionPaths(here.id).metadata}`) : null;
  if (parseMetadata(file ?? '')?.status === 'active') return;
  const [{ openRepo }, { resolveSession }, { deriveState }] = await Promise.all([
    import('../../git/repo.ts'),
    import('./session.ts'),
    import('./state.ts'),
  ]);
  const repo = await openRepo(here.place.top);
  const state = await deriveState(repo, await resolveSession(repo, here.id));
  if (state !== 'closed' && state !== 'abandoned') return;
  throw stateError({
    what: `${here.id} is ${state}; nothing more is recorded in it.`,
    next:
      state === 'closed'
        ? 'Continue it in a new session with: git session start <topic> --from <session>'
        : `Bring it back with: git session restore ${here.id}`,
  });
}

/** Every record of the session: this clone's journal, and what the log at its tip has of other clones. */
export function ownRecords(here: Here): AnyRecord[] {
  const journal = readJournal(here.place.commonDir, here.id).records;
  return mergeRecords(journal, otherWriters(here)).filter((record) => record.session === here.id);
}

/** The same from files alone where the session is checked out: what other clones wrote is read from the checkout's log. For facts that nothing rests on. */
export function recordsOnDisk(here: Here): AnyRecord[] {
  const { place, id, checkedOut: isHere } = here;
  if (!isHere) return ownRecords(here);
  const journal = readJournal(place.commonDir, id).records;
  const others = logFilesOnDisk(here).flatMap((path) => parseLog(readOrNull(path) ?? '').records);
  return mergeRecords(journal, others).filter((record) => record.session === id);
}

/**
 * Paths of the session's log files in this checkout but for those that the journal covers. A link, a pipe or a device of such a name is none:
 * reading it might never end.
 */
export function logFilesOnDisk({ place, id }: Here): string[] {
  const { log } = sessionPaths(id);
  const mine = coveredWriter(place.commonDir, id);
  return filesIn(`${place.top}/${log}`).flatMap((name) => {
    const file = parseLogPath(id, `${log}/${name}`);
    return file && file.writer !== mine ? [`${place.top}/${log}/${name}`] : [];
  });
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
  } catch {
    return [];
  }
}

/** The records at the session's tip but for those that this clone wrote and its journal has as well. */
export function otherWriters({ place, id, tip }: Here): AnyRecord[] {
  const mine = coveredWriter(place.commonDir, id);
  return filesBelow(place, tip, sessionPaths(id).log).flatMap(({ path, oid }) => {
    const file = parseLogPath(id, path);
    return file && file.writer !== mine ? parseLog(blobText(place, oid) ?? '').records : [];
  });
}
