/** Whether an agent is at work in a session: the rule that keeps HEAD where it is. Pure. */

import type { AnyRecord } from '../../core/log/record.ts';

/** An agent that was heard of within this time is taken to be at work. */
export const LIVE_MS = 15 * 60 * 1000;

/** An open task, as the rule sees it. */
export interface OpenTask {
  task: string;
  agent: { id: string | null };
}

/** The open tasks whose newest record (their own, or their agent's) is at most 15 minutes old at `now` (ms since the epoch). */
export function liveTasks<T extends OpenTask>(open: readonly T[], records: readonly AnyRecord[], now: number): T[] {
  return open.filter((task) => {
    const newest = records.reduce((latest, record) => (isAbout(record, task) ? Math.max(latest, Date.parse(record.at)) : latest), 0);
    return now - newest <= LIVE_MS;
  });
}

function isAbout(record: AnyRecord, { task, agent }: OpenTask): boolean {
  if ('task' in record.data && record.data.task === task) return true;
  return agent.id !== null && record.actor.id === agent.id;
}
