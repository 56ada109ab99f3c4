/** What an undo would do, for people. */

import { count, oneLine, visible } from '../../core/text/text.ts';
import { UNDONE } from '../../core/trash-refs.ts';
import type { UndoPlan } from '../../undo/plan.ts';
import { said } from '../../undo/plan.ts';
import type { Io } from '../io.ts';

const short = (ref: string) => oneLine(ref.replace(/^refs\/(heads|tags)\//, ''), 100);

export function printUndo(io: Io, plan: UndoPlan): void {
  const { act, redo, resumes } = plan;
  const what = redo ? 'Would do again what was undone' : `Would undo the ${said(act)}`;
  io.say(`${io.paint('bold', what)}${resumes ? ', which was begun and interrupted' : ''}:`);
  for (const line of linesOf(plan)) io.say(`  ${line}`);
  for (const note of plan.notes) io.note(`note: ${note}`);
}

function linesOf({ act, redo, effects, refs, heads, files }: UndoPlan): string[] {
  const named = refs.filter(({ ref }) => !ref.startsWith('refs/git-session/'));
  const dropped = refs.some(({ ref }) => ref.startsWith(UNDONE));
  const lines = [
    ...named.map(({ ref, from, to }) => {
      if (from === null) return `${short(ref)} stands again, at ${to?.slice(0, 10)}`;
      return to === null ? `${short(ref)} goes` : `${short(ref)} returns from ${from.slice(0, 10)} to ${to.slice(0, 10)}`;
    }),
    ...(effects.keepsFiles ? [`its files stay as they are${redo ? '' : ', not committed'}`] : []),
    ...heads.map(({ top, to }) => {
      if (to === null) return `the worktree ${visible(top)} is removed`;
      return `${visible(top)} ${'branch' in to ? `is on ${oneLine(to.branch, 80)}` : `is detached at ${to.commit.slice(0, 10)}`}, uncommitted files kept`;
    }),
    ...files.slice(0, 20).map(({ from, to }) => `${visible(from)} -> ${visible(to)}`),
    ...(files.length > 20 ? [`and ${count(files.length - 20, 'file')} more`] : []),
    ...(dropped ? [`what goes is kept under ${UNDONE}`] : []),
  ];
  return lines.length > 0 ? lines : [act.name === 'prepare' ? 'the session is active again, and out of review' : 'nothing is left to move'];
}
