/** Which refs an undo moves, and what keeps it from that: somebody built on them, or has them already. */

import { type Act, type Effects, movedSince, type RefEffect } from '../core/acts.ts';
import { stateError } from '../core/errors.ts';
import { count, oneLine } from '../core/text/text.ts';
import { UNDONE } from '../core/trash-refs.ts';
import { countCommits } from '../git/ancestry.ts';
import { remotes } from '../git/config.ts';
import { commitOf, isAncestor, oidOf, type RefMove, refsContaining } from '../git/refs.ts';
import { remoteHas } from '../git/remote.ts';
import type { Repo } from '../git/run.ts';

/** Where what an undo drops is kept, by the act that it reverses. */
const undoneRefs = (act: string) => `${UNDONE}${act}/`;

/** True where refs move that only a person's decision moves: a tag, or a branch that is no session's. */
export function needsPerson(refs: readonly RefEffect[], prefix: string): boolean {
  return refs.some(({ ref }) => !ref.startsWith(`refs/heads/${prefix}`) && !ref.startsWith('refs/git-session/'));
}

/** The moves that are still to be made. Throws (exit 1) where one of the refs stands elsewhere, or what it drops has been pushed. */
export async function planRefs(
  repo: Repo,
  { act, effects, resumes, acts }: { act: Act; effects: Effects; resumes: Act | null; acts: readonly Act[] },
): Promise<{ moves: RefMove[]; notes: string[] }> {
  const moves: RefMove[] = [];
  const notes: string[] = [];
  for (const effect of effects.refs) {
    const now = await oidOf(repo, effect.ref);
    if (now === effect.to) {
      // Moved there already by what came after, such as a closeout from another worktree that deleted the branch.
      const later = resumes ? null : movedSince(acts, act, effect.ref);
      if (later) throw overtaken(act, later);
      continue;
    }
    if (now !== effect.from) throw await movedOn(repo, effect, now, act);
    const dropped = effect.from !== null && !(effect.to !== null && (await isAncestor(repo, effect.from, effect.to)));
    if (dropped) notes.push(...(await refusePushed(repo, effect, act)));
    moves.push(effect);
    // Also what lay in the trash, such as the commit that gave a session up: done again, it has to be there.
    if (dropped && !(await goesOver(repo, effect.from ?? '', effects.refs))) {
      const kept = `${undoneRefs(act.id)}${moves.length}`;
      // A second undo of the same act, after it was done again, drops the same.
      if ((await oidOf(repo, kept)) !== effect.from) moves.push({ ref: kept, from: await oidOf(repo, kept), to: effect.from });
    }
  }
  return { moves, notes };
}

function overtaken({ name, session }: Act, later: Act) {
  return stateError({
    what: `The ${name} of ${session} cannot be undone: something was done after it.`,
    why: `That was the ${later.name} of ${later.session}, and it stands.`,
    next: `Undo that first, with: git session undo ${later.session}`,
  });
}

/** Whether another of the refs holds the object afterwards. */
async function goesOver(repo: Repo, oid: string, refs: readonly RefEffect[]): Promise<boolean> {
  for (const { to } of refs) if (to === oid || (to !== null && (await isAncestor(repo, oid, to)))) return true;
  return false;
}

const short = (ref: string) => oneLine(ref.replace(/^refs\/(heads|tags)\//, ''), 120);

async function movedOn(repo: Repo, { ref, from }: RefEffect, now: string | null, act: Act) {
  const { name, session } = act;
  const what = `The ${name} of ${session} cannot be undone: ${short(ref)} ${now === null ? 'is gone' : 'has moved on'}.`;
  if (now === null) return stateError({ what, why: 'Somebody has deleted it since.', next: 'See what was done with: git reflog' });
  const newer = from !== null && (await isAncestor(repo, from, now)) ? await countCommits(repo, from, now) : null;
  const why = newer === null ? 'It stands on something else by now.' : `${count(newer, 'commit')} came after it and would go with it.`;
  const revert = await revertOf(repo, act);
  const wayOut =
    name === 'start'
      ? 'Give the session up instead: git session abandon\n'
      : revert
        ? `Take the landing back by a commit of its own: ${revert}\n`
        : '';
  return stateError({ what, why, next: `${wayOut}See what came after with: git log ${short(ref)}` });
}

/** The command that takes a landing back by a commit of its own; null where the act moved no base. */
async function revertOf(repo: Repo, { name, session, effects }: Act): Promise<string | null> {
  const own = session.slice('session-'.length);
  const base = effects.refs.find(({ ref }) => ref.startsWith('refs/heads/') && !ref.endsWith(own));
  if (name !== 'closeout' || !base?.to) return null;
  // Lessons alone land as a commit with one parent.
  const merge = (await commitOf(repo, `${base.to}^2`)) !== null;
  return `git revert ${merge ? '-m 1 ' : ''}${base.to.slice(0, 12)}`;
}

/** Throws (exit 1) where others may have it; a remote that cannot be asked is named. */
async function refusePushed(repo: Repo, { ref, from }: RefEffect, act: Act): Promise<string[]> {
  const pushed = async (where: string) => {
    const revert = await revertOf(repo, act);
    return stateError({
      what: `The ${act.name} of ${act.session} cannot be undone: it has been pushed.`,
      why: `${where} has it, and so may others.`,
      next: revert
        ? `Take it back where everybody sees it, by a commit of its own: ${revert}`
        : 'Go on from here: what is undone would come back with the next pull.',
    });
  };
  if (ref.startsWith('refs/heads/')) {
    const there = await refsContaining(repo, from ?? '', 'refs/remotes/');
    if (there[0]) throw await pushed(short(there[0]).replace('refs/remotes/', ''));
  }
  if (!ref.startsWith('refs/tags/')) return [];
  const unsure: string[] = [];
  for (const remote of await remotes(repo)) {
    const has = await remoteHas(repo, remote, ref);
    if (has) throw await pushed(oneLine(remote, 80));
    if (has === null) unsure.push(`${oneLine(remote, 80)} cannot be asked whether it has ${short(ref)}.`);
  }
  return unsure;
}

/** The branches (short names) that moves take to another commit, with that commit; null: deleted. */
export function movedBranches(moves: readonly RefMove[]): Map<string, string | null> {
  const branches = moves.filter(({ ref }) => ref.startsWith('refs/heads/'));
  return new Map(branches.map(({ ref, to }) => [ref.slice('refs/heads/'.length), to]));
}
