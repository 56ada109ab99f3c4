/** A session's report as one page: no script, nothing from elsewhere. Pure. */

import { approval, banner, notRecorded } from './approval.ts';
import { artifacts, workspace } from './artifacts.ts';
import { checks } from './checks.ts';
import type { ReportFacts } from './facts.ts';
import { figures, head } from './head.ts';
import { Html, html, moment } from './html.ts';
import { memory, patterns } from './memory.ts';
import { STYLE } from './style.ts';
import { timeline } from './timeline.ts';

const SECTIONS = [
  ['timeline', 'Timeline'],
  ['artifacts', 'Artifacts'],
  ['workspace', 'Changes'],
  ['checks', 'Checks'],
  ['memory', 'Memory'],
  ['patterns', 'Patterns'],
  ['approval', 'Approval'],
  ['gaps', 'Not recorded'],
] as const;

/** The text that every page begins with: by it a file is known as a report that may be written anew. */
export const BEGINNING = '<!doctype html>\n<!-- A report of git-session. -->\n';

/** The whole page. `styleSha256`: of STYLE, in base64, so that the page admits this style and nothing else. */
export function reportPage(report: ReportFacts, styleSha256: string): string {
  const policy = `default-src 'none'; style-src 'sha256-${styleSha256}'; base-uri 'none'; form-action 'none'`;
  const page = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${report.facts.topic} – session report</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">To the report</a>
${head(report)}
<nav aria-label="Sections"><ul>${SECTIONS.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
<main id="main">
${banner(report)}
${figures(report)}
${timeline(report)}
${artifacts(report)}
${workspace(report)}
${checks(report)}
${memory(report)}
${patterns(report)}
${approval(report)}
${notRecorded(report)}
</main>
<footer><p>Made by git-session ${report.version}, ${moment(report.made_at)}, from the repository alone. It tells the state of that moment; <code>git session verify ${report.facts.id}</code> tells today’s.</p></footer>
</body>
</html>
`;
  return BEGINNING + page.text;
}
