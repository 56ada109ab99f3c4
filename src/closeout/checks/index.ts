/** Checks: on what they run, and running them (design "Closeout", Checks). */

export { BUILT_INS } from './built-in/index.ts';
export { lastLines, logPath } from './log-file.ts';
export { type CheckProgress, type OnCheck, type PlannedCheck, SET_UP } from './progress.ts';
export { isFine } from './result.ts';
export { runChecks } from './run.ts';
export { checkedTree } from './tree.ts';
