/** What was checked, and what came of it. Pure. */

import { BUILT_IN_CHECKS } from '../policy/policy.ts';
import type { ReportCheck, ReportFacts } from './facts.ts';
import { figure, type Html, html, moment, NOT_RECORDED } from './html.ts';

const BUILT_INS: ReadonlySet<string> = new Set(BUILT_IN_CHECKS);

export function checks(report: ReportFacts): Html {
  const list = report.checks;
  return html`<section aria-labelledby="checks"><h2 id="checks">Checks <span class="count">${list.length}</span></h2>
${list.length === 0 ? html`<p class="empty">No check was recorded.</p>` : table(list)}
${list.some(({ at }) => at !== null) ? html`<p class="note">These are the last runs that the session’s records tell of. Nothing rests on them: a closeout runs the checks again.</p>` : null}
</section>`;
}

function table(list: readonly ReportCheck[]): Html {
  return html`<table role="table" class="rows"><caption class="quiet">Checks with their results and figures</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Check</th><th role="columnheader" scope="col">Result</th><th role="columnheader" scope="col">Tests</th><th role="columnheader" scope="col">Coverage</th><th role="columnheader" scope="col">Took</th></tr></thead>
<tbody role="rowgroup">${list.map(row)}</tbody></table>`;
}

function row(check: ReportCheck): Html {
  const { tests, coverage } = check;
  return html`<tr role="row"><th role="rowheader" scope="row">${check.name}${check.required === false ? html`<span class="about">not required</span>` : null}</th>
<td role="cell" data-label="Result"><span class="mark ${check.status}">${check.status.replaceAll('-', ' ')}</span>${check.detail === null ? null : html`<span class="says">${check.detail}</span>`}${check.inputs_changed.map((input) => html`<span class="warns">the session changed ${input}</span>`)}<span class="about">${evidence(check)}</span></td>
<td role="cell" data-label="Tests">${tests === null ? absent(check) : html`${tests.total - tests.failed - (tests.skipped ?? 0)} of ${tests.total}<span class="about">${tests.failed} failed${tests.skipped === null ? null : `, ${tests.skipped} skipped`}</span>`}</td>
<td role="cell" data-label="Coverage">${coverage === null ? absent(check) : `${coverage} %`}</td>
<td role="cell" data-label="Took">${figure(took(check.duration_ms))}</td></tr>`;
}

/** A rule of ours has no tests to count. */
function absent({ name }: ReportCheck): Html {
  return BUILT_INS.has(name) ? html`<span class="unknown">none</span>` : NOT_RECORDED;
}

/** Exit code, tree and log: by what one could look it up. */
function evidence({ exit_code, tree, log_sha256, at }: ReportCheck): Html {
  return html`${at === null ? null : html`ran ${moment(at)}, `}${exit_code === null ? null : `exit ${exit_code}, `}tree <code>${tree.slice(0, 10)}</code>${log_sha256 === null ? null : html`, log <code>sha256:${log_sha256.slice(0, 12)}</code>`}`;
}

function took(ms: number | null): string | null {
  return ms === null ? null : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
