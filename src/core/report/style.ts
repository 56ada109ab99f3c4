/** The look of a report: quiet, for reading; light and dark, narrow and wide, on screen and on paper. */

export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --card: #ffffff; --ink: #1d1f21; --soft: #5a5f66; --line: #e3e0d8; --track: #ece9e1;
  --accent: #0f5f7a; --good: #1c6b3a; --bad: #a8261b; --warn: #855600; --good-bg: #e8f3ea; --bad-bg: #fbeae8; --warn-bg: #fbf1dc;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181b; --card: #1d2024; --ink: #e7e5e0; --soft: #a5a9b0; --line: #33373d; --track: #2a2e33;
    --accent: #7cc3dd; --good: #7fcf9a; --bad: #f2958a; --warn: #e2b660; --good-bg: #1b2e22; --bad-bg: #3a201d; --warn-bg: #33290f;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0 auto; padding: 0 1.25rem 4rem; max-width: 62rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
h1, h2, h3 { line-height: 1.25; text-wrap: balance; font-weight: 650; letter-spacing: -0.01em; }
h1 { font-size: clamp(1.8rem, 5vw, 2.6rem); margin: 0.3rem 0 0.4rem; }
h2 { font-size: 1.3rem; margin: 0 0 1rem; }
h3 { font-size: 1rem; margin: 1.6rem 0 0.5rem; }
section { margin-top: 2.8rem; padding-top: 1.6rem; border-top: 1px solid var(--line); scroll-margin-top: 3.5rem; }
.figures { border-top: 0; padding-top: 0; margin-top: 1.8rem; }
p { margin: 0.5rem 0; }
a { color: var(--accent); text-underline-offset: 0.2em; }
a:focus-visible, summary:focus-visible, pre:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 3px; }
code, pre { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.86em; }
pre { margin: 0.5rem 0; padding: 0.8rem 1rem; background: var(--track); border-radius: 8px; overflow-x: auto; white-space: pre-wrap; line-height: 1.5; }
.about code, .meta code, footer code { font-size: 0.92em; }
.quiet { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--card); padding: 0.4rem 0.8rem; z-index: 2; }

.top { padding-top: 3rem; }
.kicker { color: var(--soft); font-size: 0.9rem; margin: 0; }
.badge { display: inline-block; padding: 0.05rem 0.6rem; border-radius: 99px; border: 1px solid currentcolor; color: var(--accent); font-weight: 600; margin-right: 0.4rem; }
.state-closed { color: var(--good); } .state-abandoned { color: var(--bad); } .state-active, .state-review { color: var(--warn); }
.lede { font-size: 1.15rem; color: var(--ink); max-width: 44rem; white-space: pre-line; }
.meta { display: flex; flex-wrap: wrap; gap: 0.4rem 2rem; margin: 1.2rem 0 0; font-size: 0.92rem; }
.meta dt { color: var(--soft); font-size: 0.8rem; } .meta dd { margin: 0; }
.wide { display: grid; grid-template-columns: 1fr; gap: 0.5rem; }
.wide > div { display: grid; grid-template-columns: 11rem 1fr; gap: 1rem; align-items: baseline; }
.wide dt { font-size: inherit; }

nav { position: sticky; top: 0; z-index: 1; background: var(--paper); margin: 1.4rem -1.25rem 0; padding: 0 1.25rem; border-bottom: 1px solid var(--line); }
nav ul { display: flex; gap: 1.3rem; list-style: none; margin: 0; padding: 0.6rem 0; overflow-x: auto; font-size: 0.9rem; white-space: nowrap; }
nav a { text-decoration: none; color: var(--soft); } nav a:hover { color: var(--accent); text-decoration: underline; }

.banner { margin: 1.6rem 0 0; padding: 0.9rem 1.1rem; border-radius: 10px; border-left: 5px solid var(--warn); background: var(--warn-bg); }
.banner.verified { border-color: var(--good); background: var(--good-bg); } .banner.failed { border-color: var(--bad); background: var(--bad-bg); }
.figures dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(12.5rem, 1fr)); gap: 1px; margin: 0; background: var(--line); border: 1px solid var(--line); border-radius: 12px; overflow: hidden; }
.figures dl > div { background: var(--card); padding: 0.9rem 1.1rem; }
.figures dt { color: var(--soft); font-size: 0.82rem; }
.figures dd { margin: 0.1rem 0 0; font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; line-height: 1.3; }
.figures .unknown { font-size: 1rem; font-weight: 400; }

.unknown, .empty { color: var(--soft); font-style: italic; }
.about, .says, .warns { display: block; font-size: 0.84rem; font-weight: 400; line-height: 1.5; }
.about, .note { color: var(--soft); } .note { font-size: 0.9rem; } .warns { color: var(--warn); }
.count { color: var(--soft); font-weight: 400; font-size: 0.85em; font-variant-numeric: tabular-nums; }
.mark { font-size: 0.84rem; font-weight: 600; color: var(--soft); white-space: nowrap; }
.mark::before { content: ""; display: inline-block; width: 0.55em; height: 0.55em; margin-right: 0.45em; border-radius: 50%; background: currentcolor; }
.passed, .completed, .added, .kept { color: var(--good); }
.mark.failed, .mark.timed-out, .deleted { color: var(--bad); }
.not-recorded, .not-run, .open, .modified, .mark.unverified { color: var(--warn); }
p.open { color: inherit; }

.rows { width: 100%; border-collapse: collapse; font-size: 0.94rem; }
.rows th, .rows td { text-align: left; vertical-align: top; padding: 0.75rem 1rem 0.75rem 0; border-bottom: 1px solid var(--line); }
.rows thead th { color: var(--soft); font-size: 0.8rem; font-weight: 500; padding: 0 1rem 0.4rem 0; white-space: nowrap; }
.rows tbody th { font-weight: 500; width: 20%; } .timeline tbody th { width: 30%; }
.rows td { font-variant-numeric: tabular-nums; }
.rows td:last-child, .rows th:last-child { padding-right: 0; }
.rows td[data-label="Took"], .rows td[data-label="Coverage"] { white-space: nowrap; }
.agent { display: block; color: var(--accent); font-weight: 600; font-size: 0.86rem; }
.timeline td:nth-child(2) { width: 34%; }
.bar { display: block; width: 100%; height: 0.65rem; margin: 0.5rem 0 0.35rem; border-radius: 99px; }
.track { fill: var(--track); } .run { fill: var(--accent); }
.bar.failed .run { fill: var(--bad); } .bar.open .run, .bar.cancelled .run { fill: var(--warn); }
.pulse { margin: 0 0 1.4rem; } .pulse svg { display: block; width: 100%; height: 3rem; fill: var(--accent); opacity: 0.75; border-bottom: 1px solid var(--line); }
.pulse figcaption { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; color: var(--soft); font-size: 0.8rem; padding-top: 0.3rem; }

details { border-bottom: 1px solid var(--line); padding: 0.5rem 0; } details:last-child { border-bottom: 0; }
summary { cursor: pointer; font-weight: 600; } .entries summary { font-weight: 400; }
.tree { list-style: none; margin: 0.3rem 0; padding-left: 1.1rem; border-left: 1px solid var(--line); }
.tree li { padding: 0.22rem 0; }
.folder { color: var(--soft); } .file { font-weight: 500; }
.row { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.9rem; }
.row .says { color: var(--soft); flex: 1 1 16rem; } .row .about { font-variant-numeric: tabular-nums; margin-left: auto; }
.cards { list-style: none; padding: 0; margin: 0; } .cards > li { padding: 0.8rem 0; border-bottom: 1px solid var(--line); } .cards > li:last-child { border-bottom: 0; }
.findings { list-style: none; padding: 0; } .findings li { padding: 0.3rem 0; } .findings code { color: var(--soft); }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: 0.85rem; }

@media (max-width: 44rem) {
  .top { padding-top: 1.6rem; }
  .wide > div { grid-template-columns: 1fr; gap: 0; }
  .wide dt { font-size: 0.8rem; }
  .figures dl { grid-template-columns: 1fr 1fr; }
  .rows, .rows tbody, .rows tr, .rows th, .rows td { display: block; width: auto; }
  .timeline td:nth-child(2) { width: auto; }
  .row .about { margin-left: 0; }
  .pulse figcaption span:nth-child(2) { display: none; }
  .rows thead { display: none; }
  .rows tr { padding: 0.9rem 0; border-bottom: 1px solid var(--line); }
  .rows th, .rows td, .rows tbody th, .timeline tbody th { border: 0; padding: 0.15rem 0; width: auto; }
  .rows td { display: grid; grid-template-columns: 5.5rem 1fr; gap: 0 0.8rem; }
  .rows td::before { content: attr(data-label); color: var(--soft); font-size: 0.84rem; }
  .rows td > * { grid-column: 2; }
}
@media print {
  :root { --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --track: #eee; --accent: #0f5f7a; --good: #1c6b3a; --bad: #a8261b; --warn: #855600;
    --good-bg: #fff; --bad-bg: #fff; --warn-bg: #fff; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav, .skip { display: none; }
  section { break-inside: auto; margin-top: 1.4rem; padding-top: 0.8rem; } h2, h3, summary { break-after: avoid; } tr, .cards > li, .banner { break-inside: avoid; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; }
  .banner, .badge, .bar, .pulse svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
