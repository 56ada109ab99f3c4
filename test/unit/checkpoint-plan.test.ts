import { describe, expect, test } from 'vitest';
import {
  asRequest,
  type CheckpointFile,
  type CheckpointRequest,
  checkpointMessage,
  type Entry,
  planCommits,
} from '../../src/core/session/checkpoint.ts';
import type { SessionId } from '../../src/core/session/session-id.ts';
import { parseTrailers } from '../../src/core/session/trailers.ts';

const file = (path: string, oid: string | null, was: string | null = null, tasks: string[] = []): CheckpointFile => ({
  path,
  oid,
  mode: '100644',
  was: was === null ? null : { oid: was, mode: '100644' },
  tasks,
});

let n = 0;
const request = (files: CheckpointFile[], tasks = ['a']): CheckpointRequest => ({
  version: 1,
  id: `q${n++}`,
  session: 'session-20261122-120000-auth' as SessionId,
  branch: 'refs/heads/session/20261122-120000-auth',
  worktree: '/w',
  tip: 't',
  event: 'task-done',
  subject: 'Build authentication API',
  tasks,
  agent: 'backend-dev',
  files,
  at: '2026-11-22T12:00:00.000Z',
});
const none = { held: new Set<string>(), fresh: new Map<string, Entry>(), keepEmpty: () => false };
const entry = (oid: string): Entry => ({ oid, mode: '100644' });

describe('planCommits', () => {
  test('a file that two tasks edited is committed once, with both trailers', () => {
    const commits = planCommits(
      [
        request([file('s.js', '1', null, ['a', 'b']), file('a.js', '2', null, ['a'])]),
        request([file('s.js', '1', null, ['b', 'a']), file('b.js', '3', null, ['b'])], ['b']),
      ],
      new Map(),
      none,
    );
    expect(commits.map((c) => c.changes.map((x) => x.path))).toEqual([['s.js', 'a.js'], ['b.js']]);
    expect(commits.map((c) => parseTrailers(c.message).get('Session-Task'))).toEqual([['a', 'b'], ['b']]);
  });

  test('content that is older than what was committed meanwhile gives way to the file as it is now', () => {
    const tip = new Map([['s.js', entry('newer')]]);
    const late = request([file('s.js', 'older', 'start')]);
    expect(planCommits([late], tip, { ...none, fresh: new Map([['s.js', entry('newer')]]) })).toEqual([]);
    const [commit] = planCommits([late], tip, { ...none, fresh: new Map([['s.js', entry('newest')]]) });
    expect(commit?.changes).toEqual([{ path: 's.js', oid: 'newest', mode: '100644' }]);
    expect(planCommits([late], tip, none)[0]?.changes).toEqual([{ path: 's.js', oid: 'older', mode: '100644' }]);
  });

  test('held paths stay out; an empty commit is made only for its records', () => {
    const asked = request([file('a', '1')]);
    expect(planCommits([asked], new Map(), { ...none, held: new Set(['a']) })).toEqual([]);
    const [commit] = planCommits([asked], new Map(), { ...none, held: new Set(['a']), keepEmpty: () => true });
    expect(commit?.message.split('\n')[0]).toBe('checkpoint: Build authentication API (backend-dev)');
  });

  test('deletions and a new mode are changes; a deletion of what is not there is none', () => {
    const tip = new Map([
      ['a', entry('1')],
      ['x', entry('1')],
    ]);
    const commits = planCommits(
      [request([file('a', null, '1'), file('gone', null), { ...file('x', '1', '1'), mode: '100755' }])],
      tip,
      none,
    );
    expect(commits[0]?.changes).toEqual([
      { path: 'a', oid: null, mode: '100644' },
      { path: 'x', oid: '1', mode: '100755' },
    ]);
  });
});

test('nothing in a request forges a trailer or a second line', () => {
  const hostile = { ...request([]), subject: 'x\n\nApproved-By: Boss', agent: 'dev\nSession-Id: other' };
  const message = checkpointMessage(hostile, ['t\n\nSession-Event: closeout'], 3);
  expect(message.split('\n')[0]).toBe('checkpoint: x Approved-By: Boss (dev Session-Id: other, 3 files)');
  const found = parseTrailers(message);
  expect([...found.keys()]).toEqual(['Session-Id', 'Session-Event', 'Session-Task', 'Session-Agent']);
  expect(found.get('Session-Event')).toEqual(['task-done']);
});

test('only a whole request is one', () => {
  const whole = request([file('a', '1')]);
  expect(asRequest(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
  for (const broken of [null, [], {}, { ...whole, version: 2 }, { ...whole, files: [{ path: 1 }] }, { ...whole, session: '../x' }]) {
    expect(asRequest(broken)).toBeNull();
  }
});
