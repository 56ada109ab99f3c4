/** The records of open sessions: lines that cannot be read, kinds of a newer program, times from the future, checkpoints that wait. */

import { count, oneLine, timeText } from '../../core/text/text.ts';
import { listRefs } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { readQueue } from '../../store/queue.ts';
import { openSessions } from '../session/list-sessions.ts';
import { sessionRecords } from '../session/records.ts';
import { unreadableSessions } from '../session/session.ts';
import type { Finding, Probe } from './finding.ts';

/** Clocks of two machines differ by so much without anybody being wrong. */
const SKEW_MS = 2 * 60_000;

export const records: Probe = {
  name: 'records',
  look: async ({ repo, now }) => {
    const open = await openSessions(repo);
    const found: Finding[] = (await unreadableSessions(repo)).map(({ id, why }) => ({ health: 'fail', what: `${id} cannot be read`, why }));
    let total = 0;
    for (const { session } of open) {
      const set = await sessionRecords(repo, session);
      total += set.records.length;
      found.push(...ofSession(session.id, set, now));
    }
    const ok: Finding[] = found.length === 0 ? [{ health: 'ok', what: told(total, open.length) }] : [];
    return [...ok, ...found, ...(await aheadCommits(repo, now)), ...queue(repo)];
  },
};

function ofSession(id: string, { records, bad, unknown }: Awaited<ReturnType<typeof sessionRecords>>, now: Date): Finding[] {
  const found: Finding[] = [];
  if (bad > 0)
    found.push({
      health: 'warn',
      what: `${count(bad, 'line')} of ${id} cannot be read`,
      why: 'They are left where they are, and count for nothing.',
      next: `git session show ${id}`,
    });
  if (unknown > 0)
    found.push({
      health: 'warn',
      what: `${count(unknown, 'record')} of ${id} ${unknown === 1 ? 'comes' : 'come'} from a newer git-session`,
      why: 'They are kept, and not understood here.',
      next: 'Install a newer git-session',
    });
  const future = records.filter(({ at }) => Date.parse(at) > now.getTime() + SKEW_MS);
  const last = future
    .map(({ at }) => at)
    .sort()
    .at(-1);
  if (future.length > 0)
    found.push({
      health: 'warn',
      what: `${count(future.length, 'record')} of ${id} ${future.length === 1 ? 'has' : 'have'} a time in the future, up to ${timeText(last ?? '')}`,
      why: 'A clock was or is wrong. Records made until then are counted on from that time, so that their order holds.',
      next: 'Compare the clocks of the machines that work on it',
    });
  return found;
}

/** Branches whose newest commit this machine has yet to live through: its clock went back, or another's is ahead. */
async function aheadCommits(repo: Repo, now: Date): Promise<Finding[]> {
  const ahead = (await listRefs(repo, ['refs/heads/'])).filter(({ date }) => Date.parse(date) > now.getTime() + SKEW_MS);
  if (ahead.length === 0) return [];
  const first = oneLine(ahead[0]?.ref.slice('refs/heads/'.length) ?? '', 60);
  const others = ahead.length > 1 ? ` and ${count(ahead.length - 1, 'other branch', 'other branches')}` : '';
  return [
    {
      health: 'warn',
      what: `The newest commit of ${first}${others} is dated in the future (${timeText(ahead[0]?.date ?? '')}; it is ${timeText(now.toISOString())} here)`,
      why: 'This clock went back, or that of who committed is ahead. Nothing is lost by it; ages and durations are wrong.',
      next: 'Set this clock',
    },
  ];
}

function told(records: number, sessions: number): string {
  return sessions === 0 ? 'No session is open' : `${count(records, 'record')} of ${count(sessions, 'open session')} read, no bad line`;
}

function queue(repo: Repo): Finding[] {
  const { requests, unreadable, newer } = readQueue(repo.commonDir);
  const found: Finding[] = [];
  if (requests.length > 0)
    found.push({
      health: 'warn',
      what: `${count(requests.length, 'checkpoint')} ${requests.length === 1 ? 'waits' : 'wait'} to be committed`,
      next: 'git session status',
    });
  if (newer.length > 0)
    found.push({
      health: 'warn',
      what: `${count(newer.length, 'checkpoint')} ${newer.length === 1 ? 'was' : 'were'} queued by a newer git-session`,
      why: 'They are kept for it, and the branches that they are for wait.',
      next: 'Install a newer git-session',
    });
  if (unreadable.length > 0)
    found.push({ health: 'warn', what: `${count(unreadable.length, 'queued checkpoint')} cannot be read`, next: 'git session status' });
  return found;
}
