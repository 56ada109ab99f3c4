/**
 * Which sessions landed on a branch. A session has landed where the metadata file of its seal is on base: merged, squashed or rebased,
 * by us or by a forge. Trailers and patch ids are not believed.
 */

import { isSealedFile, parseMetadata, type SessionMetadata, sessionPaths } from '../../core/session/metadata.ts';
import { asSessionId, type SessionId } from '../../core/session/session-id.ts';
import { readMany, statMany } from '../../git/batch.ts';
import { firstParentChanges, type PathChange } from '../../git/path-history.ts';
import { listRefs } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';

/** A `backup/<id>` tag (or `backup/<id>.2`, where an earlier one was withdrawn after it was pushed). */
export interface BackupTag {
  id: SessionId;
  /** Full ref name. */
  ref: string;
  /** The tag object; for a lightweight tag the commit itself. */
  oid: string;
  /** The commit that it points at, or null where it points at something else. */
  seal: string | null;
  /** Blob of the session's metadata file in that commit. */
  metadata: string | null;
}

export interface Landing {
  id: SessionId;
  /** The commit of base's first-parent line that brought the session's metadata file. */
  commit: string;
  parents: string[];
  /** Its committer date, ISO strict. */
  at: string;
  subject: string;
  /** The blob that it brought, and what that says; null where it cannot be read. */
  blob: string;
  metadata: SessionMetadata | null;
  /** The tag whose seal holds this very blob, or null: landed without one. */
  tag: BackupTag | null;
  /** What became of the file on base: still there, another content, or gone; with the commit that changed it last. */
  now: 'present' | 'changed' | 'gone';
  changedBy: string | null;
}

const NAME = /^sessions\/([^/]+)\/metadata\.json$/;

/** Every session that landed on `base` (a branch or commit), newest landing first. Four processes, however many sessions. */
export async function listLandings(repo: Repo, base: string): Promise<Landing[]> {
  return (await listArrivals(repo, base)).filter(isLanding);
}

/** Where a session landed on `base`, or null. */
export async function landingOf(repo: Repo, id: SessionId, base: string): Promise<Landing | null> {
  return (await listArrivals(repo, base, undefined, id)).filter(isLanding)[0] ?? null;
}

/** As listLandings, with sessions whose files came to base without ever being closed: somebody merged a session branch by hand. */
export async function listArrivals(repo: Repo, base: string, tags?: BackupTag[], only?: SessionId): Promise<Landing[]> {
  return arrivals(repo, base, only ? sessionPaths(only).metadata : 'sessions/*/metadata.json', tags ?? (await backupTags(repo, only)));
}

/** False for a session branch that was merged while it was open. */
export const isLanding = (arrival: Landing) => arrival.tag !== null || isSealedFile(arrival.metadata);

/** The backup tags of this clone, of one session or of all; with two seals of one session the later tag comes first. */
export async function backupTags(repo: Repo, only?: SessionId): Promise<BackupTag[]> {
  const rows = await listRefs(repo, ['refs/tags/backup/']);
  const tags = rows.flatMap(({ ref, oid, peeled }) => {
    const name = ref.slice('refs/tags/backup/'.length);
    const [, idText = '', turn = '1'] = /^(.*?)(?:\.(\d+))?$/.exec(name) ?? [];
    const id = asSessionId(idText);
    return id && (!only || id === only) ? [{ id, ref, oid, target: peeled || oid, turn: Number(turn) }] : [];
  });
  const seals = await statMany(
    repo,
    tags.flatMap(({ id, target }) => [`${target}^{commit}`, `${target}:${sessionPaths(id).metadata}`]),
  );
  return tags
    .map((tag, i) => ({
      id: tag.id,
      ref: tag.ref,
      oid: tag.oid,
      seal: seals[2 * i]?.oid ?? null,
      metadata: seals[2 * i + 1]?.oid ?? null,
      turn: tag.turn,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : b.turn - a.turn))
    .map(({ turn: _, ...tag }) => tag);
}

async function arrivals(repo: Repo, base: string, paths: string, tags: BackupTag[]): Promise<Landing[]> {
  const changes = await firstParentChanges(repo, base, [paths]);
  const blobs = [...new Set(changes.flatMap(({ after }) => after ?? []))];
  const texts = await readMany(repo, blobs);
  const parsed = new Map(blobs.map((blob, i) => [blob, parseMetadata(texts[i]?.body.toString('utf8') ?? '')]));
  const tagsOf = grouped(tags, ({ id }) => id);
  const found: Landing[] = [];
  for (const [id, history] of grouped(changes, ({ path }) => asSessionId(NAME.exec(path)?.[1] ?? ''))) {
    const arrival = id && arrivalOf(id, history, tagsOf.get(id) ?? [], parsed);
    if (arrival) found.push(arrival);
  }
  const order = new Map(changes.map(({ commit }, i) => [commit, i]));
  return found.sort((a, b) => (order.get(a.commit) ?? 0) - (order.get(b.commit) ?? 0));
}

/** The first commit that brought a sealed file; else the first that brought a closed one; else the first at all. `history`: newest first. */
function arrivalOf(id: SessionId, history: PathChange[], tags: BackupTag[], parsed: Map<string, SessionMetadata | null>): Landing | null {
  const first = (wanted: (blob: string) => boolean) => history.findLast(({ after }) => after !== null && wanted(after));
  const tag = tags.find(({ metadata }) => metadata !== null && first((blob) => blob === metadata)) ?? null;
  const change =
    (tag && first((blob) => blob === tag.metadata)) ?? first((blob) => isSealedFile(parsed.get(blob) ?? null)) ?? first(() => true);
  const last = history[0];
  if (!change?.after || !last) return null;
  return {
    id,
    commit: change.commit,
    parents: change.parents,
    at: change.at,
    subject: change.subject,
    blob: change.after,
    metadata: parsed.get(change.after) ?? null,
    tag,
    now: last.after === change.after ? 'present' : last.after ? 'changed' : 'gone',
    changedBy: last.after === change.after ? null : last.commit,
  };
}

function grouped<T, K>(list: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of list) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
