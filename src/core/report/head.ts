/** The top of a report: what the session was about, where it stands, and its figures. Pure. */

import { agentsOf, checkScore } from '../documents/figures.ts';
import { count } from '../text/text.ts';
import { isSealed, type ReportFacts } from './facts.ts';
import { figure, type Html, html, moment } from './html.ts';

export function head(report: ReportFacts): Html {
  const { facts, state } = report;
  return html`<header class="top">
<p class="kicker"><span class="badge state-${state}">${state}</span> session of coding agents</p>
<h1>${facts.topic}</h1>
${facts.goal === null ? html`<p class="lede unknown">Its goal is not recorded.</p>` : html`<p class="lede">${facts.goal}</p>`}
<dl class="meta">
<div><dt>Session</dt><dd><code>${facts.id}</code></dd></div>
<div><dt>Started</dt><dd>${moment(facts.created_at)}</dd></div>
${isSealed(report.state) ? html`<div><dt>Closed</dt><dd>${moment(facts.closed_at)}</dd></div>` : null}
<div><dt>Base</dt><dd><code>${facts.base}</code></dd></div>
${facts.continues === null ? null : html`<div><dt>Continues</dt><dd><code>${facts.continues}</code></dd></div>`}
</dl>
</header>`;
}

/** The figures that people ask for first. */
export function figures(report: ReportFacts): Html {
  const { facts, metrics } = report;
  const lines = metrics.lines_added === null || metrics.lines_removed === null ? null : `+${metrics.lines_added} −${metrics.lines_removed}`;
  const score = checkScore(report.checks);
  const { added, modified, deleted } = metrics.workspace;
  const tokens = metrics.agents.map((agent) => agent.tokens);
  const coverage = facts.checks.length > 0 ? metrics.test_coverage : recordedCoverage(report);
  const minutes = (n: number | null) => (n === null ? null : `${n} min`);
  return html`<section class="figures" aria-labelledby="figures"><h2 id="figures" class="quiet">At a glance</h2><dl>
${tile('Duration', minutes(metrics.duration_minutes), `${metrics.active_minutes ?? 'not recorded'}${metrics.active_minutes === null ? '' : ' min'} active`)}
${tile('Agents', metrics.agents_spawned, agentTypes(report))}
${tile('Artifacts', facts.artifacts.length, `from ${count(facts.tasks.length, 'task')}`)}
${tile('Workspace changes', facts.workspace.length, `${added} added, ${modified} changed, ${deleted} deleted`)}
${tile('Lines', lines, 'artifacts and workspace')}
${tile('Checks passed', report.checks.length === 0 ? null : `${score.passed} of ${score.needed}`, score.needed === report.checks.length ? 'of those that ran' : 'of those that were needed')}
${tile('Test coverage', coverage === null ? null : `${coverage} %`, 'lowest of the checks that passed')}
${tile('Tokens', tokens.length === 0 || tokens.some((n) => n === null) ? null : tokens.reduce<number>((sum, n) => sum + (n ?? 0), 0), 'as the agents’ clients report them')}
</dl></section>`;
}

function tile(name: string, value: string | number | null, about: string): Html {
  return html`<div><dt>${name}</dt><dd>${figure(value)}<span class="about">${about}</span></dd></div>`;
}

function agentTypes({ facts }: ReportFacts): string {
  const types = [...new Set(agentsOf(facts).map(({ type, name }) => type ?? name))];
  return types.length === 0 ? 'none' : types.slice(0, 4).join(', ') + (types.length > 4 ? ` and ${types.length - 4} more` : '');
}

function recordedCoverage({ checks }: ReportFacts): number | null {
  const seen = checks.flatMap(({ status, coverage }) => (status === 'passed' && coverage !== null ? [coverage] : []));
  return seen.length === 0 ? null : Math.min(...seen);
}
