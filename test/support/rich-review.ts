/** A review with something of everything, hostile text among it. */

import type { ReviewData } from '../../src/tui/data.ts';
import { checkResult, closeoutFacts, ID } from './closeout-facts.ts';
import { readyData, reviewFacts } from './review-state.ts';

const root = `sessions/${ID}/artifacts`;
const dev = { kind: 'agent' as const, name: 'backend-dev' };
const lines = (added: number, removed = 0) => ({ added, removed });

export const DIFF = [
  'diff --git a/src/app.js b/src/app.js',
  'index 1f2e3d4..5a6b7c8 100644',
  '--- a/src/app.js',
  '+++ b/src/app.js',
  '@@ -1,4 +1,5 @@ export function login(user) {',
  ' const ok = check(user);',
  '-  return ok;',
  '+\tif (!ok) throw new Error("no");',
  '+  return token(user); // \u001b[2J\u202e hidden',
  ' }',
].join('\n');

export function richData(): ReviewData {
  const facts = closeoutFacts({ goal: 'People can log in with a password, and \u001b[2Jnobody else can' });
  const [build, write] = facts.tasks;
  const tasks = [
    ...(build ? [build] : []),
    ...(write ? [{ ...write, note: 'the second half is missing' }] : []),
    {
      ...{ task: 'docs', description: 'Describe the API', agent: { type: 'writer', name: 'writer', id: 'a9' }, status: 'failed' as const },
      ...{
        started_at: '2025-11-17T14:41:00.000Z',
        finished_at: '2025-11-17T14:44:30.000Z',
        files: [],
        tokens: 900,
        tool_calls: 3,
        edits: 4,
        model: 'large',
        note: null,
      },
    },
  ];
  const artifact = (kind: 'code' | 'tests' | 'docs', name: string, n: number, about: string | null) => ({
    ...{
      kind,
      path: `${root}/${kind}/${name}`,
      blob: 'a'.repeat(40),
      size: 10,
      about,
      lines: lines(n),
      task: 't1',
      actor: dev,
      authors: ['backend-dev'],
    },
  });
  const checks = [
    checkResult('secrets', {
      source: 'built-in',
      detail: 'No secret in the added lines of 6 files.',
      tests: null,
      coverage: null,
      exit_code: null,
      duration_ms: null,
    }),
    checkResult('tests', {
      detail: 'Exit 0. 12 tests passed, 0 failed, 0 skipped.',
      tests: { total: 12, passed: 12, failed: 0, skipped: 0 },
      inputs_changed: ['package.json'],
    }),
    checkResult('lint', {
      required: false,
      status: 'failed',
      detail: 'Exit 1.',
      tests: null,
      coverage: null,
      exit_code: 1,
      duration_ms: 340,
    }),
    checkResult('e2e', {
      reused_from: '2025-11-17T13:00:00.000Z',
      detail: 'Passed earlier on this tree.',
      tests: null,
      coverage: null,
      duration_ms: null,
      exit_code: null,
    }),
    checkResult('site', {
      status: 'not-needed',
      required: false,
      detail: 'The session changed nothing under site/.',
      duration_ms: null,
      exit_code: null,
      tests: null,
      coverage: null,
    }),
  ];
  const review = reviewFacts({
    facts: {
      ...facts,
      tasks,
      artifacts: [
        artifact('code', 'auth/password.js', 120, 'Checks a password'),
        artifact('code', 'auth/token.js', 80, 'Makes a token\u0007'),
        artifact('tests', 'unit/password.test.js', 44, null),
        artifact('docs', 'API.md', 30, 'Login API'),
      ],
      workspace: [
        {
          path: 'src/app.js',
          status: 'modified',
          blob: 'c'.repeat(40),
          size: 30,
          lines: lines(2, 1),
          task: 't1',
          actor: dev,
          authors: ['backend-dev', 'tester'],
        },
        {
          path: 'src/old \u001b[31mname.js',
          status: 'deleted',
          blob: null,
          size: null,
          lines: lines(0, 12),
          task: null,
          actor: null,
          authors: [],
        },
        { path: 'assets/logo.png', status: 'added', blob: 'd'.repeat(40), size: 900, lines: null, task: null, actor: null, authors: [] },
      ],
      checks,
    },
    outputs: new Map([['lint', { lines: ['src/app.js:2 no tabs\u001b[2K', '1 problem'], log: '/repo/.git/x.log' }]]),
    sensitive: [{ path: 'package.json', about: 'scripts that run on install' as never }],
    strays: [{ path: 'notes.txt', use: `${root}/notes/notes.txt` }],
    leftovers: ['scratch.js'],
    held: [{ path: 'README.md', why: 'staged by you' }],
    rejected: [{ text: 'the token never expires', path: 'src/auth.js', line: 42 }],
    since: {
      commit: '3'.repeat(40),
      at: '2025-11-17T14:40:00.000Z',
      files: [{ path: 'src/app.js', status: 'modified', lines: lines(1, 1) }],
    },
  });
  return readyData(review);
}
