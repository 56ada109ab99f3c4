/** What the session made and changed, as trees. Pure. */

import type { ArtifactFact, WorkspaceFact } from '../documents/facts.ts';
import { artifactName } from '../documents/inventory.ts';
import { aboutArtifact } from '../documents/summary.ts';
import { ARTIFACT_KINDS } from '../session/metadata.ts';
import { numberText } from '../text/text.ts';
import type { ReportFacts } from './facts.ts';
import { type Html, html } from './html.ts';
import { tree } from './tree.ts';

/** A kind with more files than this is folded. */
const MOST_OPEN = 60;

export function artifacts({ facts }: ReportFacts): Html {
  const kinds = ARTIFACT_KINDS.map((kind) => ({ kind, files: facts.artifacts.filter((artifact) => artifact.kind === kind) }));
  const leaf = (artifact: ArtifactFact) => ({
    path: artifactName(artifact.path, artifact.kind),
    after: behind(aboutArtifact(artifact, facts.tasks), artifact, size(artifact.size)),
  });
  return html`<section aria-labelledby="artifacts"><h2 id="artifacts">Artifacts <span class="count">${facts.artifacts.length}</span></h2>
${facts.artifacts.length === 0 ? html`<p class="empty">None.</p>` : null}
${kinds.flatMap(({ kind, files }) => (files.length === 0 ? [] : [folded(kind, files.length, tree(files.map(leaf)))]))}
</section>`;
}

export function workspace({ facts }: ReportFacts): Html {
  const leaf = (change: WorkspaceFact) => ({
    path: change.path,
    after: html` <span class="mark ${change.status}">${change.status}</span>${behind(null, change, null)}`,
  });
  const n = facts.workspace.length;
  return html`<section aria-labelledby="workspace"><h2 id="workspace">Workspace changes <span class="count">${n}</span></h2>
${n === 0 ? html`<p class="empty">None outside the session’s folder.</p>` : folded('all changes', n, tree(facts.workspace.map(leaf)))}
</section>`;
}

function folded(name: string, n: number, content: Html): Html {
  const summary = html`<summary>${name} <span class="count">${n}</span></summary>`;
  return n > MOST_OPEN ? html`<details>${summary}${content}</details>` : html`<details open>${summary}${content}</details>`;
}

/** What it is about, its lines and size, and who made it. */
function behind(about: string | null, { lines, authors }: Pick<WorkspaceFact, 'lines' | 'authors'>, bytes: string | null): Html {
  const figures = [
    lines === null ? 'lines not counted' : `+${numberText(lines.added)} −${numberText(lines.removed)}`,
    bytes,
    authors.length === 0 ? null : authors.join(', '),
  ].filter((part) => part !== null);
  return html`${about === null ? null : html`<span class="says">${about}</span>`}<span class="about">${figures.join(' · ')}</span>`;
}

function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
