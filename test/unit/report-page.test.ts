/** The page of a report: text stays text, every figure comes from a fact, and what is unknown says so. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReportFacts } from '../../src/core/report/facts.ts';
import { html } from '../../src/core/report/html.ts';
import { BEGINNING, reportPage } from '../../src/core/report/page.ts';
import { tree } from '../../src/core/report/tree.ts';
import { hostileReport, openReport, reportFacts } from '../support/report-facts.ts';

const page = (over: Partial<ReportFacts> = {}) => reportPage(reportFacts(over), 'x');
/** The text of the page without markup, spaces made one. */
const words = (text: string) =>
  text
    .replace(/<style>[\s\S]*?<\/style>|<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replaceAll('&#39;', "'");

describe('text', () => {
  test('of any kind is text in a template, in elements and in attributes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const made = html`<p title="${text}">${text}</p>`.text;
        expect(made.split('<')).toHaveLength(3);
        expect(made.split('"')).toHaveLength(3);
      }),
    );
  });

  test('of agents reaches no tag and no attribute of the page', () => {
    const made = reportPage(hostileReport(), 'x');
    const tags = new Set([...made.replace(/<!--[\s\S]*?-->/, '').matchAll(/<([a-z0-9]+)[ >]/gi)].map(([, name]) => name));
    for (const name of ['script', 'img', 'iframe', 'link', 'object', 'form', 'base']) expect(tags).not.toContain(name);
    expect(made.match(/<style>/g)).toHaveLength(1);
    expect(made).not.toMatch(/<[^>]* on[a-z]+=/i);
    expect(made).not.toMatch(/<[^>]* style=/i);
    expect(made).not.toContain('\u202e');
    expect(made).not.toContain('\u001b');
    expect([...made.matchAll(/href="([^"]*)"/g)].every(([, to]) => to?.startsWith('#'))).toBe(true);
  });
});

test('is one file with nothing from elsewhere, and the same for the same facts', () => {
  const made = page();
  expect(made.startsWith(BEGINNING)).toBe(true);
  expect(made).not.toMatch(/(src|srcset|data|action|poster)="|url\(|@import|https?:\/\//);
  expect(made).toContain('default-src &#39;none&#39;; style-src &#39;sha256-x&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;');
  expect(page()).toBe(made);
});

describe('figures', () => {
  const { facts, checks } = reportFacts();
  const [task] = facts.tasks;
  if (!task) throw new Error('no task');
  const shown = (over: Partial<ReportFacts>) => words(page(over));
  const tile = (name: string, over: Partial<ReportFacts>) =>
    new RegExp(`${name} (.*?) (?=Agents|Artifacts|Workspace|Lines|Checks|Test|Tokens|Timeline)`).exec(shown(over))?.[1];

  test.each<[string, Partial<ReportFacts>, string, Partial<ReportFacts>]>([
    ['Duration', { facts: { ...facts, closed_at: '2025-11-17T15:00:22.000Z' } }, '30 min', { facts: { ...facts, created_at: 'x' } }],
    ['Tokens', { facts: { ...facts, tasks: [task] } }, '1200', { facts: { ...facts, tasks: [{ ...task, tokens: null }] } }],
    [
      'Test coverage',
      { facts: { ...facts, checks: facts.checks.map((check) => ({ ...check, coverage: 42 })) } },
      '42 %',
      { facts: { ...facts, checks: facts.checks.map((check) => ({ ...check, coverage: null })) } },
    ],
    ['Checks passed', { checks: checks.slice(0, 1) }, '1 of 1', { checks: [] }],
    [
      'Lines',
      { facts: { ...facts, workspace: [] } },
      '+15 −0',
      { facts: { ...facts, artifacts: facts.artifacts.map((artifact) => ({ ...artifact, lines: null })) } },
    ],
  ])('%s follows its records, and without them is not recorded', (name, changed, wanted, gone) => {
    expect(tile(name, changed)).toMatch(new RegExp(`^${wanted.replace('+', '\\+')}`));
    expect(tile(name, gone)).toMatch(/^not recorded/);
  });

  test('a goal that nobody gave, and gaps, are named', () => {
    const made = words(reportPage(openReport(), 'x'));
    expect(made).toContain('Its goal is not recorded.');
    expect(made).toContain('Not approved. The session is active; nothing of it is signed.');
    expect(made).toContain('the goal (none was given at the start)');
    expect(made).toContain('These are the last runs that the session’s records tell of.');
    expect(made).toContain('98.5 %');
  });

  test('a verdict is what the audit found', () => {
    const { audit } = reportFacts();
    if (!audit) throw new Error('no audit');
    expect(shown({})).toContain('Verified. Approved by dana@example.com');
    expect(
      shown({ audit: { ...audit, verdict: 'failed', findings: [{ level: 'failed', code: 'x', what: 'The tag was moved.' }] } }),
    ).toMatch(/Verification failed\. .*failed The tag was moved\./);
    expect(shown({ audit: { ...audit, verdict: 'not checked', why: 'This clone is shallow.' } })).toMatch(
      /Not checked\. .*This clone is shallow\./,
    );
    expect(shown({ audit: { ...audit, landing: null } })).toContain('It has not landed.');
    const { approval } = reportFacts();
    expect(shown({ approval: approval && { ...approval, lessons_only: true } })).toContain('Only what it learned was approved and landed');
    expect(shown({ approval: null })).toContain('There is no approval.');
  });
});

test('a tree tells folders first, and a folder of one folder with it', () => {
  const leaf = (path: string) => ({ path, after: html`` });
  const made = words(tree([leaf('z.js'), leaf('a/b/c.js'), leaf('a/b/d.js')]).text);
  expect(made.trim()).toBe('a/b/ c.js d.js z.js');
});
