import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SessionId } from '../../src/core/session/session-id.ts';
import { canonicalJson, type Json } from '../../src/core/text/json.ts';
import { parseRawObject } from '../../src/core/verify/raw-object.ts';
import { judgeTag, type TagFacts } from '../../src/core/verify/tag.ts';
import { dateOfLine, judgeTimes } from '../../src/core/verify/times.ts';

const ID = 'session-20261122-101500-calculator-app' as SessionId;
const OID = 'a'.repeat(40);
const HEAD = `object ${OID}\ntype commit\ntag backup/${ID}\ntagger Dana <dana@example.com> 1 +0000\n`;

const tag = (message: string, more: Partial<TagFacts> = {}) =>
  judgeTag({ id: ID, name: `backup/${ID}`, type: 'tag', oid: OID, payload: `${HEAD}\n${message}`, signed: true, ...more });
const codes = (judged: ReturnType<typeof tag>) => judged.findings.map(({ code }) => code);

describe('a tag', () => {
  it('of the right form has a manifest, a target and no findings', () => {
    const judged = tag(`Backup of ${ID}\n\n{"version":1}\n`);
    expect(judged).toMatchObject({ findings: [], manifest: { text: '{"version":1}\n', value: { version: 1 } }, target: OID });
  });

  it.each<[string, Partial<TagFacts>, string]>([
    ['lightweight', { type: 'commit' }, 'tag-not-annotated'],
    ['not UTF-8', { payload: null }, 'tag-malformed'],
    ['unsigned', { signed: false }, 'tag-unsigned'],
    ['under another name', { name: `backup/${ID}.2` }, 'tag-renamed'],
    ['of another session', { id: 'session-20261122-101500-another-one' as SessionId }, 'tag-other-session'],
    ['on a tree', { payload: `${HEAD.replace('type commit', 'type tree')}\nBackup of ${ID}\n\n{"version":1}\n` }, 'tag-target'],
  ])('%s', (_, facts, code) => expect(codes(tag(`Backup of ${ID}\n\n{"version":1}\n`, facts))).toContain(code));

  it.each([
    '',
    'Backup',
    `Backup of ${ID}\n\n{"version":1}`,
    `Backup of ${ID}\n\n{"version":1}\nmore\n`,
    `Backup of ${ID}\n\n{"version":1\n`,
  ])('without a whole manifest: %j', (message) => expect(codes(tag(message))).toEqual(['manifest-missing']));

  it('accepts a manifest in canonical form only, whatever it holds', () => {
    const json = fc.jsonValue().filter((value) => JSON.stringify(value) === JSON.stringify(JSON.parse(JSON.stringify(value))));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), fc.constantFrom(1, 2), (value, indent) => {
        const whole = JSON.parse(JSON.stringify({ ...value, version: 1 })) as Json;
        const canonical = canonicalJson(whole);
        expect(codes(tag(`Backup of ${ID}\n\n${canonical}\n`))).toEqual([]);
        const spaced = canonical.replace('{', `{${' '.repeat(indent)}`);
        expect(codes(tag(`Backup of ${ID}\n\n${spaced}\n`))).toEqual(['manifest-not-canonical']);
      }),
    );
    // A key that comes twice reads as the last one and is not what was written.
    expect(codes(tag(`Backup of ${ID}\n\n{"version":1,"version":1}\n`))).toEqual(['manifest-not-canonical']);
  });

  it('of an unknown version is unverified, not failed', () => {
    expect(tag(`Backup of ${ID}\n\n{"version":2}\n`).findings).toMatchObject([{ level: 'unverified', code: 'manifest-version' }]);
    expect(tag(`Backup of ${ID}\n\n7\n`).findings).toMatchObject([{ code: 'manifest-version' }]);
  });
});

describe('the moment of closing', () => {
  const TAGGED = Date.parse('2026-11-22T10:15:00Z');
  const dated = (times: object, at = TAGGED) => {
    const text = `${HEAD.replace('> 1 +0000', `> ${at / 1000} +0100`)}\nBackup of ${ID}\n\n${canonicalJson({ version: 1, ...times })}\n`;
    return codes(tag('', { payload: text }));
  };

  it.each<[string, object, string[]]>([
    ['now', { closed_at: '2026-11-22T10:15:00.900Z', approved_at: '2026-11-22T10:15:00.900Z' }, []],
    ['a minute off at most', { closed_at: '2026-11-22T10:15:59.000Z' }, []],
    ['long before, in a request', { closed_at: '2026-11-20T10:15:00.000Z', approved_at: '2026-11-22T10:14:59.000Z' }, []],
    ['after the tag', { closed_at: '2031-01-01T00:00:00.000Z', approved_at: '2031-01-01T00:00:00.000Z' }, ['closed-at', 'approved-at']],
    ['no time at all', { closed_at: 'soon' }, ['closed-at']],
  ])('%s', (_, times, wanted) => expect(dated(times)).toEqual(wanted));

  it('after the merge, or before the last commit of the session', () => {
    const latest = new Date(TAGGED);
    const [late] = judgeTimes({ closed_at: '2031-01-01T00:00:00.000Z' }, 'the merge commit', { latest });
    expect(late?.what).toContain('2031-01-01T00:00:00.000Z lies after 2026-11-22T10:15:00.000Z, the date of the merge commit');
    const sinceTip = (closed_at: string) => judgeTimes({ closed_at }, 'the tip', { tipAt: latest }).map(({ code }) => code);
    expect(sinceTip('2026-11-22T10:13:59.000Z')).toEqual(['closed-at']);
    expect(sinceTip('2026-11-22T10:14:01.000Z')).toEqual([]);
  });

  it('of a line without a date is not judged', () => {
    expect([dateOfLine('x'), dateOfLine('a <b> 1 +0000')?.getTime()]).toEqual([null, 1000]);
  });
});

describe('an object as bytes', () => {
  it('is read only in the order that git writes', () => {
    expect(parseRawObject(`${HEAD}\nx\n\ny`, 'tag')?.message).toBe('x\n\ny');
    const lines = HEAD.trimEnd().split('\n');
    for (const wrong of [
      lines.slice(1),
      [...lines].reverse(),
      [...lines, lines[3]],
      [...lines, 'extra 1'],
      ['', ...lines],
      lines.map((l) => ` ${l}`),
    ]) {
      expect(parseRawObject(`${wrong.join('\n')}\n\nmessage\n`, 'tag')).toBeNull();
    }
    expect(parseRawObject(HEAD, 'tag')).toBeNull();
    expect(parseRawObject(`${HEAD}\na\0b`, 'tag')).toBeNull();
  });

  it('gives every parent of a commit', () => {
    const text = `tree ${OID}\nparent 1\nparent 2\nauthor a\ncommitter c\nencoding x\n\nm\n`;
    expect(parseRawObject(text, 'commit')?.headers.get('parent')).toEqual(['1', '2']);
    expect(parseRawObject(text.replace('author a', 'mergetag x\nauthor a'), 'commit')).toBeNull();
  });
});
