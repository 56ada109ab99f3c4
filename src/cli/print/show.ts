/** One session from beginning to end, for people. */

import { count, oneLine, size, timeText, visible } from '../../core/text/text.ts';
import type { Io } from '../io.ts';
import { STATE_STYLE } from './list.ts';
import type { ShowFacts } from './show-facts.ts';
import { baseText, printTasks } from './status.ts';

/** So many lines of a list are shown; --json has them all. */
const MANY = 30;

export function printShow(io: Io, facts: ShowFacts): void {
  const { session } = facts;
  const room = Math.max(40, io.width - 13);
  const row = (label: string, text: string | null) => {
    if (text !== null) io.say(`  ${label.padEnd(11)}${oneLine(text, room)}`);
  };
  io.say(`${io.paint('bold', session.id)}  ${io.paint(STATE_STYLE[session.state], session.state)}`);
  row('goal', session.goal);
  row('started', `${timeText(session.created_at)}${facts.started_by ? ` by ${facts.started_by}` : ''}`);
  const last = facts.resumed_at.at(-1);
  row(
    'resumed',
    last === undefined ? null : `${timeText(last)}${facts.resumed_at.length > 1 ? ` (${facts.resumed_at.length} times)` : ''}`,
  );
  row('closed', session.closed_at && timeText(session.closed_at));
  row('because', facts.abandoned_because);
  // How it stood to its base is told by what landed, or does not matter any more.
  row('base', session.state === 'closed' || session.state === 'abandoned' ? session.base : baseText(facts.base));
  row(...placeRow(facts));
  row('worktree', session.worktree);
  row('continues', session.continues);
  row('agents', facts.agents.length === 0 ? null : facts.agents.join(', '));
  if (facts.approval) {
    const { approver, also_by, approved_at, presence, tag } = facts.approval;
    row('approved', `by ${[approver, ...also_by].join(', ')} on ${timeText(approved_at)}${presence === 'none' ? ', unattended' : ''}`);
    row('tag', tag);
    io.note(`The approval is what the tag says; check it with: git session verify ${session.id}`);
  } else if (session.state === 'closed') row('approved', 'no backup tag is in this clone');
  const { landed } = facts;
  row(
    'landed',
    landed && `on ${landed.base} with ${landed.commit.slice(0, 10)}, ${timeText(landed.at)}${landed.reverted ? ', reverted since' : ''}`,
  );
  printTasks(io, facts.tasks);
  list(
    io,
    'Artifacts',
    facts.artifacts.map(({ path, size: bytes }) => `${path.slice(path.indexOf('/artifacts/') + '/artifacts/'.length)} (${size(bytes)})`),
  );
  list(io, 'Workspace changes', facts.workspace_changes?.map(({ status, path }) => `${status} ${path}`) ?? []);
  const said = ({ key, by }: ShowFacts['memory'][number]) => `${key} (${by})`;
  list(io, 'Memory', facts.memory.filter(({ cleaned }) => !cleaned).map(said));
  list(io, 'Cleaned at its end (the backup keeps it)', facts.memory.filter(({ cleaned }) => cleaned).map(said));
  list(
    io,
    'Learned',
    facts.patterns.learned.map(({ id, title }) => (title === id ? id : `${id}: ${title}`)),
  );
  list(io, 'Patterns used', facts.patterns.used);
  list(
    io,
    'Checks',
    (facts.approval?.checks ?? facts.checks).map(({ name, status }) => `${name}: ${status}`),
  );
  list(
    io,
    'Sent back because',
    facts.rejections.map(({ at, text }) => `${timeText(at)}: ${text}`),
  );
  if (facts.records.bad > 0) io.say(`\n${count(facts.records.bad, 'line')} of its log cannot be read.`);
  for (const note of facts.notes) io.note(visible(note, '\n'));
}

/** Where its commits are: the branch may be gone. */
function placeRow({ session, found_at }: ShowFacts): [label: string, text: string | null] {
  if (/^refs\/(heads|remotes)\//.test(found_at)) {
    const short = found_at.replace(/^refs\/(heads|remotes)\//, '');
    // A landed session may be read from the branch that it landed on.
    return short.endsWith(session.branch) ? ['branch', short] : ['found on', short];
  }
  return found_at.startsWith('refs/tags/') ? ['branch', 'deleted; the tag keeps its commits'] : ['kept at', found_at];
}

function list(io: Io, title: string, lines: string[]): void {
  if (lines.length === 0) return;
  io.say(`\n${title}:`);
  for (const line of lines.slice(0, MANY)) io.say(`  ${oneLine(line, Math.max(40, io.width - 2))}`);
  if (lines.length > MANY) io.say(`  … and ${lines.length - MANY} more`);
}
