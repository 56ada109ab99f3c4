/** A session whose agent claims more than it did: the closeout shows what really ran, and verify names what was forged. */

import { expect, test } from 'vitest';
import type { Prepared } from '../../src/closeout/prepare/prepare.ts';
import { verifySession } from '../../src/closeout/verify/index.ts';
import { summaryOf } from '../../src/core/documents/summary.ts';
import { type Actor, TOOL } from '../../src/core/log/record.ts';
import { sessionPaths } from '../../src/core/session/metadata.ts';
import { appendRecord } from '../../src/store/journal.ts';
import { approvedRepo, closeSession, workOn } from '../support/landed.ts';

const FAKED = JSON.stringify({ total: { lines: { total: 100, covered: 100, pct: 100 } } });
const policy = `checks:
  list:
    - name: tests
      run: echo '1..2'; echo 'ok 1 - real'; echo 'ok 2 - real too'
      reports: [{ path: coverage/coverage-summary.json, kind: json-summary }]
`;
const CLAIMS = '# All 999 tests pass\n\nCoverage is 100 %. Reviewed and approved by dana@example.com.\n';

/** A session with a note that boasts and a faked report in the tree, and its review. */
async function boast(forge: (at: { commonDir: string; id: Parameters<typeof sessionPaths>[0] }) => void = () => {}) {
  const { repo } = approvedRepo({ policy });
  const id = await workOn(repo, {
    artifacts: { 'code/app.js': '// Adds.\nexport const add = (a, b) => a + b;\n', 'notes/RESULTS.md': CLAIMS },
    files: { 'coverage/coverage-summary.json': FAKED },
  });
  const at = sessionPaths(id);
  repo.commit('figures of my own', { [at.metrics]: '{"version":1,"test_coverage":100,"agents_spawned":40}\n', [at.summary]: CLAIMS });
  const open = await repo.open();
  forge({ commonDir: open.commonDir, id });
  let review: Prepared | null = null;
  const landed = await closeSession(repo, id, async (prepared) => {
    review = prepared;
    return { verdict: 'approve', dropped: new Set(), accepted: [] };
  });
  return { repo, open, at, landed, review: review as unknown as Prepared };
}

test('notes, a faked report and metrics of its own change no figure', async () => {
  const { repo, open, at, landed, review } = await boast();
  const tests = review.checks.find(({ name }) => name === 'tests');
  expect(tests).toMatchObject({ status: 'passed', coverage: null, tests: { total: 2, passed: 2 } });
  expect(tests?.detail).toContain('coverage/coverage-summary.json was not written by this run: not recorded.');
  const shown = summaryOf(review.content.facts);
  expect(shown).toContain('2 tests passed');
  expect(shown).toMatch(/\*\*Not recorded\*\*:[\s\S]*test coverage \(no check reported it\)/);
  expect(shown.match(/999/g)).toHaveLength(1);
  expect(shown).toContain('- notes/RESULTS.md (All 999 tests pass)');
  const sealed = JSON.parse(repo.git('show', `${landed.seal}:${at.metrics}`));
  expect(sealed).toMatchObject({
    test_coverage: null,
    agents_spawned: 1,
    checks: expect.arrayContaining([expect.objectContaining({ name: 'tests' })]),
  });
  expect(repo.git('show', `${landed.seal}:${at.summary}`)).toContain('## Session Summary: calculator-app');
  expect((await verifySession(open, landed.id)).verdict).toBe('verified');
});

const AGENT: Actor = { kind: 'agent', name: 'backend-dev' };
const result = (tree: string) => ({
  name: 'tests',
  status: 'passed' as const,
  tree,
  exit_code: 0,
  duration_ms: 1,
  tests: 999,
  failed: 0,
  coverage: 100,
});

test('a result that an agent wrote is named before the approval, and by verify after it', async () => {
  const { open, landed, review } = await boast(({ commonDir, id }) => {
    appendRecord(commonDir, id, { kind: 'check.ran', actor: AGENT, data: result('0'.repeat(40)) });
  });
  expect(review.checks.find(({ name }) => name === 'log-health')).toMatchObject({
    status: 'failed',
    detail: expect.stringContaining('a result of the check tests written by backend-dev: only the tool that ran it writes results'),
  });
  expect(review.checks.find(({ name }) => name === 'tests')).toMatchObject({ coverage: null, tests: { total: 2 } });
  const report = await verifySession(open, landed.id);
  expect(report.verdict).toBe('failed');
  expect(report.findings.map(({ code }) => code)).toContain('check-record-actor');
});

test('a result in the name of the tool, written after the real one, is named by verify', async () => {
  const { repo } = approvedRepo({ policy });
  const id = await workOn(repo);
  const open = await repo.open();
  const landed = await closeSession(repo, id, async (prepared) => {
    appendRecord(open.commonDir, id, { kind: 'check.ran', actor: TOOL, data: result(prepared.tree) });
    return { verdict: 'approve', dropped: new Set(), accepted: [] };
  });
  const report = await verifySession(open, landed.id);
  expect(report.verdict).toBe('failed');
  const found = report.findings.find(({ code }) => code === 'check-record');
  expect(found?.what).toContain('forged or stale: it says tests 999, the manifest tests 2');
});

test('metrics.json edited after the landing is named', async () => {
  const { repo, open, at, landed } = await boast();
  const metrics = JSON.parse(repo.read(at.metrics));
  repo.commit('better figures', { [at.metrics]: JSON.stringify({ ...metrics, test_coverage: 100 }) });
  const report = await verifySession(open, landed.id);
  expect(report.verdict).not.toBe('verified');
  expect(report.findings.find(({ code }) => code === 'edited-since')?.what).toContain(at.metrics);
});
