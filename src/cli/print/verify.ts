/** Reports of an audit for people. */

import type { VerifyReport } from '../../closeout/verify/index.ts';
import { count, oneLine, timeText } from '../../core/text/text.ts';
import type { Finding, Level, Verdict } from '../../core/verify/finding.ts';
import { short } from '../../core/verify/finding.ts';
import type { Io, Style } from '../io.ts';

const STYLE: Record<Verdict, Style> = { verified: 'green', failed: 'red', unverified: 'yellow' };
const MARK: Record<Level, [string, Style]> = { failed: ['✘', 'red'], unverified: ['?', 'yellow'], note: ['·', 'dim'] };

/** One session whole: verdict, who and how, then every finding. */
export function printReport(io: Io, report: VerifyReport): void {
  io.say(`${verdictWord(io, report.verdict)} ${io.paint('bold', report.id)}`);
  for (const [name, value] of rows(report)) io.say(`  ${io.paint('dim', name.padEnd(9))} ${value}`);
  // Said in the first row already.
  printFindings(
    io,
    report.findings.filter(({ code }) => code !== 'unattended'),
  );
}

function rows({ approval, landing, approvals, tag, cached }: VerifyReport): [string, string][] {
  const found: [string, string][] = [];
  if (approval) {
    const unattended = approval.presence === 'none' ? ', unattended' : '';
    found.push(['approved', `by ${oneLine(approval.approver.principal, 80)} on ${timeText(approval.approved_at)}${unattended}`]);
    found.push(['key', `${approval.approver.key} (${approval.approver.format})`]);
    if (approvals.needed > 1) found.push(['approvals', `${approvals.principals.length} of ${approvals.needed}`]);
    const passed = approval.checks.filter(({ status }) => status === 'passed').length;
    const needed = approval.checks.filter(({ status }) => status !== 'not-needed').length;
    found.push(['checks', needed === 0 ? 'none' : `${passed} of ${needed} passed`]);
    for (const line of approval.accepted) found.push(['accepted', oneLine(line, 160)]);
  }
  if (landing) {
    const as = landing.as ? ` as ${landing.as === 'exact' ? 'exactly what was approved' : landing.as}` : '';
    found.push([
      'landed',
      `on ${landing.base} with ${short(landing.commit)}, ${timeText(landing.at)}${as}${landing.now === 'reverted' ? ', reverted since' : ''}`,
    ]);
  }
  if (tag && approval) found.push(['seal', `${short(approval.seal)}, tag ${tag.slice('refs/tags/'.length)}`]);
  if (cached) found.push(['cache', 'documents were judged earlier on this machine; signatures were checked now']);
  return found;
}

/** One line a session, with its faults below; notes are left to the single report. */
export function printLine(io: Io, report: VerifyReport): void {
  const date = (report.landing?.at ?? report.approval?.closed_at ?? '').slice(0, 10).padEnd(10);
  const who = report.approval ? oneLine(report.approval.approver.principal, 40) : 'nobody';
  const marks = [
    report.landing?.now === 'reverted' ? 'reverted' : '',
    report.landing ? '' : 'not landed',
    report.approval?.presence === 'none' ? 'unattended' : '',
  ];
  const extra = marks.filter(Boolean).join(', ');
  io.say(`${verdictWord(io, report.verdict)} ${date}  ${report.id}  ${who}${extra ? ` (${extra})` : ''}`);
  printFindings(
    io,
    report.findings.filter(({ level }) => level !== 'note'),
  );
}

export function printFindings(io: Io, findings: readonly Finding[]): void {
  for (const { level, code, what } of findings) {
    const [mark, style] = MARK[level];
    io.say(`  ${io.paint(style, mark)} ${what} ${io.paint('dim', `[${code}]`)}`);
  }
}

/** `2 sessions: 2 verified`. */
export function printCounts(io: Io, counts: Record<Verdict, number>): void {
  const total = counts.verified + counts.failed + counts.unverified;
  const parts = (['verified', 'failed', 'unverified'] as const).filter((verdict) => counts[verdict] > 0);
  const said = parts.map((verdict) => io.paint(STYLE[verdict], `${counts[verdict]} ${verdict}`)).join(', ');
  io.say(`${count(total, 'session')}${said ? `: ${said}` : ''}`);
}

function verdictWord(io: Io, verdict: Verdict): string {
  return io.paint(STYLE[verdict], verdict.padEnd(10));
}
