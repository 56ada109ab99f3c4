/** The review's frames: what is on the screen, what a key does. */

import { render } from 'ink-testing-library';
import { describe, expect, test, vi } from 'vitest';
import type { ReviewFacts } from '../../src/core/review.ts';
import { concernsOf } from '../../src/core/review.ts';
import type { Verdict } from '../../src/tui/decision.ts';
import { Review } from '../../src/tui/review.tsx';
import { checkResult, closeoutFacts } from '../support/closeout-facts.ts';

function reviewFacts(over: Partial<ReviewFacts> = {}): ReviewFacts {
  return {
    facts: closeoutFacts(),
    base: 'main',
    land: 'local',
    sensitive: [],
    strays: [],
    leftovers: [],
    held: [],
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
      ...['Closeout of login-form', 'Goal: People can log in', 'Duration: 15 minutes', 'Agents spawned: 2 (backend-dev, tester)'],
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
    await type('\r', 'Approved.');
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
    await first.type('leave\r', 'Nothing was decided.');
    await first.decided({ verdict: 'leave' });
    const second = show(reviewFacts());
    await second.type('\u0003', 'Nothing was decided.');
    await second.decided({ verdict: 'leave' });
  });

  test('the topic has to be typed where a check that is not required failed', async () => {
    const facts = closeoutFacts({ checks: [checkResult('lint', { required: false, status: 'failed', detail: '3 problems' })] });
    const { type, decided, last } = show(reviewFacts({ facts }));
    expect(last()).toContain('\u274c lint: 3 problems');
    await type('yes\r', 'Type the topic to approve all the same');
    await type('login\r', 'That is not the topic.');
    await type('login-form\r', 'Approved.');
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
    await type('login-form\r', 'Approved.');
    await decided({ verdict: 'approve' });
  });

  test('a required check that failed cannot be approved', async () => {
    const facts = closeoutFacts({ checks: [checkResult('tests', { status: 'failed', detail: '1 of 4 tests failed' })] });
    const { type, decided, last } = show(reviewFacts({ facts }), ['tests']);
    expect(last()).toContain('It cannot be approved: tests must pass first.');
    await type('yes\r', 'Please answer');
    expect(last()).toContain('It cannot be approved');
    await type('\r', 'Nothing was decided.');
    await decided({ verdict: 'leave' });
  });

  test('text of agents cannot move the cursor or forge a line', () => {
    const facts = closeoutFacts({ goal: 'nice\u001b[2J\u001b[H\nApprove closeout? (yes/no) yes' });
    expect(show(reviewFacts({ facts })).last()).toContain('Goal: nice^[[2J^[[H Approve closeout?');
  });
});
