/** What of the set-up lies in this clone alone (configuration, activated hooks, private state): looked at, and taken away. */

import { existsSync, lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { dependsOnHusky } from '../../core/hooks/husky-package.ts';
import { asObject, parseJson } from '../../core/text/json.ts';
import { getLocalConfig, listLocalConfig, setLocalConfig, unsetLocalConfig } from '../../git/config.ts';
import { refIds } from '../../git/ids.ts';
import { readWorktrees } from '../../git/porcelain.ts';
import { moveRefs } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { privatePaths } from '../../store/paths.ts';
import { isInUse, readSetUp } from '../../store/set-up.ts';
import { HOOKS_PATH } from '../hooks/install.ts';
import { isHuskyPath } from '../hooks/manager.ts';
import { type Holdings, holdings } from './holdings.ts';
import { type KeptBack, keptBack, putBack } from './kept-back.ts';

/** A setting of this clone's own configuration that goes back to what it was; null: it goes. */
export interface SettingBack {
  key: string;
  now: string;
  before: string | null;
}

export interface HerePlan {
  settings: SettingBack[];
  /** Worktrees whose `.husky/_` goes. */
  husky: string[];
  /** Untracked files that go back to what they were. */
  back: KeptBack;
  /** Refs of ours, deleted. */
  refs: { ref: string; oid: string }[];
  holds: Holdings;
  /** Files of ours in git dirs of worktrees, and the private folder; those that exist. */
  places: string[];
  notes: string[];
}

/** `project`: the package.json and the files of `.husky/` as they will be; what the project goes on using stays on. */
export async function planHere(repo: Repo, project: { manifest: string | null; huskyFiles: number }): Promise<HerePlan> {
  const { settings: kept } = readSetUp(repo.commonDir);
  const back = await keptBack(repo);
  const notes: string[] = [...back.notes];
  const settings: SettingBack[] = [];
  for (const { key, before, after } of kept) {
    const now = await getLocalConfig(repo, key);
    if (now === null || now === before) continue;
    // husky's is looked at below: the project may use it.
    if (key === HOOKS_PATH && isHuskyPath(repo, now)) continue;
    if (now === after) settings.push({ key, now, before });
    else notes.push(`${key} was changed since it was set up, and stays as it is.`);
  }
  for (const { key, value } of await listLocalConfig(repo))
    if (key.startsWith('gitsession.')) settings.push({ key, now: value, before: null });
  const hooksPath = await getLocalConfig(repo, HOOKS_PATH);
  const entry = kept.find(({ key }) => key === HOOKS_PATH);
  const rows = (await readWorktrees(repo)).filter(({ path, prunable }) => !prunable && existsSync(path));
  const on = hooksPath !== null && isHuskyPath(repo, hooksPath);
  const stays = on && usesHusky(project, entry === undefined || entry.before === hooksPath);
  const off = on && !stays;
  if (off) settings.push({ key: HOOKS_PATH, now: hooksPath, before: entry?.before === hooksPath ? null : (entry?.before ?? null) });
  if (stays && entry && entry.before !== hooksPath) notes.push('husky stays active: the project uses it.');
  return {
    settings,
    husky: off ? rows.map(({ path }) => path).filter((top) => existsSync(join(top, '.husky/_'))) : [],
    back,
    refs: await refIds(repo, 'refs/git-session/'),
    holds: await holdings(repo),
    places: ownPlaces(repo),
    notes,
  };
}

/** Scripts alone count only where husky was active before us, or nobody knows (`before`). */
function usesHusky({ manifest, huskyFiles }: { manifest: string | null; huskyFiles: number }, before: boolean): boolean {
  const parsed = asObject(parseJson(manifest ?? ''));
  return (before && huskyFiles > 0) || (parsed !== null && dependsOnHusky(parsed));
}

const IN_GIT_DIRS = ['git-session', 'git-session-committing', 'git-session-draft'];

function ownPlaces(repo: Repo): string[] {
  const linked = join(repo.commonDir, 'worktrees');
  const dirs = [repo.commonDir, ...(existsSync(linked) ? readdirSync(linked).map((name) => join(linked, name)) : [])];
  return dirs.flatMap((dir) => IN_GIT_DIRS.map((name) => join(dir, name))).filter((path) => lstatSync(path, { throwIfNoEntry: false }));
}

/** True where nothing of the set-up is in this clone; a cache may be, which looking alone leaves. */
export function isBare(repo: Repo, plan: HerePlan): boolean {
  const { root } = privatePaths(repo.commonDir);
  const places = plan.places.filter((path) => path !== root || isInUse(repo.commonDir));
  return plan.settings.length + plan.husky.length + plan.back.files.length + plan.refs.length + places.length === 0;
}

/** Carries the plan out, the private state last: a run that was killed is finished by the next. */
export async function clearHere(repo: Repo, plan: HerePlan): Promise<void> {
  putBack(plan.back);
  for (const { key, before } of plan.settings) {
    if (before === null) await unsetLocalConfig(repo, key);
    else await setLocalConfig(repo, key, before);
  }
  for (const top of plan.husky) {
    rmSync(join(top, '.husky/_'), { recursive: true, force: true });
    dropEmpty(join(top, '.husky'));
  }
  const moves = plan.refs.map(({ ref, oid }) => ({ ref, from: oid, to: null }));
  if (moves.length > 0) await moveRefs(repo, moves, 'git-session: uninstall');
  const root = privatePaths(repo.commonDir).root;
  for (const path of [...plan.places.filter((one) => one !== root), root]) rmSync(path, { recursive: true, force: true });
}

function dropEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Something of the person's is in it.
  }
}
