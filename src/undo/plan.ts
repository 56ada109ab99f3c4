/** What an undo would do, or why it cannot: everything is looked at before anything changes. Reads only. */

import { type Act, type ActScope, chooseAct, type Effects, inverse } from '../core/acts.ts';
import { stateError } from '../core/errors.ts';
import { timeText } from '../core/text/text.ts';
import type { RefMove } from '../git/refs.ts';
import type { Repo } from '../git/run.ts';
import { prefixOf } from '../lifecycle/session/session.ts';
import { actedNewer, readActs } from '../store/acts.ts';
import { type FilePlan, planFiles } from './files.ts';
import { type HeadMove, planHeads } from './heads.ts';
import { needsPerson, planRefs } from './refs.ts';

export interface UndoPlan {
  /** The act that is reversed: with `redo` itself an undo. */
  act: Act;
  redo: boolean;
  /** The undo that was interrupted, which this carries on. */
  resumes: Act | null;
  /** What is to be true afterwards, as effects. */
  effects: Effects;
  /** Refs that are not there yet, and the names under which what they drop is kept. */
  refs: RefMove[];
  heads: HeadMove[];
  files: FilePlan[];
  /** It takes back what a person decided. */
  needsPerson: boolean;
  /** What a person should know before saying yes, a sentence each. */
  notes: string[];
}

/** Throws (exit 1) with the reason where there is nothing to reverse, or it cannot be. */
export async function planUndo(repo: Repo, scope: ActScope, redo: boolean, now: Date): Promise<UndoPlan> {
  if (actedNewer(repo.commonDir)) {
    throw stateError({
      what: 'A newer git-session has worked in this clone.',
      why: 'What it did last is not known to this program, which would take back something older.',
      next: 'Undo with that version.',
    });
  }
  const acts = readActs(repo.commonDir);
  const choice = chooseAct(acts, scope, redo);
  if (choice === null) throw nothing(redo);
  if ('blocked' in choice) {
    throw stateError({
      what: 'The last undo cannot be undone any more.',
      why: `Something was done after it: ${said(choice.blocked)}.`,
      next: 'Undo that first, with: git session undo',
    });
  }
  const { act, resumes } = choice;
  const effects = resumes ? resumes.effects : inverse(act.effects);
  const backwards = { act, redo: act.name === 'undo', resumes, effects };
  const { moves, notes } = await planRefs(repo, { ...backwards, acts });
  const heads = await planHeads(repo, backwards, moves, now);
  const files = await planFiles(repo, effects.files);
  return {
    ...backwards,
    refs: moves,
    heads: heads.moves,
    files,
    needsPerson: needsPerson(effects.refs, prefixOf(repo)),
    notes: [...notes, ...heads.notes],
  };
}

/** An act in a few words: its name, its session and its time. */
export function said({ name, session, at }: Act): string {
  return `${name} of ${session} at ${timeText(at)}`;
}

function nothing(redo: boolean) {
  return redo
    ? stateError({ what: 'There is no undo here that could be undone.' })
    : stateError({
        what: 'There is nothing to undo here.',
        why: 'This clone knows of no act of git-session in this checkout, or in its session, that still stands.',
        next: 'Name a session to undo what was done in it last: git session undo <session>',
      });
}
