/** Whose line it is where a commit holds the work of several tasks: told by the contents that were recorded one after the other. Pure. */

import type { Actor, AnyRecord } from '../log/record.ts';

/** A content that the file had on the way to the commit, and the tasks that left it so. */
export interface Step {
  blob: string | null;
  by: { task: string | null; actor: Actor }[];
}

/** The recorded contents of a path after `before` (what the parent has) up to `after` (what the commit has), oldest first; empty where none is known. */
export function stepsBetween(records: readonly AnyRecord[], path: string, before: string | null, after: string | null): Step[] {
  let steps: Step[] = [];
  let whole: Step[] = [];
  for (const record of records) {
    if (record.kind !== 'file.edited' || record.data.path !== path) continue;
    const { blob, task } = record.data;
    if (blob === before) {
      steps = [];
      continue;
    }
    const last = steps.at(-1);
    if (last?.blob !== blob) steps.push({ blob, by: [{ task, actor: record.actor }] });
    else if (!last.by.some((row) => row.task === task)) last.by.push({ task, actor: record.actor });
    if (blob === after) whole = steps.map((step) => ({ ...step, by: [...step.by] }));
  }
  return whole;
}

/**
 * The step whose content is the first to hold `line`, where it can be told: every content up to there is known (`textOf`, undefined where not),
 * none before has such a line, and none after has more of them. Null where it cannot.
 */
export function stepOfLine(
  steps: readonly Step[],
  line: string,
  before: string | null,
  textOf: (blob: string) => string | undefined,
): Step | null {
  const times = (blob: string | null) => {
    const text = blob === null ? '' : textOf(blob);
    return text === undefined ? null : text.split('\n').filter((row) => row === line).length;
  };
  if (times(before) !== 0) return null;
  for (const [i, step] of steps.entries()) {
    const found = times(step.blob);
    if (found === null) return null;
    if (found > 0) return steps.slice(i + 1).every((later) => times(later.blob) === found) ? step : null;
  }
  return null;
}
