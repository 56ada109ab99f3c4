/** What the session wrote down and what it learned. Pure. */

import { entriesByNamespace } from '../documents/figures.ts';
import { isDecisions } from '../documents/trajectory.ts';
import type { MemoryEntry } from '../memory/memory.ts';
import { patternLine } from '../pattern/lines.ts';
import type { ReportFacts } from './facts.ts';
import { type Html, html, moment } from './html.ts';

/** Characters of a value that are shown. */
const MOST = 4000;

export function memory({ facts }: ReportFacts): Html {
  const namespaces = [...entriesByNamespace(facts)];
  const of = (namespace: string) => facts.memory.filter((entry) => entry.namespace === namespace);
  const decisions = (entry: MemoryEntry) => isDecisions(facts, entry);
  return html`<section aria-labelledby="memory"><h2 id="memory">Memory <span class="count">${facts.memory.length}</span></h2>
${namespaces.length === 0 ? html`<p class="empty">Nothing was stored.</p>` : null}
${namespaces.map(([namespace, n]) => html`<h3>${namespace} <span class="count">${n}</span></h3><div class="entries">${of(namespace).map((entry) => memoryEntry(entry, decisions(entry)))}</div>`)}
</section>`;
}

function memoryEntry({ key, value, by, at, task }: MemoryEntry, decisions: boolean): Html {
  const text = typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
  const cut = text.length > MOST ? `${text.slice(0, MOST)}\n…` : text;
  const what = decisions ? 'what this session decided; the closeout adds it' : task === null ? null : `in task ${task}`;
  return html`<details><summary><code>${key}</code></summary><p class="about">by ${by.name}, ${moment(at)}${what === null ? null : `, ${what}`}</p><pre tabindex="0">${cut}</pre></details>`;
}

export function patterns({ facts }: ReportFacts): Html {
  const list = facts.patterns;
  return html`<section aria-labelledby="patterns"><h2 id="patterns">Learned patterns <span class="count">${list.filter(({ kept }) => kept).length}</span></h2>
${
  list.length === 0
    ? html`<p class="empty">None.</p>`
    : html`<ul class="cards">${list.map((pattern) => {
        const fields = pattern.fields ?? pattern.before;
        const said = [fields?.description ?? null, fields?.approach ?? null].filter((text) => text !== null && text !== pattern.title);
        return html`<li><strong>${patternLine(pattern).replace(/^- /, '')}</strong><span class="about"><code>${pattern.key}</code></span>${said.map((text) => html`<p>${text}</p>`)}${
          fields && fields.lessons_learned.length > 0
            ? html`<ul>${fields.lessons_learned.map((lesson) => html`<li>${lesson}</li>`)}</ul>`
            : null
        }</li>`;
      })}</ul>`
}
</section>`;
}
