/** The trash of this clone: what lies in it, since when, and what of it may go. */

import { branchOf, type SessionId } from '../core/session/session-id.ts';
import { judgeTrash, type TrashItem, type TrashVerdict } from '../core/trash.ts';
import { partOf, TRASH, trashRef } from '../core/trash-refs.ts';
import { commitsOnlyIn, listRefs, loggedAt, moveRefs, type RefRow, refSubjects, refsContaining } from '../git/refs.ts';
import type { Repo } from '../git/run.ts';
import { idOfRef, prefixOf } from './session/session.ts';
import { settingsNow } from './settings.ts';

export interface Retention {
  days: number;
  /** Where that stands, as `git session config` calls it; null where nobody has set it. */
  source: string | null;
}

/** How long the trash of this clone is to be kept: by policy, or longer by the person's own configuration. */
export async function retention(repo: Repo): Promise<Retention> {
  const { settings, personal, place } = await settingsNow(repo);
  const setting = settings.find(({ key }) => key === 'trash.keep_days');
  if (!setting) throw new TypeError('trash.keep_days is a setting');
  const own = `git config ${personal.find(({ key }) => key === setting.key)?.name}`;
  return { days: Number(setting.value), source: setting.source === 'default' ? null : setting.source === 'policy' ? place : own };
}

/** A verdict on every ref of the trash. Looks only. */
export async function planGc(repo: Repo, keepDays: number, now: Date): Promise<TrashVerdict[]> {
  const rows = await listRefs(repo, [TRASH]);
  const tags = await listRefs(repo, ['refs/tags/']);
  const subjects = await refSubjects(repo, [TRASH]);
  const prefix = prefixOf(repo);
  const landed = bySession(tags, prefix);
  const items: TrashItem[] = [];
  for (const row of rows) items.push({ ...(await itemOf(repo, row, { prefix, tags, landed })), subject: subjects.get(row.ref) ?? '' });
  return judgeTrash(items, keepDays, now);
}

function bySession(rows: readonly RefRow[], prefix: string): Map<SessionId, RefRow[]> {
  const groups = new Map<SessionId, RefRow[]>();
  for (const row of rows) {
    const id = idOfRef(row.ref, prefix);
    if (id) groups.set(id, [...(groups.get(id) ?? []), row]);
  }
  return groups;
}

interface Around {
  prefix: string;
  tags: readonly RefRow[];
  /** The tags by session. */
  landed: ReadonlyMap<SessionId, readonly RefRow[]>;
}

async function itemOf(repo: Repo, row: RefRow, { prefix, tags, landed }: Around): Promise<Omit<TrashItem, 'subject'>> {
  const id = idOfRef(row.ref, prefix);
  const isTag = row.peeled !== '';
  const [open] = id ? await listRefs(repo, [`refs/heads/${branchOf(id, prefix)}`]) : [];
  // A tag object lives by a tag that holds it; the commits behind it alone would lose its signature.
  const elsewhere = isTag
    ? tags.find(({ oid }) => oid === row.oid)?.ref
    : ((await refsContaining(repo, row.oid, 'refs/heads/'))[0] ?? (await refsContaining(repo, row.oid, 'refs/tags/'))[0]);
  const pushed = partOf(row.ref) === 'pushed-tag';
  return {
    ref: row.ref,
    oid: row.oid,
    group: id ?? row.ref.slice(0, row.ref.lastIndexOf('/')),
    since: await lastChange(repo, row, id, (id && landed.get(id)) ?? []),
    elsewhere: elsewhere ?? null,
    onlyHere: await commitsOnlyIn(repo, row.oid),
    // The remote has `backup/<id>`, so that the next one is `backup/<id>.2`: the ref remembers that.
    held: pushed ? 'number in use' : open ? 'session open' : null,
    wayBack: id !== null && row.ref === trashRef(id),
  };
}

/**
 * The reflog's date says when it was thrown away; git walks no reflog of tag objects. A session's own objects are dated too: by the commit that gave it
 * up, its seal, a tag, and the tags of its landing. What an undo dropped, or a worktree held, may be far older than its throwing away, or bear no true
 * date at all: of that the object says nothing.
 */
async function lastChange(repo: Repo, row: RefRow, id: SessionId | null, tags: readonly RefRow[]): Promise<string | null> {
  const logged = row.peeled === '' ? await loggedAt(repo, row.ref) : null;
  if (id === null) return logged;
  const says = row.peeled !== '' || row.ref === trashRef(id) || partOf(row.ref) === 'seal';
  const dates = [logged, says ? row.date : null, ...tags.map(({ date }) => date)].filter((date): date is string => Boolean(date));
  return dates.sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1) ?? null;
}

/** Removes what the plan lets go, all of it or nothing; a ref that has moved since stops it. */
export async function runGc(repo: Repo, plan: readonly TrashVerdict[]): Promise<void> {
  const moves = plan.filter(({ goes }) => goes).map(({ item }) => ({ ref: item.ref, from: item.oid, to: null }));
  if (moves.length > 0) await moveRefs(repo, moves, 'git-session: gc');
}
