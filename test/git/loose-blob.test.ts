/** A blob written without git is the one that git would have written, or git is asked. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import wabt from 'wabt';
import { looseBlob, MOST } from '../../src/core/loose-object.ts';
import { WASM } from '../../src/core/loose-object.wasm.ts';
import { storeLoose } from '../../src/store/loose-blob.ts';
import { makeRepo } from '../support/repo.ts';

test('ids and streams are those of other programs, for any content', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(1, 2, 200), fc.boolean(), (bytes, times, full) => {
      const content = full ? Buffer.alloc(MOST - bytes.length, 255) : Buffer.concat(Array.from({ length: times }, () => bytes));
      const { oid, stream } = looseBlob(content) ?? expect.unreachable();
      const whole = Buffer.concat([Buffer.from(`blob ${content.length}\0`), content]);
      expect(oid).toBe(createHash('sha1').update(whole).digest('hex'));
      expect(inflateSync(stream).equals(whole)).toBe(true);
    }),
  );
});

test('the module that is shipped is its text, assembled', async () => {
  const { parseWat } = await wabt();
  const text = readFileSync(new URL('../../src/core/loose-object.wat', import.meta.url), 'utf8');
  const { buffer } = parseWat('loose-object.wat', text).toBinary({});
  expect(WASM, 'out of date: node scripts/assemble.mjs').toBe(Buffer.from(buffer).toString('base64'));
});

test('git finds the object sound, and the same as its own', async () => {
  const repo = makeRepo();
  const place = await repo.open();
  for (const [path, text] of Object.entries({
    'a.js': 'one\n',
    empty: '',
    'é\u2028.bin': '\0\u00ff',
    'deep/b.txt': 'x'.repeat(MOST),
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
  repo.write('large.txt', 'x'.repeat(MOST + 1));
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
