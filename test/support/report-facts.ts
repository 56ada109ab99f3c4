/** Facts of a report, for tests of the page. */

import { metricsOf } from '../../src/core/documents/metrics.ts';
import { withDecisions } from '../../src/core/documents/trajectory.ts';
import type { ReportFacts } from '../../src/core/report/facts.ts';
import { checkResult, closeoutFacts, ID } from './closeout-facts.ts';

/** A closed and verified session. */
export function reportFacts(over: Partial<ReportFacts> = {}): ReportFacts {
  const facts = withDecisions(
    closeoutFacts({
      checks: [
        checkResult('secrets', {
          source: 'built-in',
          tests: null,
          coverage: null,
          exit_code: null,
          detail: 'No secret in the added lines of 6 files.',
        }),
        checkResult('tests', { inputs_changed: ['package.json: scripts.test changed'], log_sha256: 'a'.repeat(64) }),
        checkResult('lint', { required: false, status: 'failed', exit_code: 1, tests: null, coverage: null, detail: 'Exit 1.' }),
      ],
    }),
  );
  return {
    facts,
    metrics: metricsOf(over.facts ?? facts),
    state: 'closed',
    checks: facts.checks.map((check) => ({ ...check, at: null })),
    rejections: [{ at: '2025-11-17T14:40:00.000Z', text: 'The form has no label.' }],
    approval: {
      approver: { principal: 'dana@example.com', key: 'SHA256:4fEw3yFJ0cXb2mXKqJ8QnGkq7C0a9n4bTtqkC0yZ2hE', format: 'ssh' },
      approved_at: '2025-11-17T14:45:22.000Z',
      presence: 'terminal',
      tag: `backup/${ID}`,
      seal: 'e'.repeat(40),
      manifest: 'b'.repeat(64),
      accepted: ['check lint: failed'],
      lessons_only: false,
    },
    audit: {
      verdict: 'verified',
      why: null,
      findings: [],
      approvals: { needed: 1, principals: ['dana@example.com'] },
      landing: { commit: 'd'.repeat(40), at: '2025-11-17T14:45:30+00:00', base: 'main', now: 'landed' },
    },
    made_at: '2025-11-18T09:00:00.000Z',
    version: '0.1.0',
    ...over,
  };
}

/** A session that is still worked on: nothing is signed, and checks are known from records alone. */
export function openReport(): ReportFacts {
  const { facts, checks } = reportFacts();
  const recorded = checks.map((check) => ({ ...check, required: null, detail: null, log_sha256: null, at: '2025-11-17T14:43:00.000Z' }));
  return reportFacts({ facts: { ...facts, goal: null, checks: [] }, state: 'active', checks: recorded, approval: null, audit: null });
}

const EVIL =
  '<script>window.pwned = 1</script><img src=x onerror="window.pwned = 2">\'"</style><style>*{display:none}</style>\u202egnp.exe\u001b[31m';

/** Every text of agents is markup, or tries to be. */
export function hostileReport(): ReportFacts {
  const { facts, checks, audit } = reportFacts();
  const [task] = facts.tasks;
  const [artifact] = facts.artifacts;
  const [entry] = facts.memory;
  if (!task || !artifact || !entry) throw new Error('no facts');
  const evil = {
    ...facts,
    topic: EVIL,
    goal: EVIL.repeat(3),
    tasks: [{ ...task, description: EVIL, note: EVIL, model: EVIL, agent: { type: EVIL, name: EVIL, id: null } }],
    artifacts: [{ ...artifact, path: `${artifact.path}/${EVIL}/${'x'.repeat(300)}`, about: EVIL }],
    workspace: facts.workspace.map((change) => ({ ...change, path: `javascript:alert(1)/${EVIL}` })),
    memory: [
      { ...entry, key: EVIL, value: { [EVIL]: EVIL } },
      { ...entry, namespace: EVIL, value: EVIL },
    ],
    patterns: facts.patterns.map((pattern) => ({ ...pattern, title: EVIL, key: EVIL })),
  };
  return reportFacts({
    facts: evil,
    checks: checks.map((check) => ({ ...check, name: EVIL, detail: EVIL, inputs_changed: [EVIL] })),
    rejections: [{ at: '2025-11-17T14:40:00.000Z', text: EVIL }],
    audit: audit && { ...audit, verdict: 'failed', findings: [{ level: 'failed', code: 'x', what: EVIL }] },
  });
}

/** As much as a very busy session makes. */
export function largeReport(): ReportFacts {
  const { facts } = reportFacts();
  const [task] = facts.tasks;
  const [artifact] = facts.artifacts;
  if (!task || !artifact) throw new Error('no facts');
  const folder = artifact.path.replace(/[^/]+$/, '');
  const artifacts = Array.from({ length: 2000 }, (_, n) => ({ ...artifact, path: `${folder}part-${n % 40}/file-${n}.js` }));
  const tasks = Array.from({ length: 300 }, (_, n) => ({
    ...task,
    task: `t${n}`,
    description: `Part ${n}`,
    agent: { ...task.agent, id: `a${n % 20}` },
  }));
  return reportFacts({ facts: { ...facts, artifacts, tasks } });
}
