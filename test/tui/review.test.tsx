/** The review's frames: what is on the screen, what a key does. */

import { render } from 'ink-testing-library';
import { describe, expect, test, vi } from 'vitest';
import type { ReviewFacts } from '../../src/core/review.ts';
import { concernsOf } from '../../src/core/review.ts';
import type { Verdict } from '../../src/tui/decision.ts';
import { Review } from '../../src/tui/review.tsx';
import { checkResult, closeoutFacts } from '../support/closeout-facts.ts';

/** Every task done, so that nothing needs the topic. */
const tasks = closeoutFacts().tasks.map((task) => ({ ...task, status: 'completed' as const }));

function reviewFacts(over: Partial<ReviewFacts> = {}): ReviewFacts {
  return {
    facts: closeoutFacts({ tasks }),
    base: 'main',
    land: 'local',
    sensitive: [],
    strays: [],
    leftovers: [],
    held: [],
    outputs: new Map(),
    sealed: false,
    signs: 'dana@example.com with the ssh key SHA256:abc',
    unattended: false,
    rejected: [],
    again: null,
    ...over,
  };
}

function show(review: ReviewFacts, blocked: string[] = []) {
  let verdict: Verdict | null = null;
  const screen = render(
    <Review
      review={review}
      concerns={concernsOf(review)}
      blocked={blocked}
      onDone={(said) => {
        verdict = said;
      }}
    />,
  );
  /** Types, and waits until the screen says this, however long React takes. */
  const type = async (keys: string, until: string) => {
    screen.stdin.write(keys);
    await vi.waitFor(() => expect(screen.lastFrame()).toContain(until), { interval: 1, timeout: 5000 });
  };
  const decided = (wanted: Verdict) => vi.waitFor(() => expect(verdict).toEqual(wanted), { interval: 1, timeout: 5000 });
  return { last: () => screen.lastFrame() ?? '', type, write: screen.stdin.write, verdict: () => verdict, decided };
}

describe('the review', () => {
  test('shows every item of the description, the goal first and the question last', () => {
    const { last } = show(reviewFacts());
    const text = last();
    const items = [
      ...[
        'Closeout of login-form',
        'Goal: People can log in',
        'Duration: 15 minutes so far (2 active)',
        'Agents spawned: 2 (backend-dev, tester)',
      ],
      ...['Artifacts created: 2', 'code/auth.js (Checks a password)', 'tests/auth.test.js', 'Workspace changes: 1', 'README.md'],
      ...['Memory entries: 2 (coordination 1, reasoning-bank 1)', 'Learned patterns: 1', 'Recommendation: Archive to .swarm/backups/'],
      ...['Quality checks', '\u2705 tests:', 'Not recorded', 'Signed by dana@example.com', 'Approve closeout? (yes/no)'],
    ];
    let at = -1;
    for (const item of items) {
      const next = text.indexOf(item, at + 1);
      expect(next, item).toBeGreaterThan(at);
      at = next;
    }
  });

  test('yes approves', async () => {
    const { type, decided } = show(reviewFacts());
    await type('yes', '> yes');
    await type('\r', 'Signing \u2026');
    await decided({ verdict: 'approve' });
  });

  test('a whole line at once, and keys faster than the screen, are taken in order', async () => {
    const { type, write, decided } = show(reviewFacts());
    await type('no\r', 'What has to change?');
    for (const key of 'too slo') write(key);
    await type('w\r', '- too slow');
    await type('\r', 'Sent back with 1 reason.');
    await decided({ verdict: 'reject', reasons: ['too slow'] });
  });

  test('no asks for reasons, and sends it back with them', async () => {
    const { type, decided } = show(reviewFacts());
    await type('no\r', 'What has to change?');
    await type('src/auth.js:4: the token never expires\r', 'Another reason, or Enter');
    await type('No test for logout\r', '- No test for logout');
    await type('\r', 'Sent back with 2 reasons.');
    await decided({ verdict: 'reject', reasons: ['src/auth.js:4: the token never expires', 'No test for logout'] });
  });

  test('anything else is asked again; leave and Ctrl-C decide nothing', async () => {
    const first = show(reviewFacts());
    await first.type('sure\r', 'Please answer yes, no or leave.');
    expect(first.verdict()).toBeNull();
    first.write('leave\r');
    await first.decided({ verdict: 'leave' });
    const second = show(reviewFacts());
    second.write('\u0003');
    await second.decided({ verdict: 'leave' });
  });

  test('the topic has to be typed where a check that is not required failed', async () => {
    const facts = closeoutFacts({ tasks, checks: [checkResult('lint', { required: false, status: 'failed', detail: '3 problems' })] });
    const { type, decided, last } = show(reviewFacts({ facts }));
    expect(last()).toContain('\u274c lint: 3 problems');
    await type('yes\r', 'Type the topic to approve all the same');
    await type('login\r', 'That is not the topic.');
    await type('login-form\r', 'Signing \u2026');
    await decided({ verdict: 'approve' });
  });

  test('changes of policy and the like come first and need their own yes', async () => {
    const sensitive = [{ path: '.swarm/allowed_signers', about: 'approvers' as const }];
    const { type, decided, last } = show(reviewFacts({ sensitive }));
    expect(last().indexOf('approvers: .swarm/allowed_signers')).toBeLessThan(last().indexOf('Duration:'));
    expect(last()).toContain('Accept them? (yes/no)');
    expect(last()).not.toContain('Approve closeout?');
    await type('yes\r', 'Approve closeout? (yes/no)');
    await type('yes\r', 'Type the topic');
    await type('login-form\r', 'Signing \u2026');
    await decided({ verdict: 'approve' });
  });

  test('a required check that failed cannot be approved: it shows what was printed, and never asks for yes', async () => {
    const facts = closeoutFacts({ tasks, checks: [checkResult('tests', { status: 'failed', detail: 'Exit 1.' })] });
    const outputs = new Map([['tests', { lines: ['expected 4', 'got 5\u001b[2J'], log: '/repo/.git/x.log' }]]);
    const { type, write, decided, last } = show(reviewFacts({ facts, outputs }), ['tests']);
    expect(last()).toMatch(/tests: Exit 1\.[\s\S]*\u2502 expected 4\n\s*\u2502 got 5\^\[\[2J\n[\s\S]*x\.log[\s\S]*git session check tests/);
    expect(last()).toContain('It cannot be approved: tests must pass first. Type a reason to send it back with');
    await type('yes', '> yes');
    write('\r');
    await vi.waitFor(() => expect(last()).not.toContain('> yes'), { interval: 1, timeout: 5000 });
    expect(last()).not.toMatch(/Approve closeout|Please answer/);
    write('\r');
    await decided({ verdict: 'leave' });
  });

  test('no asks for a reason once where it cannot be approved', async () => {
    const facts = closeoutFacts({ tasks, checks: [checkResult('tests', { status: 'failed' })] });
    const { type, write, decided } = show(reviewFacts({ facts }), ['tests']);
    await type('no\r', 'What has to change?');
    write('the tests fail\r');
    await decided({ verdict: 'reject', reasons: ['the tests fail'] });
  });

  test('tasks that did not end well are among the concerns, which stand above the topic too', async () => {
    const { type, last } = show(reviewFacts({ facts: closeoutFacts() }));
    expect(last()).toContain('! task Write tests: open');
    await type('yes\r', 'Type the topic');
    expect(last().slice(last().lastIndexOf('! task Write tests: open'))).toMatch(/1 thing above needs your eyes/);
  });

  test('by pull request yes seals, and says so before', async () => {
    const { type, decided, last } = show(reviewFacts({ land: 'pr', signs: null }));
    expect(last()).toContain('yes seals it for review by pull request, and signs nothing');
    await type('yes\r', 'Sealing \u2026');
    await decided({ verdict: 'approve' });
  });

  test('text of agents cannot move the cursor or forge a line', () => {
    const facts = closeoutFacts({ goal: 'nice\u001b[2J\u001b[H\nApprove closeout? (yes/no) yes' });
    expect(show(reviewFacts({ facts })).last()).toContain('Goal: nice^[[2J^[[H Approve closeout?');
  });
});
