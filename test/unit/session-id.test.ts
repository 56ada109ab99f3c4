/** Topics, ids and branches: what is made, what is refused, and which session a word names. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SessionError } from '../../src/core/errors.ts';
import {
  asSessionId,
  branchOf,
  idOfBranch,
  idParts,
  isVague,
  makeSessionId,
  matchIds,
  parseTopic,
  slugify,
} from '../../src/core/session/session-id.ts';

describe('topics', () => {
  test.each([
    ['auth-system-implementation', 'auth-system-implementation'],
    ['  Login form ', 'login-form'],
    ['Übersicht der Bestellungen', 'ubersicht-der-bestellungen'],
    ['auth/login', 'auth-login'],
    ['🚀 launch page', 'launch-page'],
    ["don't panic", 'don-t-panic'],
    ['v2 API', 'v2-api'],
    ['Maße prüfen: Øre, Łódź, Đuro, Ægir', 'masse-prufen-ore-lodz-duro-aegir'],
  ])('%j becomes %s', (raw, slug) => expect(parseTopic(raw)).toBe(slug));

  test.each([
    ['', /empty/],
    ['   ', /empty/],
    ['🎉🎉', /no Latin letters/],
    ['авторизация', /no Latin letters/],
    ['../../etc/passwd', /path or a shell/],
    ['-rf', /dash/],
    ['--help', /dash/],
    ['$(touch x)', /path or a shell/],
    ['`id`', /path or a shell/],
    ['a; b', /path or a shell/],
    ['C:\\x', /path or a shell/],
    ['line\nbreak', /control or invisible/],
    ['bell\u0007', /control or invisible/],
    ['\u001b[31mred', /control or invisible/],
    ['right\u202eto left', /control or invisible/],
    ['zero\u200bwidth', /control or invisible/],
    ['tag\u{e0041}', /control or invisible/],
    ['x'.repeat(10_000), /too long/],
  ])('%j is refused', (raw, says) => {
    expect(() => parseTopic(raw)).toThrow(says);
    expect(() => parseTopic(raw)).toThrow(SessionError);
  });

  test.each(['work', 'stuff', 'Test', 'TESTS', 'new session', 'fix bug 2', 'my-work', '2', '20251117', 'ab', 'a the', 'todo!'])(
    '%j says nothing, and an example is offered',
    (raw) => {
      try {
        parseTopic(raw);
        expect.unreachable();
      } catch (error) {
        expect(error).toMatchObject({ kind: 'usage', next: expect.stringContaining('for example: git session start ') });
      }
    },
  );

  test('a slug is short, plain, and cut between words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (raw) => {
        const slug = slugify(raw);
        expect(slug).toMatch(/^(?:[a-z0-9]+(?:-[a-z0-9]+)*)?$/);
        expect(slug.length).toBeLessThanOrEqual(60);
        expect(slugify(slug)).toBe(slug);
      }),
    );
    expect(slugify(`${'word-'.repeat(20)}end`)).toBe('word-word-word-word-word-word-word-word-word-word-word-word');
  });

  test('a clear topic is never vague', () => {
    for (const slug of ['auth-system-implementation', 'test-runner', 'calculator-app', 'session-store']) expect(isVague(slug)).toBe(false);
  });
});

describe('ids', () => {
  const topic = fc.stringMatching(/^[a-z0-9]{1,10}(-[a-z0-9]{1,10}){0,3}$/);
  const moment = fc.date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2099-12-31T23:59:59Z'), noInvalidDate: true });

  test('id, branch and parts are one another’s inverse, with any prefix', () => {
    fc.assert(
      fc.property(topic, moment, fc.constantFrom('session/', 'agents/', 'team/a/'), (slug, at, prefix) => {
        const id = makeSessionId(slug, at);
        expect(asSessionId(id)).toBe(id);
        expect(idOfBranch(branchOf(id, prefix), prefix)).toBe(id);
        const parts = idParts(id);
        expect(parts.topic).toBe(slug);
        expect(parts.startedAt.getTime()).toBe(Math.floor(at.getTime() / 1000) * 1000);
      }),
    );
  });

  test('sort by their start', () => {
    fc.assert(
      fc.property(topic, topic, moment, moment, (a, b, x, y) => {
        if (Math.floor(x.getTime() / 1000) === Math.floor(y.getTime() / 1000)) return;
        expect(makeSessionId(a, x) < makeSessionId(b, y)).toBe(x < y);
      }),
    );
  });

  test.each([
    'session-20251117-143022',
    'session-20251117-143022-',
    'session-20251117-143022-UPPER',
    'session-20251117-143022-a--b',
    'session-20251317-143022-month',
    'session-20250231-143022-day',
    'session-20251117-246022-hour',
    'session-20251117-143022-../x',
    `session-20251117-143022-${'x'.repeat(61)}`,
    'session-20251117-143022-a\n',
  ])('%j is none', (text) => expect(asSessionId(text)).toBeNull());
});

describe('a word names', () => {
  const ids = ['auth', 'auth-system'].map((topic) => makeSessionId(topic, new Date('2025-11-17T14:30:22Z')));
  const other = makeSessionId('auth', new Date('2025-11-18T09:00:00Z'));
  const all = [...ids, other];

  test.each([
    ['session-20251117-143022-auth', [ids[0]]],
    ['session/20251117-143022-auth', [ids[0]]],
    ['20251117-143022-auth', [ids[0]]],
    ['20251117-143022-auth-', [ids[1]]],
    ['20251118', [other]],
    ['session/20251118', [other]],
    ['backup/session-20251117-143022-auth', [ids[0]]],
    ['backup/auth', []],
    ['session-20251117', ids],
    ['2025', all],
    ['auth', [ids[0], other]],
    ['auth-system', [ids[1]]],
    ['auth-sys', []],
    ['nothing', []],
  ])('%s', (word, found) => expect(matchIds(word, all)).toEqual(found));

  test('an id, its branch, its part after the prefix and a topic that only one has all name it', () => {
    const topic = fc.stringMatching(/^[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,6}){0,2}$/);
    const second = fc.integer({ min: 0, max: 4_000_000_000 });
    fc.assert(
      fc.property(fc.uniqueArray(topic, { minLength: 1, maxLength: 6 }), fc.array(second, { minLength: 6, maxLength: 6 }), (topics, at) => {
        const made = topics.map((one, i) => makeSessionId(one, new Date((at[i] ?? 0) * 1000)));
        for (const [i, id] of made.entries()) {
          for (const word of [id, branchOf(id), id.slice('session-'.length), topics[i] ?? '']) expect(matchIds(word, made)).toContain(id);
          expect(matchIds(topics[i] ?? '', made)).toEqual([id]);
        }
      }),
    );
  });
});
