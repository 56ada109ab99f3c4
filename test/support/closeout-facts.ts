/** Facts of a small session, for tests of what is made from them. */

import { type CloseoutFacts, patternFact } from '../../src/core/documents/facts.ts';
import { readFields } from '../../src/core/pattern/pattern.ts';
import type { CheckResult } from '../../src/core/policy/policy.ts';
import type { SessionId } from '../../src/core/session/session-id.ts';

export const ID = 'session-20251117-143022-login-form' as SessionId;
const agent = (name: string) => ({ kind: 'agent' as const, name });
const blob = (c: string) => c.repeat(40);

/** A passing required check, unless said otherwise. */
export function checkResult(name: string, over: Partial<CheckResult> = {}): CheckResult {
  return {
    name,
    source: 'policy',
    required: true,
    status: 'passed',
    detail: '4 tests passed',
    tree: blob('f'),
    exit_code: 0,
    duration_ms: 1200,
    coverage: 98.5,
    tests: { total: 4, passed: 4, failed: 0, skipped: 0 },
    log_sha256: null,
    inputs_changed: [],
    reused_from: null,
    ...over,
  };
}

export function closeoutFacts(over: Partial<CloseoutFacts> = {}): CloseoutFacts {
  const root = `sessions/${ID}/artifacts`;
  const entry = {
    at: '2025-11-17T14:40:00.000Z',
    by: agent('backend-dev'),
    task: null,
    session: ID,
    expires_at: null,
    blob: null,
    tags: [],
    origin: null,
  };
  return {
    id: ID,
    topic: 'login-form',
    goal: 'People can log in',
    created_at: '2025-11-17T14:30:22.000Z',
    closed_at: '2025-11-17T14:45:22.000Z',
    continues: null,
    abandoned: null,
    base: 'main',
    tasks: [
      {
        task: 't1',
        description: 'Build the form',
        agent: { type: 'backend-dev', name: 'backend-dev', id: null },
        status: 'completed',
        started_at: '2025-11-17T14:31:00.000Z',
        finished_at: '2025-11-17T14:41:00.000Z',
        files: [`${root}/code/auth.js`],
        edits: 3,
        model: null,
        tokens: 1200,
        tool_calls: 7,
        note: null,
      },
      {
        task: 't2',
        description: 'Write tests',
        agent: { type: 'tester', name: 'tester', id: 'agent-2' },
        status: 'open',
        started_at: '2025-11-17T14:32:00.000Z',
        finished_at: null,
        files: [],
        edits: 0,
        model: null,
        tokens: null,
        tool_calls: null,
        note: null,
      },
    ],
    personTasks: new Set(),
    artifacts: [
      {
        ...{ kind: 'code', path: `${root}/code/auth.js`, blob: blob('a'), size: 120, about: 'Checks a password' },
        ...{ lines: { added: 10, removed: 0 }, task: 't1', actor: agent('backend-dev'), authors: ['backend-dev'] },
      },
      {
        ...{ kind: 'tests', path: `${root}/tests/auth.test.js`, blob: blob('b'), size: 80, about: null },
        ...{ lines: { added: 5, removed: 0 }, task: 't2', actor: agent('tester'), authors: ['tester'] },
      },
    ],
    workspace: [
      {
        path: 'README.md',
        status: 'modified',
        blob: blob('c'),
        size: 30,
        lines: { added: 2, removed: 1 },
        task: null,
        actor: null,
        authors: [],
      },
    ],
    memory: [
      { ...entry, namespace: 'coordination', key: 'api', value: 'POST /login', record: 'r1' },
      { ...entry, namespace: 'reasoning-bank', key: 'pattern/auth/jwt', value: { approach: 'cookies' }, record: 'r2' },
    ],
    patterns: [
      patternFact(
        {
          ...{ key: 'pattern/auth/jwt', change: 'new', by: agent('backend-dev'), before: null, differences: [], alike: [] },
          fields: readFields({ pattern_id: 'auth-jwt', approach: 'cookies', success_rate: 100, reusable: true }, 'pattern/auth/jwt'),
        },
        null,
      ),
    ],
    checks: [checkResult('tests')],
    recorded: [],
    moments: [0, 60_000, 120_000, 3_600_000].map((ms) => Date.parse('2025-11-17T14:30:22.000Z') + ms),
    records: { total: 12, bad: 0, unknown: 0 },
    ...over,
  };
}
