/** Who worked when: a row a task, drawn as lines that stretch with the page. Pure. */

import { agentsOf, taskMinutes } from '../documents/figures.ts';
import type { Task } from '../session/tasks.ts';
import { count } from '../text/text.ts';
import { isSealed, type ReportFacts } from './facts.ts';
import { figure, type Html, html, moment, NOT_RECORDED } from './html.ts';

/** Width of a drawing, in its own units. */
const WIDE = 1000;

interface Span {
  from: number;
  to: number;
}

export function timeline(report: ReportFacts): Html {
  const { facts } = report;
  const people = facts.tasks.filter(({ task }) => facts.personTasks.has(task));
  const agents = agentsOf(facts);
  const span = spanOf(report);
  const rows = [
    ...agents.flatMap(({ type, name, tasks }) => tasks.map((task) => row(type ?? name, task, span))),
    ...people.map((task) => row(`${task.agent.name} (a person)`, task, span)),
  ];
  return html`<section aria-labelledby="timeline"><h2 id="timeline">Timeline</h2>
${facts.tasks.length === 0 ? html`<p class="empty">No task was recorded.</p>` : table(rows, span, facts.moments)}
</section>`;
}

function table(rows: readonly Html[], span: Span, moments: readonly number[]): Html {
  const [from, to] = [span.from, span.to].map((ms) => new Date(ms).toISOString());
  return html`<figure class="pulse"><svg viewBox="0 0 ${WIDE} 40" preserveAspectRatio="none" aria-hidden="true" focusable="false">${pulse(moments, span)}</svg>
<figcaption><span>${moment(from ?? '')}</span><span>what was recorded, over time</span><span>${moment(to ?? '')}</span></figcaption></figure>
<table role="table" class="rows timeline"><caption class="quiet">Tasks in the order of agents, with when they ran</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Agent and task</th><th role="columnheader" scope="col">When</th><th role="columnheader" scope="col">Took</th><th role="columnheader" scope="col">Work</th><th role="columnheader" scope="col">Outcome</th></tr></thead>
<tbody role="rowgroup">${rows}</tbody></table>`;
}

function row(agent: string, task: Task, span: Span): Html {
  const { from, width } = placed(task, span);
  const minutes = taskMinutes(task);
  const work = `${count(task.edits, 'edit')} in ${count(task.files.length, 'file')}`;
  return html`<tr role="row"><th role="rowheader" scope="row"><span class="agent">${agent}</span> ${task.description ?? task.task}${task.note === null ? null : html`<span class="about">${task.note}</span>`}</th>
<td role="cell" data-label="When"><svg class="bar ${task.status}" viewBox="0 0 ${WIDE} 10" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="track" width="${WIDE}" height="10"/><rect class="run" x="${from}" width="${width}" height="10" rx="2"/></svg><span class="about">from ${moment(task.started_at)}</span></td>
<td role="cell" data-label="Took">${task.finished_at === null ? html`<span class="unknown">has not ended</span>` : figure(minutes === null ? null : `${minutes} min`)}</td>
<td role="cell" data-label="Work">${work}<span class="about">${task.tokens === null ? html`tokens ${NOT_RECORDED}` : html`${task.tokens} tokens`}${task.model === null ? null : html`, ${task.model}`}</span></td>
<td role="cell" data-label="Outcome"><span class="mark ${task.status}">${task.status}</span></td></tr>`;
}

function spanOf({ facts, state, made_at }: ReportFacts): Span {
  const times = [facts.created_at, ...facts.tasks.flatMap(({ started_at, finished_at }) => [started_at, finished_at ?? started_at])];
  const all = [...times, isSealed(state) ? facts.closed_at : made_at].map((at) => Date.parse(at)).filter(Number.isFinite);
  const [from, to] = [Math.min(...all), Math.max(...all)];
  return { from, to: Math.max(to, from + 1) };
}

/** Left edge and width in the drawing; a task that took no time is still seen. */
function placed(task: Task, span: Span): { from: number; width: number } {
  const at = (ms: number) => Math.round(((ms - span.from) / (span.to - span.from)) * WIDE);
  const from = Math.max(0, Math.min(WIDE - 8, at(Date.parse(task.started_at))));
  const to = task.finished_at === null ? WIDE : at(Date.parse(task.finished_at));
  return { from, width: Math.max(8, Math.min(WIDE, to) - from) };
}

const BUCKETS = 80;

/** How much was recorded when: one bar for each part of the time. */
function pulse(moments: readonly number[], span: Span): Html[] {
  const counts = new Array<number>(BUCKETS).fill(0);
  for (const ms of moments) {
    const at = Math.floor(((ms - span.from) / (span.to - span.from + 1)) * BUCKETS);
    if (at >= 0 && at < BUCKETS) counts[at] = (counts[at] ?? 0) + 1;
  }
  const most = Math.max(1, ...counts);
  const step = WIDE / BUCKETS;
  return counts.flatMap((n, i) => {
    const high = n === 0 ? 0 : Math.max(3, Math.round((n / most) * 38));
    return n === 0 ? [] : [html`<rect x="${i * step + 1.5}" y="${40 - high}" width="${step - 3}" height="${high}" rx="1.5"/>`];
  });
}
