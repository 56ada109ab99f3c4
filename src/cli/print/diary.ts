/** Landed sessions for people: two lines each, cut to the terminal's width. */

import type { DiaryEntry } from '../../closeout/landed/diary.ts';
import { idParts } from '../../core/session/session-id.ts';
import { count, oneLine } from '../../core/text/text.ts';
import { short } from '../../core/verify/finding.ts';
import type { Io, Style } from '../io.ts';

const VERDICT: Record<DiaryEntry['verdict'], Style> = { verified: 'green', 'not checked': 'dim', 'no approval': 'yellow' };

/** As wide as a date and the gap behind it. */
const INDENT = '            ';

export function printDiary(io: Io, entries: readonly DiaryEntry[]): void {
  for (const entry of entries) {
    const [head = '', ...details] = linesOf(io, entry, io.width);
    io.say(head);
    for (const line of details) io.say(`${INDENT}${line}`);
  }
}

/** The same as a graph: base runs down on the left, and each session's own commits beside it. */
export function printGraph(io: Io, entries: readonly DiaryEntry[]): void {
  const room = io.width - GRAPH;
  for (const entry of entries) {
    const [head = '', ...details] = linesOf(io, entry, room);
    const commits = entry.commits ?? [];
    io.say(`*   ${head}`);
    for (const [i, line] of details.entries()) io.say(`${commits.length === 0 ? '|  ' : i === 0 ? '|\\ ' : '| |'} ${INDENT}${line}`);
    for (const { id, subject } of commits) io.say(`| * ${io.paint('yellow', short(id))} ${oneLine(subject, room - 11)}`);
    io.say(commits.length === 0 ? '|' : '|/');
  }
}

/** Columns that the graph takes. */
const GRAPH = 4;

/** Date, topic and state; then the details, without their indent. */
function linesOf(io: Io, entry: DiaryEntry, width: number): string[] {
  const state = stateOf(entry);
  const topic = oneLine(entry.topic, Math.max(12, width - INDENT.length - state.length - 2));
  const details = wrapped(detailsOf(entry), width - INDENT.length);
  return [
    `${entry.landed_at.slice(0, 10)}  ${io.paint('bold', topic)}  ${io.paint(VERDICT[entry.verdict], state)}`,
    ...details.map((line) => io.paint('dim', oneLine(line, width - INDENT.length))),
  ];
}

function stateOf({ verdict, now }: DiaryEntry): string {
  if (now === 'gone') return `${verdict}, reverted`;
  return now === 'changed' ? `${verdict}, edited since` : verdict;
}

function detailsOf(entry: DiaryEntry): string[] {
  const { approvers, presence, changes, artifacts, checks, patterns } = entry;
  const who =
    approvers.length === 0 ? ['approved by nobody'] : approvers.map((name, i) => `${i === 0 ? 'approved by ' : ''}${oneLine(name, 60)}`);
  const learned = `lessons only of an abandoned session, ${patterns === null ? 'patterns not recorded' : count(patterns, 'pattern')}`;
  const whole = [
    changes === null ? 'changes not recorded' : count(changes, 'change'),
    artifacts === null ? 'artifacts not recorded' : count(artifacts, 'artifact'),
    checks === null ? 'checks not recorded' : checks.needed === 0 ? 'no checks' : `checks ${checks.passed}/${checks.needed}`,
  ];
  const figures = entry.lessons_only ? [learned] : whole;
  const kept = entry.merged || entry.lessons_only ? [] : ['squashed or rebased'];
  // The topic stands above: the time alone names the session to every command.
  return [...who, ...(presence === 'none' ? ['unattended'] : []), ...figures, ...kept, short(entry.commit), idParts(entry.id).stamp];
}

/** Parts joined by commas on lines of at most `width` characters; a part that is longer has a line of its own. */
function wrapped(parts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length + 2 <= width) lines[lines.length - 1] = `${last}, ${part}`;
    else lines.push(part);
  }
  return lines;
}
