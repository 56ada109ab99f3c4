import { expect, test } from 'vitest';
import { hookTimes } from '../../src/core/hooks/hook-times.ts';

const line = (event: object) => JSON.stringify({ sid: '20261125T101010.000001Z-H1-P1', ...event });

test('hooks of the command itself, not those of a git that a hook started; a torn line is no matter', () => {
  const trace = [
    line({ event: 'child_start', child_id: 0, child_class: 'hook', hook_name: 'pre-commit' }),
    line({ event: 'child_start', child_id: 0, child_class: 'hook', hook_name: 'post-checkout', sid: 'a/b' }),
    line({ event: 'child_exit', child_id: 0, t_rel: 9, sid: 'a/b' }),
    line({ event: 'child_exit', child_id: 0, t_rel: 1.25 }),
    line({ event: 'child_start', child_id: 0, child_class: '?' }),
    line({ event: 'child_exit', child_id: 0, t_rel: 3 }),
    line({ event: 'child_start', child_id: 1, child_class: 'hook', hook_name: 'commit-msg' }),
    line({ event: 'child_exit', child_id: 1, t_rel: 0.5 }).slice(0, 30),
    '',
  ];
  expect([...hookTimes(trace.join('\n'))]).toEqual([['pre-commit', 1250]]);
});
