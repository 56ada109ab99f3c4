/** Where a session stands, for people. */

import type { ArtifactKind } from '../../core/session/metadata.ts';
import { ARTIFACT_KINDS } from '../../core/session/metadata.ts';
import { reasonText } from '../../core/session/reason.ts';
import { count, oneLine, visible } from '../../core/text/text.ts';
import type { StatusFacts } from '../../lifecycle/session/status-facts.ts';
import type { Io, Style } from '../io.ts';
import { printColumns, widest } from './columns.ts';
import { STATE_STYLE } from './list.ts';
import { HOOKS } from './start.ts';

/** So many lines of a list are shown. */
const MANY = 12;

export function printStatus(io: Io, facts: StatusFacts): void {
  const { session, base } = facts;
  if (session && base) printInside(io, facts, session, base);
  else printOutside(io, facts);
  printWarnings(io, facts);
  io.say(`\n${io.paint('cyan', 'next:')} ${facts.next}`);
}

type Known = { [K in 'session' | 'base']: NonNullable<StatusFacts[K]> };

/** What a policy of this clone alone is worth. */
const LOCAL = 'local: this clone’s own, unaudited';

function printInside(io: Io, facts: StatusFacts, session: Known['session'], base: Known['base']): void {
  io.say(`${io.paint('bold', session.id)}  ${io.paint(STATE_STYLE[session.state], session.state)}`);
  const row = (label: string, text: string) => io.say(`  ${label.padEnd(11)}${text}`);
  if (session.goal !== null) row('goal', oneLine(session.goal, Math.max(40, io.width - 13)));
  row('base', baseText(base));
  row('artifacts', facts.artifacts.length === 0 ? 'none yet' : byKind(facts.artifacts));
  row('changes', changesText(facts.workspace_changes));
  row('memory', facts.memory_entries === 0 ? 'none yet' : `${count(facts.memory_entries, 'entry', 'entries')} of its own`);
  row('hooks', facts.hooks);
  if (facts.local_policy) row('policy', LOCAL);
  if (facts.records.uncommitted > 0) row('records', `${facts.records.uncommitted} not committed yet`);
  if (facts.records.bad > 0) row('log', `${count(facts.records.bad, 'line')} cannot be read`);
  printTasks(io, facts.tasks);
  list(io, 'Sent back because', facts.rejection?.reasons.map(reasonText) ?? []);
  list(io, 'Workspace changes', facts.workspace_changes?.map(({ status, path }) => `${status} ${visible(path)}`) ?? []);
  list(
    io,
    'Uncommitted',
    facts.uncommitted.map(({ path, how }) => `${visible(path)} (${how})`),
  );
  if (facts.queued_checkpoints > 0) io.say(`\n${count(facts.queued_checkpoints, 'checkpoint')} wait to be committed`);
}

function printOutside(io: Io, facts: StatusFacts): void {
  io.say('No session is checked out here.');
  if (facts.local_policy) io.say(`Policy: ${LOCAL}`);
  if (facts.open_sessions.length > 0) {
    io.say('\nOpen sessions:');
    const rows = facts.open_sessions.map(({ id, state, topic, worktree }) => [
      id.slice(8, 23),
      state,
      topic + (worktree ? `  in ${worktree}` : ''),
    ]);
    const look = (cell: string): Style | null => STATE_STYLE[cell as keyof typeof STATE_STYLE] ?? null;
    printColumns(io, [{ width: 15 }, { width: 9, style: look }, { width: null, whole: true }], rows);
  }
}

function printWarnings(io: Io, facts: StatusFacts): void {
  if (facts.unpushed_landings.length > 0)
    io.say(`\n${count(facts.unpushed_landings.length, 'landing')} not pushed yet: ${facts.unpushed_landings.join(', ')}`);
  if (facts.awaiting.length > 0) io.say(`\nApproved here and not yet seen landed: ${facts.awaiting.join(', ')}`);
  if (facts.hooks !== 'active' && facts.initialised) io.note(HOOKS[facts.hooks]);
  for (const note of facts.notes) io.note(visible(note, '\n'));
}

function changesText(changes: StatusFacts['workspace_changes']): string {
  if (changes === null) return 'not known: base is not in this clone';
  return changes.length === 0 ? 'none outside the session folder' : count(changes.length, 'workspace change');
}

/** A base, and how the open session stands to it. */
export function baseText({ name, ahead, behind }: NonNullable<StatusFacts['base']>): string {
  const base = oneLine(name, 80);
  if (ahead === null || behind === null) return `${base} (not in this clone)`;
  const back = behind === 0 ? '' : `; it has moved on by ${count(behind, 'commit')}`;
  return `${base}, with ${count(ahead, 'commit')} on top${back}`;
}

function byKind(artifacts: StatusFacts['artifacts']): string {
  const counts = ARTIFACT_KINDS.map((kind: ArtifactKind) => [artifacts.filter((artifact) => artifact.kind === kind).length, kind] as const);
  return counts.flatMap(([n, kind]) => (n > 0 ? [`${n} ${kind}`] : [])).join(', ');
}

/** Tasks in columns: status, agent, and what it is about. */
export function printTasks(io: Io, tasks: StatusFacts['tasks']): void {
  if (tasks.length === 0) return;
  io.say('\nTasks:');
  const shown = tasks.slice(-MANY);
  const rows = shown.map(({ task, description, agent, status, files }) => [
    status,
    agent,
    `${description ?? task}${files > 0 ? ` (${count(files, 'file')})` : ''}`,
  ]);
  const agentWidth = widest(
    rows.map(([, agent]) => agent ?? ''),
    io.width >= 80 ? 20 : 12,
  );
  const look = (cell: string): Style | null => (cell === 'failed' ? 'red' : cell === 'open' ? 'green' : 'dim');
  printColumns(io, [{ width: 9, style: look }, { width: agentWidth }, { width: null }], rows);
  if (tasks.length > MANY) io.say(`  … and ${tasks.length - MANY} before`);
}

function list(io: Io, title: string, lines: string[]): void {
  if (lines.length === 0) return;
  io.say(`\n${title}:`);
  for (const line of lines.slice(0, MANY)) io.say(`  ${oneLine(line, Math.max(40, io.width - 2))}`);
  if (lines.length > MANY) io.say(`  … and ${lines.length - MANY} more`);
}
