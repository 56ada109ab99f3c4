/** Entry of the gate's bundle: what judges commits, writes and shell commands. Loaded where there is something to judge, so that recording an edit does not pay for it. */

export { guardShell } from '../agents/shell-guard.ts';
export { gitHook } from './git-hook.ts';
export { answerWrite } from './write-gate.ts';
