/** What keys do in a review: the whole conversation as states, without a terminal. */

import { describe, expect, test } from 'vitest';
import { concernsOf } from '../../src/core/closeout/review.ts';
import { after, emptyReview } from '../../src/tui/data.ts';
import { wholeText } from '../../src/tui/lazy-lines.ts';
import { START } from '../../src/tui/place.ts';
import type { State } from '../../src/tui/state.ts';
import { checkResult, closeoutFacts } from '../support/closeout-facts.ts';
import { afterKeys, doneTasks, readyData, reviewFacts, screenText, stateOf } from '../support/review-state.ts';

const approve = { do: 'decide', verdict: { verdict: 'approve' } };
const leave = { do: 'decide', verdict: { verdict: 'leave' } };
const reject = (...reasons: string[]) => ({ do: 'decide', verdict: { verdict: 'reject', reasons } });
const says = (state: State, text: string) => expect(screenText(state)).toContain(text);

describe('deciding', () => {
  test('a asks yes or no, and yes approves', () => {
    const { state, effect } = afterKeys(stateOf(), 'a');
    expect(effect).toBeNull();
    says(state, 'Approve closeout? (yes/no)');
    says(state, 'yes approves and signs');
    expect(afterKeys(state, 'y', 'e', 's', 'enter').effect).toEqual(approve);
  });

  test('everything at once, faster than the screen, is taken in order', () => {
    expect(afterKeys(stateOf(), 'ayes\r').effect).toEqual(approve);
    expect(afterKeys(stateOf(), 'ano\rtoo slow\r\r').effect).toEqual(reject('too slow'));
  });

  test('r asks for reasons; Enter alone sends them', () => {
    const { state } = afterKeys(stateOf(), 'r');
    says(state, 'What has to change? (path:line: text names a place)');
    const more = afterKeys(state, 'src/auth.js:4: never expires', 'enter').state;
    says(more, '- src/auth.js:4: never expires');
    says(more, 'Another reason, or Enter to send it back:');
    const two = afterKeys(more, 'No test', 'enter', 'enter');
    expect(two.effect).toEqual(reject('src/auth.js:4: never expires', 'No test'));
  });

  test('Enter without a reason, and Escape, go back to the review and decide nothing', () => {
    for (const key of ['enter', 'escape']) {
      const { state, effect } = afterKeys(stateOf(), 'r', key);
      expect([effect, state.asking]).toEqual([null, null]);
    }
  });

  test('anything else is asked again; leave, q and Ctrl-C leave', () => {
    const { state } = afterKeys(stateOf(), 'asure\r');
    says(state, 'Please answer yes, no or leave.');
    expect(afterKeys(state, 'leave', 'enter').effect).toEqual(leave);
    expect(afterKeys(stateOf(), 'q').effect).toEqual(leave);
    expect(afterKeys(state, 'ctrl-c').effect).toEqual(leave);
  });

  test('the topic has to be typed where something needs eyes, and what it is stands above it', () => {
    const facts = closeoutFacts({ tasks: doneTasks, checks: [checkResult('lint', { required: false, status: 'failed' })] });
    const { state } = afterKeys(stateOf(readyData(reviewFacts({ facts }))), 'ayes\r');
    says(state, '! check lint: failed');
    says(state, '1 thing above needs your eyes. Type the topic to approve all the same:');
    const wrong = afterKeys(state, 'login', 'enter').state;
    says(wrong, 'That is not the topic.');
    expect(afterKeys(wrong, 'login-form', 'enter').effect).toEqual(approve);
  });

  test('changes of policy and the like get their own yes first', () => {
    const review = reviewFacts({ sensitive: [{ path: '.swarm/allowed_signers', about: 'approvers' }] });
    const { state } = afterKeys(stateOf(readyData(review)), 'a');
    says(state, '! changes approvers: .swarm/allowed_signers');
    says(state, 'Accept these changes? (yes/no)');
    expect(screenText(state)).not.toContain('Approve closeout?');
    expect(afterKeys(state, 'yes\r').effect).toBeNull();
    expect(afterKeys(state, 'yes\r', 'yes\r', 'login-form\r').effect).toEqual(approve);
  });

  test('where a required check failed there is no question, and it can be sent back', () => {
    const facts = closeoutFacts({ tasks: doneTasks, checks: [checkResult('tests', { status: 'failed' })] });
    const start = stateOf(readyData(reviewFacts({ facts }), ['tests']));
    const { state } = afterKeys(start, 'a');
    says(state, 'It cannot be approved: tests must pass first.');
    expect(state.asking).toBeNull();
    expect(afterKeys(start, 'rthe tests fail\r', 'enter').effect).toEqual(reject('the tests fail'));
  });

  test('nothing can be decided while checks run, and leaving can', () => {
    const data = after(emptyReview({ id: 'x', topic: 't', goal: null }), { kind: 'found', review: reviewFacts() });
    for (const key of ['a', 'r', 'e']) {
      const { state, effect } = afterKeys(stateOf(data), key);
      expect(effect).toBeNull();
      says(state, 'Checks still run: it can be decided when all is there.');
    }
    expect(afterKeys(stateOf(data), 'q').effect).toEqual(leave);
  });

  test('what needs eyes is what concernsOf says, on the first screen too', () => {
    const review = reviewFacts({ facts: closeoutFacts() });
    const state = stateOf(readyData(review));
    expect(concernsOf(review)).toEqual(['task Write tests: open']);
    says(state, 'Needs eyes      ! task Write tests: open');
  });
});

describe('looking', () => {
  test('screens by number, Tab and arrows', () => {
    for (const [keys, name] of [
      [['3'], '[3 Files]'],
      [['tab'], '[2 Agents]'],
      [['back-tab'], '[7 Landing]'],
      [['right', 'right'], '[3 Files]'],
      [['left'], '[7 Landing]'],
      [['8'], '[1 Summary]'],
    ] as const)
      says(afterKeys(stateOf(), ...keys).state, name);
  });

  test('a file opens its diff against where the session left base; a folder folds', () => {
    const { state } = afterKeys(stateOf(), '3');
    says(state, '\u276f  \u25be code/');
    expect(screenText(afterKeys(state, 'enter').state)).not.toContain('auth.js  Checks');
    says(afterKeys(state, 'enter', 'enter').state, 'auth.js  Checks');
    const opened = afterKeys(state, 'down', 'enter').effect;
    expect(opened).toEqual({
      do: 'open-diff',
      path: `sessions/${state.data.id}/artifacts/code/auth.js`,
      from: '1'.repeat(40),
      to: '2'.repeat(40),
    });
  });

  test('s shows only what changed since the review that was sent back, as differences from there', () => {
    const files = [{ path: 'README.md', status: 'modified' as const, lines: { added: 1, removed: 1 } }];
    const since = { commit: '3'.repeat(40), at: '2025-11-17T14:40:00.000Z', files };
    const { state } = afterKeys(stateOf(readyData(reviewFacts({ since }))), '3');
    says(state, '1 file changed since the review that was sent back (2025-11-17 14:40, at');
    const only = afterKeys(state, 's').state;
    expect(screenText(only)).not.toContain('auth.js');
    expect(afterKeys(only, 'enter').effect).toMatchObject({ do: 'open-diff', path: 'README.md', from: '3'.repeat(40) });
    says(afterKeys(only, 's').state, 'auth.js');
    says(afterKeys(stateOf(), '3', 's').state, 'Nothing was sent back before');
  });

  test('a check opens its output and runs again; a pattern is dropped and kept', () => {
    expect(afterKeys(stateOf(), '6', 'enter').effect).toEqual({ do: 'open-log', check: 'tests' });
    expect(afterKeys(stateOf(), '6', 't').effect).toEqual({ do: 'check-again', check: 'tests' });
    const dropped = afterKeys(stateOf(), '5', 'd').state;
    says(dropped, '[dropped] cookies');
    expect([...dropped.edits.dropped]).toEqual(['pattern/auth/jwt']);
    says(afterKeys(dropped, 'd').state, '[kept]    cookies');
    expect(afterKeys(stateOf(), '5', 'e').effect).toEqual({ do: 'edit-pattern', key: 'pattern/auth/jwt' });
    says(afterKeys(stateOf(), '5', 'enter').state, '"approach": "cookies"');
    expect(afterKeys(stateOf(), 'e').effect).toEqual({ do: 'edit-summary' });
  });

  test('what is sealed can be neither dropped nor edited', () => {
    const sealed = stateOf(readyData(reviewFacts({ sealed: true })));
    for (const keys of [['5', 'd'], ['5', 'e'], ['e']]) {
      const { state, effect } = afterKeys(sealed, ...keys);
      expect(effect).toBeNull();
      says(state, 'It is sealed');
    }
  });

  test('? shows every key, and closes', () => {
    const { state } = afterKeys(stateOf(undefined, { columns: 80, rows: 40 }), '?');
    for (const text of ['Approve: asks yes or no.', 'Leave: nothing is decided.', 'run the chosen check once more', 'scroll sideways'])
      says(state, text);
    expect(afterKeys(state, '?').state.help).toBeNull();
  });
});

describe('a text over the screen', () => {
  const diff = ['diff --git a/x b/x', '--- a/x', '+++ b/x', '@@ -1,3 +10,4 @@', ' a', '-b', '+c', '+d', ' e'].join('\n');
  const withDiff = (): State => ({
    ...stateOf(),
    pager: { title: 'src/x.js', kind: 'diff', source: wholeText(diff), place: START, atEnd: false, left: 0, path: 'src/x.js' },
  });

  test('scrolls, says where it is, and closes', () => {
    const state = withDiff();
    says(state, 'line 1 of 9');
    says(afterKeys(state, 'end').state, 'line 9 of 9');
    says(afterKeys(state, 'right').state, 'column 21, line 1 of 9');
    expect(afterKeys(state, 'escape').state.pager).toBeNull();
    expect(afterKeys(state, 'q').effect).toBeNull();
  });

  test('c notes a reason at the line of the file, which r then sends and a yes does not', () => {
    const { state } = afterKeys(withDiff(), ...Array(7).fill('down'), 'c');
    expect(state.asking?.text).toBe('src/x.js:12: ');
    const kept = afterKeys(state, 'never expires', 'enter').state;
    // The diff stays open, and nothing is asked.
    expect([kept.asking, kept.pager?.title]).toEqual([null, 'src/x.js']);
    says(kept, 'Noted (1 note): r on a screen sends the session back with it.');
    expect(afterKeys(kept, 'c', 'enter').state).toMatchObject({ asking: null, notes: ['src/x.js:12: never expires'] });
    const noted = afterKeys(kept, 'escape').state;
    expect(noted.notes).toEqual(['src/x.js:12: never expires']);
    says(noted, '1 noted');
    says(afterKeys(noted, 'a').state, '1 note of yours would not be sent');
    expect(afterKeys(noted, 'r', 'enter').effect).toEqual(reject('src/x.js:12: never expires'));
  });
});
