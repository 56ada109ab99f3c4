/** Sessions as remotes have them: their branches fetched, and found also where this clone has no branch of its own. */

import { SessionError } from '../../core/errors.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import { idOfBranch, matchIds } from '../../core/session/session-id.ts';
import { oneLine } from '../../core/text/text.ts';
import { aheadBehind } from '../../git/ancestry.ts';
import { readMany } from '../../git/batch.ts';
import { remotes } from '../../git/config.ts';
import { listRefs } from '../../git/refs.ts';
import { fetchBranches } from '../../git/remote.ts';
import { GitError, type Repo } from '../../git/run.ts';
import { asSession, prefixOf, resolveSession, type Session } from '../session/session.ts';

/** Fetches the session branches of every remote, and nothing else; a sentence for each remote that could not be reached. */
export async function fetchSessions(repo: Repo): Promise<string[]> {
  const notes: string[] = [];
  for (const remote of await remotes(repo)) {
    try {
      await fetchBranches(repo, remote, prefixOf(repo));
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      notes.push(`${oneLine(remote, 80)} could not be reached; its branches are taken as they were fetched last.`);
    }
  }
  return notes;
}

/** A remote's branch, as fetched last. */
export interface Theirs {
  /** Full name of the remote-tracking ref. */
  ref: string;
  /** `<remote>/<branch>`, as git takes it. */
  name: string;
  /** Short name at the remote. */
  branch: string;
  oid: string;
}

/** Every remote's session branches. */
export async function sessionsElsewhere(repo: Repo): Promise<Theirs[]> {
  const prefix = prefixOf(repo);
  const homes = (await remotes(repo)).map((remote) => `refs/remotes/${remote}/`);
  const rows = await listRefs(repo, ['refs/remotes/']);
  return homes.flatMap((home) =>
    rows
      .filter(({ ref }) => ref.startsWith(home) && idOfBranch(ref.slice(home.length), prefix))
      .map(({ ref, oid }) => ({ ref, name: ref.slice('refs/remotes/'.length), branch: ref.slice(home.length), oid })),
  );
}

/** A remote's branch of a session, and how many commits it has more than this clone's. */
export interface WentOn {
  name: string;
  commits: number;
}

/** Branches of remotes, as fetched last, that hold commits of the session which it does not have here. */
export async function wentOnElsewhere(repo: Repo, { branch, tip }: Pick<Session, 'branch' | 'tip'>): Promise<WentOn[]> {
  const theirs = (await sessionsElsewhere(repo)).filter((row) => row.branch === branch && row.oid !== tip);
  const counted = theirs.map(async ({ name, oid }) => ({ name, commits: (await aheadBehind(repo, tip, oid))?.behind ?? 0 }));
  return (await Promise.all(counted)).filter(({ commits }) => commits > 0);
}

/** As resolveSession; where this clone has no such session, the one that a remote's branch names. */
export async function resolveElsewhere(repo: Repo, word: string | undefined): Promise<Session> {
  try {
    return await resolveSession(repo, word);
  } catch (error) {
    if (word === undefined || !(error instanceof SessionError)) throw error;
    const prefix = prefixOf(repo);
    const found = (await sessionsElsewhere(repo)).flatMap((row) => {
      const id = idOfBranch(row.branch, prefix);
      return id ? [{ ...row, id }] : [];
    });
    const [only, second] = matchIds(word, [...new Set(found.map(({ id }) => id))], prefix);
    const row = only && !second ? found.find(({ id }) => id === only) : undefined;
    if (!row) throw error;
    const [text] = await readMany(repo, [`${row.oid}:${sessionPaths(row.id).metadata}`]);
    const session = asSession(repo, row.id, text?.body, { ref: row.ref, tip: row.oid, worktree: null });
    if (!session) throw error;
    return session;
  }
}
