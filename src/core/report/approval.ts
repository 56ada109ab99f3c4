/** Who approved, whether that holds, and how to see it for oneself. Pure. */

import { missing } from '../documents/summary.ts';
import type { ReportApproval, ReportAudit, ReportFacts } from './facts.ts';
import { type Html, html, moment } from './html.ts';

/** The verdict in one line, right below the head. */
export function banner({ approval, audit, state }: ReportFacts): Html {
  if (!approval && !audit)
    return html`<p class="banner open"><strong>Not approved.</strong> The session is ${state}; nothing of it is signed.</p>`;
  const who = approval
    ? html` Approved by <b>${approval.approver.principal}</b> at ${moment(approval.approved_at)}${approval.presence === 'none' ? ', unattended' : null}.`
    : null;
  const only = approval?.lessons_only ? ' Only what it learned was approved and landed: the session was abandoned.' : null;
  return html`<p class="banner ${(audit?.verdict ?? 'not checked').replaceAll(' ', '-')}"><strong>${SAYS[audit?.verdict ?? 'not checked']}</strong>${who}${landing(audit)}${only}</p>`;
}

const SAYS: Record<ReportAudit['verdict'], string> = {
  verified: 'Verified.',
  failed: 'Verification failed.',
  unverified: 'Not verified.',
  'not checked': 'Not checked.',
};

function landing(audit: ReportAudit | null): Html | null {
  if (!audit?.landing) return audit ? html` It has not landed.` : null;
  const { now, base, commit } = audit.landing;
  return html` ${now === 'landed' ? 'Landed' : 'It landed and was reverted'} on <code>${base}</code> with <code>${commit.slice(0, 10)}</code>.`;
}

export function approval(report: ReportFacts): Html {
  const { approval: said, audit, rejections, facts } = report;
  return html`<section aria-labelledby="approval"><h2 id="approval">Approval</h2>
${said ? signature(said, audit) : html`<p class="empty">There is no approval.</p>`}
${audit ? findings(audit) : null}
${rejections.length > 0 ? html`<h3>Sent back before</h3><ul class="cards">${rejections.map(({ at, text }) => html`<li>${text}<span class="about">${moment(at)}</span></li>`)}</ul>` : null}
${said ? html`<h3>See for yourself</h3><p>With git alone, in any clone:</p><pre tabindex="0">${`git -c gpg.ssh.allowedSignersFile=.swarm/allowed_signers verify-tag ${said.tag}\ngit cat-file tag ${said.tag}`}</pre><p>And everything against everything:</p><pre tabindex="0">${`git session verify ${facts.id}`}</pre>` : null}
</section>`;
}

function signature(said: ReportApproval, audit: ReportAudit | null): Html {
  const rows: [string, Html][] = [
    ['By', html`${said.approver.principal}`],
    ['Key', html`<code>${said.approver.key}</code> (${said.approver.format})`],
    ['When', moment(said.approved_at)],
    [
      'How',
      html`${said.presence === 'none' ? 'unattended: the policy asks for no person' : `present: ${said.presence.replaceAll('-', ' ')}`}`,
    ],
    ['Tag', html`<code>${said.tag}</code>`],
    ['Seal', html`<code>${said.seal}</code>`],
    ['Manifest', html`<code>sha256:${said.manifest}</code>`],
  ];
  if (audit) rows.push(['Approvals that count', html`${audit.approvals.principals.length} of ${audit.approvals.needed} needed`]);
  return html`<dl class="meta wide">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${said.accepted.length > 0 ? html`<h3>Accepted knowingly</h3><ul>${said.accepted.map((one) => html`<li>${one}</li>`)}</ul>` : null}`;
}

function findings({ findings: list, why }: ReportAudit): Html {
  return html`<h3>What the audit found</h3>
${why === null ? null : html`<p class="note">${why}</p>`}
${list.length === 0 && why === null ? html`<p>Nothing to object to.</p>` : html`<ul class="findings">${list.map(({ level, code, what }) => html`<li class="${level}"><span class="mark ${level}">${level}</span> ${what} <code>${code}</code></li>`)}</ul>`}`;
}

/** Gaps instead of silence. */
export function notRecorded({ facts, checks }: ReportFacts): Html {
  // An open session has records of checks, which its documents do not count.
  const places = missing(facts, (text) => text).filter(
    (place) => checks.every(({ at }) => at === null) || !place.startsWith('test coverage'),
  );
  return html`<section aria-labelledby="gaps"><h2 id="gaps">Not recorded</h2>
${places.length === 0 ? html`<p>Nothing is missing.</p>` : html`<ul>${places.map((place) => html`<li>${place}</li>`)}</ul>`}
</section>`;
}
