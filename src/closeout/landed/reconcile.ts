/** Recognises sessions that landed elsewhere, by the sealed metadata file on base, and tidies this clone. Writes nothing to base. */

import { existsSync } from 'node:fs';
import { SessionError } from '../../core/errors.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { oneLine } from '../../core/text/text.ts';
import { listed, short } from '../../core/verify/finding.ts';
import { isGood, type LandingVerdict, landingVerdict } from '../../core/verify/landing-verdict.ts';
import { upstreamOf } from '../../git/ancestry.ts';
import { CheckoutBlocked, detachHead, moveCheckout, pointHead } from '../../git/checkout.ts';
import { dropSection } from '../../git/config.ts';
import { oidAt } from '../../git/objects.ts';
import { firstParentChanges } from '../../git/path-history.ts';
import { readWorktrees } from '../../git/porcelain.ts';
import { commitOf, isAncestor } from '../../git/refs.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { dropRef, operationInProgress } from '../../git/switch.ts';
import { removeEmptyFolders } from '../../lifecycle/files/artifacts.ts';
import { loadSession, type Session, sessionIds } from '../../lifecycle/session/session.ts';
import { awaiting } from '../../store/awaiting.ts';
import { compiledPolicy } from '../../store/compiled-policy.ts';
import { withLock } from '../../store/lock.ts';
import { tidy } from '../land/finish.ts';
import { commitsAfter, partlyOn } from '../verify/compare.ts';
import { verifySession } from '../verify/index.ts';
import { backupTags, type Landing, landingOf } from './landings.ts';

export interface Reconciled {
  session: SessionId;
  /** Short name of its base. */
  base: string;
  /** `landed`: on base in this clone. `upstream`: only on what base tracks, as last fetched. `open`: on neither, or not whole. */
  found: 'landed' | 'upstream' | 'open';
  /** What landed, beside what was approved; null where nothing is on base. */
  verdict: LandingVerdict | null;
  /** Paths that landed otherwise than they were approved, or without the rest. */
  paths: string[];
  /** The commit of base that brought it; null where it is not there. */
  commit: string | null;
  /** What was found and done in this clone, and what was left, a sentence each. */
  notes: string[];
}

/** The sealed sessions of this clone, or the named one. */
export async function reconcile(repo: Repo, only: Session | null): Promise<Reconciled[]> {
  const sessions = only ? [only] : await candidates(repo);
  const found: Reconciled[] = [];
  for (const session of sessions) found.push(await reconcileOne(repo, session));
  return found;
}

/** Sessions that were sealed or approved here, and every other whose branch in this clone ends in a seal. */
async function candidates(repo: Repo): Promise<Session[]> {
  const waiting = new Set(awaiting(repo.commonDir));
  const sessions: Session[] = [];
  for (const id of new Set([...waiting, ...(await sessionIds(repo))])) {
    const session = await loadSession(repo, id);
    const mayWait = session?.ref.startsWith('refs/heads/') || waiting.has(id);
    if (session && mayWait && session.metadata.status === 'closed') sessions.push(session);
  }
  return sessions;
}

async function reconcileOne(repo: Repo, session: Session): Promise<Reconciled> {
  const { base } = session.metadata;
  const path = sessionPaths(session.id).metadata;
  const open: Reconciled = { session: session.id, base, found: 'open', verdict: null, paths: [], commit: null, notes: [] };
  const sealed = await oidAt(repo, session.tip, path);
  if (session.metadata.status !== 'closed' || sealed === null) return open;
  const [here, upstream] = await Promise.all([commitOf(repo, `refs/heads/${base}`), upstreamOf(repo, base)]);
  const landing = here === null ? null : await landingOf(repo, session.id, here);
  if (landing?.blob === sealed) return landed(repo, session, landing, open);
  if (upstream?.commit && (await oidAt(repo, upstream.commit, path)) === sealed) {
    const there = upstream.ref.replace('refs/remotes/', '');
    const notes = [`It has landed on ${there}. Bring ${base} up to date (git pull), then reconcile.`];
    return { ...open, found: 'upstream', notes };
  }
  const paths = here === null ? [] : await partlyOn(repo, session.id, session.tip, here);
  if (paths.length === 0) return open;
  const notes = [`Without the rest: ${listed(paths.map((one) => oneLine(one, 120)))}. Nothing was changed in this clone.`];
  return { ...open, verdict: 'partial', paths, notes };
}

/** Its sealed file came to base: judged, and this clone tidied unless there is more to do with the branch. */
async function landed(repo: Repo, session: Session, landing: Landing, known: Reconciled): Promise<Reconciled> {
  const { commit, changedBy } = landing;
  const found = { ...known, found: 'landed' as const, commit };
  if (landing.now === 'gone') {
    const notes = [
      `${short(changedBy ?? '')} took it back. Its branch stays; to go on from it: git session start <topic> --from ${session.id}`,
    ];
    return { ...found, verdict: 'reverted', notes };
  }
  const { verdict, paths, notes } = await audited(repo, session.id);
  // The newest commit that wrote the file; base may have it by now.
  const [seal] = await firstParentChanges(repo, session.tip, [sessionPaths(session.id).metadata]);
  if (!seal || !(await goneOn(repo, session, seal.commit))) {
    return { ...found, verdict, paths, notes: [...notes, ...(await tidyClone(repo, session, seal?.commit ?? null))] };
  }
  const more = `${session.branch} has commits after the seal that have not landed, so it stays. To go on with them: git session start <topic> --from ${session.id}`;
  return { ...found, verdict, paths, notes: [...notes, more] };
}

/** Whether the branch has more than the seal, other than its log and what is on base already. */
async function goneOn(repo: Repo, { id, tip, metadata }: Session, seal: string): Promise<boolean> {
  const after = await commitsAfter(repo, seal, tip, `refs/heads/${metadata.base}`);
  return after.flatMap(({ paths }) => paths).some((path) => !path.startsWith(`${sessionPaths(id).log}/`));
}

/** What an audit says of the landing; where it cannot look, nothing is proved. */
async function audited(repo: Repo, id: SessionId): Promise<Pick<Reconciled, 'verdict' | 'paths' | 'notes'>> {
  try {
    const report = await verifySession(repo, id);
    const verdict = landingVerdict(report);
    const faults = isGood(verdict) ? [] : report.findings.filter(({ level }) => level !== 'note').map(({ what }) => what);
    return { verdict, paths: report.landing?.paths ?? [], notes: faults };
  } catch (error) {
    if (!(error instanceof SessionError)) throw error;
    return { verdict: 'unverified', paths: [], notes: [[error.message, error.why, error.next].filter(Boolean).join(' ')] };
  }
}

/** The checkout leaves the branch, the branch goes where policy does not keep it, private files are put away. */
async function tidyClone(repo: Repo, session: Session, seal: string | null): Promise<string[]> {
  return withLock(
    repo.commonDir,
    'checkpoint',
    async () => {
      const notes: string[] = [];
      const { branch } = session;
      const rows = (await readWorktrees(repo)).filter((row) => !row.prunable && existsSync(row.path));
      const baseTaken = rows.some((row) => row.branch === session.metadata.base);
      for (const { path } of rows.filter((row) => row.branch === branch)) notes.push(await leave(repoAt(repo, path), session, !baseTaken));
      const stillOn = (await readWorktrees(repo)).some((row) => row.branch === branch && !row.prunable);
      const ref = `refs/heads/${branch}`;
      const tip = await commitOf(repo, ref);
      if (tip !== null && !stillOn && compiledPolicy(repo.commonDir).branch.after_landing === 'delete') {
        notes.push(await dropBranch(repo, session, tip));
      }
      return [...notes, ...(await tidy(repo, session.id, 'land', seal === null ? null : { commit: seal, closedAt: null }))];
    },
    { timeoutMs: 60_000 },
  );
}

async function leave(there: Repo, session: Session, toBase: boolean): Promise<string> {
  const { base } = session.metadata;
  const landed = await commitOf(there, `refs/heads/${base}`);
  const operation = await operationInProgress(there);
  if (operation || landed === null)
    return `${oneLine(there.top)} stays on ${session.branch}${operation ? `: a ${operation} is not finished there` : ''}.`;
  const reason = `git-session: leave ${session.branch}`;
  if (!toBase) {
    await detachHead(there, session.tip, reason);
    return `${oneLine(there.top)} is detached at the seal: ${base} is checked out elsewhere.`;
  }
  try {
    await moveCheckout(there, session.tip, landed);
  } catch (error) {
    if (!(error instanceof CheckoutBlocked)) throw error;
    return `${oneLine(there.top)} stays on ${session.branch}: uncommitted files are in the way (${error.paths.map((path) => oneLine(path)).join(', ')}).`;
  }
  await pointHead(there, base, reason);
  removeEmptyFolders(there.top, session.id);
  return `${oneLine(there.top)} is on ${base} now.`;
}

/** Only what base or a backup tag keeps is deleted. */
async function dropBranch(repo: Repo, session: Session, tip: string): Promise<string> {
  if (!(await isKept(repo, session, tip)))
    return `${session.branch} stays: neither ${session.metadata.base} nor a backup tag holds its commits.`;
  if (!(await dropRef(repo, `refs/heads/${session.branch}`, tip))) return `${session.branch} could not be deleted and stays.`;
  await dropSection(repo, `branch.${session.branch}`);
  return `${session.branch} is deleted.`;
}

async function isKept(repo: Repo, session: Session, tip: string): Promise<boolean> {
  if (await isAncestor(repo, tip, `refs/heads/${session.metadata.base}`)) return true;
  for (const tag of await backupTags(repo, session.id)) if (tag.seal && (await isAncestor(repo, tip, tag.seal))) return true;
  return false;
}
