/** Carries an undo out. Written down before and after; one that was killed is carried on by the next, step by step what is not done yet. */

import { tidy, untidy } from '../closeout/land/finish.ts';
import type { Head } from '../core/acts.ts';
import { stateError } from '../core/errors.ts';
import type { Actor, RecordDraft } from '../core/log/record.ts';
import { DEFAULT_POLICY } from '../core/policy/policy.ts';
import { idOfBranch } from '../core/session/session-id.ts';
import { visible } from '../core/text/text.ts';
import { detachHead, pointHead } from '../git/checkout.ts';
import { commitOf, moveRefs } from '../git/refs.ts';
import { repoAt } from '../git/repo.ts';
import { GitError, type Repo } from '../git/run.ts';
import { detachAt } from '../git/switch.ts';
import { addWorktree } from '../git/worktrees.ts';
import { bringFiles } from '../lifecycle/checkout/bring-files.ts';
import { removeWorktree } from '../lifecycle/checkout/remove-worktree.ts';
import { switchOrRefuse } from '../lifecycle/checkout/switch-or-refuse.ts';
import { drain } from '../lifecycle/checkpoint/checkpoint.ts';
import { ensureArtifactFolders, removeEmptyFolders } from '../lifecycle/files/artifacts.ts';
import { equipWorktree } from '../lifecycle/hooks/install.ts';
import { prefixOf } from '../lifecycle/session/session.ts';
import { beginAct, openAct } from '../store/acts.ts';
import { compiledPolicy } from '../store/compiled-policy.ts';
import { appendRecord } from '../store/journal.ts';
import { withLock } from '../store/lock.ts';
import { moveUnderCheckout } from './checkpoint.ts';
import { moveFilesBack } from './files.ts';
import { cannotRemove, type HeadMove, refillable } from './heads.ts';
import type { UndoPlan } from './plan.ts';
import { movedBranches } from './refs.ts';

/** Throws (exit 1) where somebody was faster: nothing has changed then, or running it again goes on. */
export async function runUndo(repo: Repo, plan: UndoPlan, actor: Actor): Promise<void> {
  const { act, effects, resumes } = plan;
  const { session } = act;
  const open = resumes
    ? openAct(repo.commonDir, resumes.id)
    : beginAct(repo.commonDir, { name: 'undo', session, top: repo.top, effects, reverses: act.id });
  try {
    await moveFilesBack(repo, act, plan.files, plan.redo, actor);
    await withLock(repo.commonDir, 'checkpoint', () => moveBranches(repo, plan), { timeoutMs: 60_000 });
  } catch (error) {
    open.failed();
    throw error;
  }
  for (const move of plan.heads) await arrive(repo, move);
  const said = effects.says.again;
  if (said) appendRecord(repo.commonDir, session, said.kind === 'session.undone' ? ({ ...said, actor } as RecordDraft) : said);
  if (plan.needsPerson) await settlePrivate(repo, plan);
  open.done();
  // Who found the lock taken left its checkpoint to us. What cannot be made now stays queued for the next command.
  await drain(repo, { wait: false, patienceMs: 0 }).catch(() => {});
}

/** Everything up to the moment that the refs have moved. Each checkout steps off a branch before it moves: index and HEAD agree at every instant. */
async function moveBranches(repo: Repo, { act, effects, heads, refs }: UndoPlan): Promise<void> {
  const branches = movedBranches(refs);
  const why = `git-session: undo ${act.name}`;
  if (effects.keepsFiles) {
    const kept = refs.filter(({ ref }) => ref.startsWith('refs/git-session/'));
    if (kept.length > 0) await moveRefs(repo, kept, why);
    for (const move of refs.filter(({ ref }) => ref.startsWith('refs/heads/'))) await moveUnderCheckout(repo, act.session, move);
    return;
  }
  const left: { at: Repo; branch: string }[] = [];
  try {
    for (const { top, now } of heads.filter(({ to, now: there }) => to !== null && there !== null)) {
      if (!now || !('branch' in now) || !branches.has(now.branch)) continue;
      const at = repoAt(repo, top);
      await detachHead(at, (await commitOf(at, 'HEAD')) ?? '', why);
      left.push({ at, branch: now.branch });
    }
    for (const { top } of heads.filter(({ to }) => to === null)) {
      const removal = await removeWorktree(repo, { top, session: act.session, at: null, refillable: refillable(repo) });
      if (!removal.removed) throw cannotRemove(top, removal.why);
    }
    if (refs.length > 0) await moveRefs(repo, refs, why);
  } catch (error) {
    for (const { at, branch } of left) await pointHead(at, branch, why);
    if (!(error instanceof GitError)) throw error;
    const next = 'See what came meanwhile, and run the same command again.';
    throw stateError({ what: 'git did not move the branches; nothing was undone.', why: error.said, next }, error);
  }
}

/** A checkout where it belongs, its files with it. */
async function arrive(repo: Repo, { top, now, to }: HeadMove): Promise<void> {
  if (to === null) return;
  if (now === null) {
    if ('branch' in to) await addWorktree(repo, top, to.branch);
    await equipWorktree(repo, top).catch(() => {});
    await bringFiles(repo, top, compiledPolicy(repo.commonDir).worktree ?? DEFAULT_POLICY.worktree);
  } else await moveHead(repoAt(repo, top), to);
  const [left, here] = [now, to].map((head) => (head && 'branch' in head ? idOfBranch(head.branch, prefixOf(repo)) : null));
  if (left && left !== here) removeEmptyFolders(top, left);
  if (here) ensureArtifactFolders(top, here);
}

async function moveHead(at: Repo, to: Head): Promise<void> {
  if ('branch' in to) {
    await switchOrRefuse(at, to.branch, {
      what: `The branches are back, and the checkout ${visible(at.top)} cannot move to ${to.branch}.`,
      next: 'Commit them or set them aside, and go on with: git session undo',
    });
  } else if (!(await detachAt(at, to.commit))) {
    throw stateError({
      what: `The checkout ${visible(at.top)} cannot move.`,
      next: 'See git status there, and go on with: git session undo',
    });
  }
}

/** A landing that is taken back gives the session its private files again; one that is done again puts them away. */
async function settlePrivate(repo: Repo, { act, effects }: UndoPlan): Promise<void> {
  const back = effects.refs.some(({ ref, to }) => ref.startsWith('refs/tags/') && to === null);
  if (back) await untidy(repo, act.session);
  else await tidy(repo, act.session, effects.refs.length > 1 ? 'land' : 'tag', null);
}
