/** A closeout as an act that `undo` can reverse: said before the refs move, and completed once everything is tidied. */

import { existsSync } from 'node:fs';
import type { Effects, Head, HeadEffect } from '../../core/acts.ts';
import { TOOL } from '../../core/log/record.ts';
import { oidOf } from '../../git/refs.ts';
import { repoAt } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { headOf } from '../../lifecycle/session/head.ts';
import { beginAct, type OpenAct, openAct } from '../../store/acts.ts';
import type { LandingObjects } from '../../store/closeout-state.ts';
import type { Landing } from './steps.ts';

/** Begins it, or goes on with one that was killed. */
export async function beginLanding(repo: Repo, state: Landing): Promise<OpenAct> {
  const { landing, session } = state;
  const act = state.act
    ? openAct(repo.commonDir, state.act)
    : beginAct(repo.commonDir, { name: 'closeout', session, top: repo.top, effects: effectsOf(landing) });
  state.act = act.id;
  return act;
}

/** What it came to: a branch may have stayed, and a worktree may be gone. */
export async function landingDone(repo: Repo, home: Repo, { act, landing }: Landing): Promise<void> {
  if (act === undefined) return;
  const { refs, heads } = effectsOf(landing);
  const ref = `refs/heads/${landing.sessionBranch}`;
  const gone = (await oidOf(home, ref)) === null;
  openAct(repo.commonDir, act).done({
    refs: refs.map((move) => (move.ref === ref && gone ? { ...move, to: null } : move)),
    heads: await Promise.all(heads.map(async (head): Promise<HeadEffect> => ({ ...head, to: await headAt(home, head.top) }))),
  });
}

function effectsOf({ moves, checkouts, baseBranch, sessionBranch }: LandingObjects): Effects {
  const branchOf = { base: baseBranch, session: sessionBranch };
  return {
    refs: moves.map(({ ref, from, to }) => ({ ref, from, to })).filter(({ from, to }) => from !== to),
    heads: checkouts.map(({ top, role }) => ({ top, from: { branch: branchOf[role] }, to: { branch: branchOf[role] } })),
    files: [],
    keepsFiles: false,
    says: { undone: { kind: 'session.undone', actor: TOOL, data: { act: 'closeout' } }, again: null },
  };
}

async function headAt(home: Repo, top: string): Promise<Head | null> {
  if (!existsSync(top)) return null;
  return headOf(repoAt(home, top));
}
