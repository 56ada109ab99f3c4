/** What `uninstall` tells: the plan before it is accepted, and what stays. */

import { count, oneLine, visible } from '../../core/text/text.ts';
import { partOf, TRASH, type TrashPart, UNDONE } from '../../core/trash-refs.ts';
import type { InitPlace } from '../../lifecycle/init/place.ts';
import type { TakenOut } from '../../lifecycle/uninstall/files.ts';
import type { HerePlan } from '../../lifecycle/uninstall/here.ts';
import type { Holdings } from '../../lifecycle/uninstall/holdings.ts';
import type { UninstallPlan } from '../../lifecycle/uninstall/uninstall.ts';
import type { Io } from '../io.ts';
import { changePrinter, type Extent } from './file-change.ts';

/** `commit` is null for a plan that was not carried out, or changed nothing that is tracked. */
export function uninstallFacts(
  { place, files, here, notes }: Omit<UninstallPlan, 'signer' | 'here'> & { here: HerePlan | null },
  commit: string | null,
) {
  return {
    branch: place?.branch ?? null,
    commit,
    files: files.map(({ path, after, blob }) => ({
      path,
      change: after === null ? ('remove' as const) : ('change' as const),
      exact: after === null || blob !== null,
    })),
    here: (here?.back.files ?? []).map(({ path, after }) => ({ path, change: after === null ? ('remove' as const) : ('change' as const) })),
    settings: here?.settings.map(({ key, before }) => ({ key, value: before })) ?? [],
    holds: here && {
      records: here.holds.records.map(({ session, count: n }) => ({ session, count: n })),
      checkpoints: here.holds.checkpoints,
      closeouts: here.holds.closeouts,
      awaited: here.holds.awaited,
      trash: here.holds.trash,
    },
    notes,
  };
}

/** The commit's files, and as much of the change of those that stay as `extent` says. */
export function printFiles(io: Io, { branch, checkout }: InitPlace, files: readonly TakenOut[], extent: Extent): void {
  if (files.length > 0) io.say(`One commit on ${io.paint('bold', branch)}${checkout ? '' : ', which is not checked out'}:`);
  const printChange = changePrinter(io, extent, 'uninstall');
  for (const { path, before, after } of files) {
    io.say(`  ${after === null ? io.paint('red', 'remove') : io.paint('yellow', 'change')} ${visible(path)}`);
    if (after !== null) printChange({ path, before, after });
  }
}

export function printUninstall(io: Io, plan: UninstallPlan, extent: Extent): void {
  const { place, files, here } = plan;
  if (place) printFiles(io, place, files, extent);
  for (const { key, now, before } of here.settings) {
    io.say(
      `This clone's configuration: ${visible(key)}, now ${oneLine(now, 80)}, ${before === null ? 'goes' : `back to ${oneLine(before, 80)}`}`,
    );
  }
  if (here.husky.length > 0) io.say(`Git hooks: off, with the folder .husky/_ of ${count(here.husky.length, 'worktree')}.`);
  for (const { path, after } of here.back.files) io.say(`  ${after === null ? 'remove' : 'put back'} ${visible(path)}`);
  if (here.places.length > 0) io.say('Private state, removed: .git/git-session');
  for (const line of loss(here.holds)) io.say(`  ${io.paint('red', 'only here:')} ${line}`);
  for (const id of here.holds.awaited) io.say(`  approved or sealed here, and not yet seen landed: ${id} (its branch and tag stay)`);
  for (const note of plan.notes) io.say(`${io.paint('yellow', 'note:')} ${visible(note)}`);
}

/** What exists nowhere else, a line each. */
export function loss({ records, checkpoints, closeouts, trash }: Holdings): string[] {
  return [
    ...records.map(({ session, count: n }) => `${count(n, 'record')} of ${session}, not committed`),
    ...(checkpoints > 0 ? [`${count(checkpoints, 'checkpoint')} asked for and not made`] : []),
    ...closeouts.map((id) => `a closeout of ${id} that was begun and not finished`),
    ...trash.map((ref) => `${keeps(ref)}: ${visible(ref)}`),
  ];
}

const KEEPS: Record<TrashPart, string> = {
  seal: 'a seal that was withdrawn',
  tag: 'a tag that was withdrawn',
  'pushed-tag': 'a tag that was withdrawn, and that others may have',
  worktree: 'what was not committed in a worktree that was removed',
  reflog: 'commits that only a removed worktree had',
};

/** What a ref of the trash keeps, and what could bring it back. */
function keeps(ref: string): string {
  if (ref.startsWith(UNDONE)) return 'what undo took back, and undo --redo could do again';
  const part = partOf(ref);
  if (part) return KEEPS[part];
  if (!ref.startsWith(`${TRASH}session-`)) return 'kept work';
  return ref.includes('.') ? 'an earlier state of a dropped session' : 'a dropped session, which restore could bring back';
}

/** How to read what stays, with git alone. */
export function printStays(io: Io, { place }: UninstallPlan): void {
  io.say("Sessions, tags and the log stay, and git reads them: git tag --list 'backup/*', git log --first-parent");
  if (place?.effective.source && place.effective.approvers.signers !== '')
    io.say(`Who could approve: git show ${place.effective.source.slice(0, 10)}:.swarm/allowed_signers`);
}
