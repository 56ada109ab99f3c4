/** Landed sessions for people: two lines each, cut to the terminal's width. */

import type { DiaryEntry } from '../../closeout/diary.ts';
import { idParts } from '../../core/session-id.ts';
import { count, oneLine } from '../../core/text.ts';
import { short } from '../../core/verify/finding.ts';
import type { Io, Style } from '../io.ts';

const VERDICT: Record<DiaryEntry['verdict'], Style> = { verified: 'green', 'not checked': 'dim', 'no approval': 'yellow' };

/** As wide as a date and the gap behind it. */
const INDENT = '            ';

export function printDiary(io: Io, entries: readonly DiaryEntry[]): void {
  for (const entry of entries) {
    const state = stateOf(entry);
    const topic = oneLine(entry.topic, Math.max(12, io.width - INDENT.length - state.length - 2));
    io.say(`${entry.landed_at.slice(0, 10)}  ${io.paint('bold', topic)}  ${io.paint(VERDICT[entry.verdict], state)}`);
    for (const line of wrapped(detailsOf(entry), io.width - INDENT.length))
      io.say(`${INDENT}${io.paint('dim', oneLine(line, io.width - INDENT.length))}`);
  }
}

function stateOf({ verdict, now }: DiaryEntry): string {
  if (now === 'gone') return `${verdict}, reverted`;
  return now === 'changed' ? `${verdict}, edited since` : verdict;
}

function detailsOf(entry: DiaryEntry): string[] {
  const { approver, presence, changes, artifacts, checks, patterns } = entry;
  const who = approver === null ? 'approved by nobody' : `approved by ${oneLine(approver, 60)}`;
  const learned = `lessons only of an abandoned session, ${patterns === null ? 'patterns not recorded' : count(patterns, 'pattern')}`;
  const whole = [
    changes === null ? 'changes not recorded' : count(changes, 'change'),
    artifacts === null ? 'artifacts not recorded' : count(artifacts, 'artifact'),
    checks === null ? 'checks not recorded' : checks.needed === 0 ? 'no checks' : `checks ${checks.passed}/${checks.needed}`,
  ];
  const figures = entry.lessons_only ? [learned] : whole;
  // The topic stands above: the time alone names the session to every command.
  return [who, ...(presence === 'none' ? ['unattended'] : []), ...figures, short(entry.commit), idParts(entry.id).stamp];
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
