/** Entry of the gate's bundle: what judges commits, writes and shell commands, and what few edits need. Loaded where it is asked, so that recording an edit does not pay for it. */

export { guardShell } from '../agents/shell-guard.ts';
export { everThere } from './ever-there.ts';
export { gitHook } from './git-hook.ts';
export { answerWrite } from './write-gate.ts';
