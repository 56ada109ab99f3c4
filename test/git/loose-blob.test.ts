/** A blob written without git is the one that git would have written, or git is asked. */

import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { looseBlob, sha1 } from '../../src/core/loose-object.ts';
import { storeLoose } from '../../src/store/loose-blob.ts';
import { makeRepo } from '../support/repo.ts';

test('ids and streams are those of other programs, for any content', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(0, 1, 700), (bytes, times) => {
      const content = Buffer.concat([bytes, ...Array.from({ length: times }, () => bytes)]);
      expect(sha1(content)).toBe(createHash('sha1').update(content).digest('hex'));
      const { oid, stream } = looseBlob(content);
      const whole = Buffer.concat([Buffer.from(`blob ${content.length}\0`), content]);
      expect(oid).toBe(createHash('sha1').update(whole).digest('hex'));
      expect(inflateSync(stream).equals(whole)).toBe(true);
    }),
  );
});

test('git finds the object sound, and the same as its own', async () => {
  const repo = makeRepo();
  const place = await repo.open();
  for (const [path, text] of Object.entries({
    'a.js': 'one\n',
    empty: '',
    'é\u2028.bin': '\0\u00ff',
    'deep/b.txt': 'x'.repeat(32 * 1024),
  })) {
    repo.write(path, text);
    const oid = storeLoose(place, path);
    expect(oid, path).toBe(repo.git('hash-object', '--', path));
    expect(repo.git('cat-file', '-s', oid ?? '')).toBe(String(Buffer.byteLength(text)));
    expect(storeLoose(place, path)).toBe(oid);
  }
  expect(repo.git('fsck', '--full', '--strict', '--no-dangling')).toBe('');
});

test('where the blob would hold something else than the file, git is asked', async () => {
  const repo = makeRepo();
  const place = await repo.open();
  repo.write('crlf.txt', 'a\r\n');
  repo.write('large.txt', 'x'.repeat(32 * 1024 + 1));
  expect([storeLoose(place, 'crlf.txt'), storeLoose(place, 'large.txt')]).toEqual([null, null]);
  repo.write('sub/.gitattributes', '*.dat filter=lfs\n');
  repo.write('sub/deep/x.dat', 'x\n');
  repo.write('other.dat', 'x\n');
  expect(storeLoose(place, 'sub/deep/x.dat')).toBeNull();
  expect(storeLoose(place, 'other.dat')).not.toBeNull();
  const wide = makeRepo({ objectFormat: 'sha256' });
  wide.write('a', 'x\n');
  expect(storeLoose(await wide.open(), 'a')).toBeNull();
});
