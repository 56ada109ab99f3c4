/** What stands behind a file or a line: facts for --json, and the same for people. */

import { type WhoApproved, whoApproved } from '../../closeout/landed/who-approved.ts';
import type { Answer, SessionOrigin } from '../../closeout/landed/why.ts';
import { count, oneLine, timeText } from '../../core/text/text.ts';
import { short } from '../../core/verify/finding.ts';
import type { Repo } from '../../git/run.ts';
import type { Io } from '../io.ts';

export type OriginFacts = Awaited<ReturnType<typeof originFacts>>[number];

/** Answers grouped by what they say, most lines first. `check`: approvals are verified. */
export async function originFacts(repo: Repo, answers: readonly Answer[], check: boolean) {
  const groups = new Map<string, { answer: Answer; lines: number[] }>();
  for (const answer of answers) {
    const { session, commit } = answer;
    const key = session
      ? JSON.stringify([session.id, session.task?.task, session.agent?.name, session.commit, session.sharedBy])
      : `commit ${commit?.oid}`;
    const group = groups.get(key);
    if (group) group.lines.push(answer.line.now);
    else groups.set(key, { answer, lines: [answer.line.now] });
  }
  const approvals = new Map<string, WhoApproved | null>();
  const facts = [];
  for (const { answer, lines } of [...groups.values()].sort((a, b) => b.lines.length - a.lines.length)) {
    const { commit, session } = answer;
    if (session && !approvals.has(session.id))
      approvals.set(session.id, session.landing && (await whoApproved(repo, session.landing, check)));
    facts.push({
      lines: lines.length,
      first_line: Math.min(...lines),
      commit: commit && {
        id: commit.oid,
        subject: commit.message.split('\n', 1)[0] ?? '',
        at: commit.committerDate,
        author: commit.authorEmail,
      },
      session: session && sessionFacts(session, approvals.get(session.id) ?? null),
    });
  }
  return facts;
}

function sessionFacts(session: SessionOrigin, approval: WhoApproved | null) {
  const { id, topic, goal, landing, commit, task, agent, sharedBy } = session;
  return {
    id,
    topic,
    goal,
    commit,
    task,
    agent,
    shared_by: sharedBy,
    landed: landing && { commit: landing.commit, at: landing.at },
    approver: approval?.approver ?? null,
    presence: approval?.presence ?? null,
    verdict: approval?.verdict ?? null,
  };
}

/** One line's answer, whole. */
export function printOrigin(io: Io, { commit, session }: OriginFacts): void {
  const row = (name: string, value: string) => io.say(`  ${io.paint('dim', name.padEnd(9))} ${value}`);
  if (session) {
    row('session', io.paint('bold', session.id));
    row('goal', session.goal === null ? 'not recorded' : oneLine(session.goal, 300));
    if (session.shared_by.length > 0) row('tasks', sharedText(session));
    else {
      row('task', taskText(session));
      row(session.agent?.kind === 'person' ? 'person' : 'agent', agentText(session));
    }
    row('approved', approvalText(session));
    if (session.landed) row('landed', `with ${short(session.landed.commit)}, ${timeText(session.landed.at)}`);
  } else {
    row('session', 'none: a plain commit');
  }
  const id = session?.commit ?? commit?.id;
  if (id) row('commit', `${short(id)}${commit && id === commit.id ? ` ${oneLine(commit.subject, 120)}` : ''}`);
  if (commit && id !== commit.id) row('came with', `${short(commit.id)} ${oneLine(commit.subject, 120)}`);
  if (commit) row('author', oneLine(commit.author, 100));
}

/** A file's answers, one line each. */
export function printOrigins(io: Io, facts: readonly OriginFacts[]): void {
  for (const { lines, commit, session } of facts) {
    const n = count(lines, 'line').padStart(9);
    if (session) {
      io.say(`${n}  ${io.paint('bold', session.id)}`);
      io.say(`           ${session.shared_by.length > 0 ? sharedText(session) : `${agentText(session)}; ${taskText(session)}`}`);
      io.say(`           ${io.paint('dim', approvalText(session))}`);
    } else {
      io.say(`${n}  no session`);
      if (commit)
        io.say(`           ${io.paint('dim', `${short(commit.id)} ${oneLine(commit.subject, 80)} (${oneLine(commit.author, 60)})`)}`);
    }
  }
}

type SessionFacts = NonNullable<OriginFacts['session']>;

function taskText({ task }: SessionFacts): string {
  if (!task) return 'no task recorded';
  return `${oneLine(task.task, 80)}${task.description ? `: ${oneLine(task.description, 160)}` : ''}`;
}

/** Tasks whose work one commit holds. */
function sharedText({ shared_by }: SessionFacts): string {
  const names = shared_by.map(({ task, agent }) => `${oneLine(task, 80)} (${agent === null ? 'agent not recorded' : oneLine(agent, 80)})`);
  return `shared by ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

const agentText = ({ agent }: SessionFacts) => (agent ? oneLine(agent.name, 80) : 'agent not recorded');

function approvalText({ landed, approver, presence, verdict }: SessionFacts): string {
  if (!landed) return 'not yet: the session is open';
  if (approver === null) return 'by nobody: it landed without an approval';
  return `by ${oneLine(approver, 100)}${presence === 'none' ? ', unattended' : ''} (${verdict})`;
}
