/** Takes clients of agents out again: our entries go, and files that hold nothing else. One commit on the policy branch. */

import { isShared, planTakeOut, SETUPS, type SetupChange, type SetupName } from '../agents/setup/index.ts';
import { count } from '../core/text.ts';
import { editTree, listTree, readAt, type TreeEdit, writeBlob } from '../git/objects.ts';
import { readStatus } from '../git/porcelain.ts';
import type { Repo } from '../git/run.ts';
import { makeCommit } from '../git/sign.ts';
import { advance } from './advance.ts';
import type { InitPlace } from './init-place.ts';
import { refuseDirty } from './init-plan.ts';

export interface TakeOutPlan {
  place: InitPlace;
  clients: readonly SetupName[];
  changes: SetupChange[];
}

/** What would change on the policy branch. The script that all clients share goes with the last of them. */
export async function planUninstall(repo: Repo, place: InitPlace, clients: readonly SetupName[]): Promise<TakeOutPlan> {
  const read = (path: string) => readAt(repo, place.tip, path);
  const others = (Object.keys(SETUPS) as SetupName[]).filter((name) => name !== 'generic' && !clients.includes(name));
  const staying = await planTakeOut(others, read);
  const used = staying.changes.some(({ path }) => !isShared(path));
  const { changes } = await planTakeOut(clients, read);
  return { place, clients, changes: used ? changes.filter(({ path }) => !isShared(path)) : changes };
}

/** Returns the commit; null where nothing was left to take out. Throws (exit 1) where a file of the plan has uncommitted changes, or the branch moved. */
export async function runUninstall(repo: Repo, { place, clients, changes }: TakeOutPlan): Promise<string | null> {
  if (changes.length === 0) return null;
  const { branch, checkout, tip } = place;
  if (checkout) {
    const paths = new Set(changes.map(({ path }) => path));
    refuseDirty(
      changes,
      (await readStatus(checkout)).map(({ path }) => path).filter((path) => paths.has(path)),
    );
  }
  const rows = await listTree(repo, tip, [...changes.map(({ path }) => path)]);
  const modes = new Map(rows.map((row) => [row.path, row.mode as TreeEdit['mode']]));
  const edits: TreeEdit[] = [];
  for (const { path, after } of changes) {
    const mode = modes.get(path);
    edits.push({ path, oid: after === null ? null : await writeBlob(repo, after), ...(mode ? { mode } : {}) });
  }
  const names = clients.map((name) => SETUPS[name].name).join(', ');
  const list = changes.map(({ path, after }) => `- ${after === null ? 'remove' : 'change'} ${path}`).join('\n');
  const message = `Take git-session out of ${names}\n\n${count(changes.length, 'file')}:\n${list}\n`;
  const to = await makeCommit(repo, { tree: await editTree(repo, tip, edits), parents: [tip], message });
  await advance(repo, { branch, checkout, from: tip, to, why: 'uninstall' });
  return to;
}
