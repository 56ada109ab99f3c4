/** The verifier in this process against ssh-keygen itself: it must never say yes where ssh-keygen says no. */

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { provenNames, provenNamesBeside } from '../../src/trust/ssh-verify.ts';
import { tempDir } from '../support/repo.ts';

const KINDS = [['ed25519'], ['rsa', '-b', '2048'], ['ecdsa', '-b', '256'], ['ecdsa', '-b', '384'], ['ecdsa', '-b', '521']];

/** Asked both ways, which must agree. */
async function names(payload: Uint8Array, armour: string, signers: string): Promise<string[]> {
  const said = provenNames(payload, armour, signers);
  expect(await provenNamesBeside(payload, armour, signers)).toEqual(said);
  return said;
}

function makeKey(...[type = 'ed25519', ...more]: string[]) {
  const file = join(tempDir(), 'key');
  execFileSync('ssh-keygen', ['-q', '-t', type, ...more, '-N', '', '-C', 'x', '-f', file]);
  return { file, line: readFileSync(`${file}.pub`, 'utf8').trim() };
}

function sign(file: string, payload: Uint8Array, options: string[] = [], namespace = 'git'): string {
  const data = join(tempDir(), 'data');
  writeFileSync(data, payload);
  execFileSync('ssh-keygen', ['-q', '-Y', 'sign', ...options, '-n', namespace, '-f', file, data], { stdio: 'ignore' });
  return readFileSync(`${data}.sig`, 'utf8');
}

function keygenSays(payload: Uint8Array, armour: string, signers: string, name: string): boolean {
  const dir = tempDir();
  writeFileSync(join(dir, 'signers'), signers);
  writeFileSync(join(dir, 'sig'), armour);
  try {
    const args = ['-Y', 'verify', '-n', 'git', '-I', name, '-f', join(dir, 'signers'), '-s', join(dir, 'sig')];
    execFileSync('ssh-keygen', args, { input: payload, stdio: ['pipe', 'ignore', 'ignore'] });
    return true;
  } catch {
    return false;
  }
}

describe.each(KINDS)('a key of type %s %s%s', (...kind) => {
  const mine = makeKey(...kind.filter(Boolean));
  const other = makeKey(...kind.filter(Boolean));
  const signers = `# people\ndana@example.com namespaces="git" ${mine.line}\n\neve@example.com ${other.line}\n`;

  test('signs as ssh-keygen says, over any bytes and both hashes; no other payload, namespace or key does', async () => {
    const payloads = [...fc.sample(fc.uint8Array({ maxLength: 400 }), { numRuns: 4, seed: 7 }), randomBytes(100_000)];
    for (const [n, payload] of payloads.entries()) {
      const armour = sign(mine.file, payload, n % 2 ? ['-O', 'hashalg=sha256'] : []);
      expect(keygenSays(payload, armour, signers, 'dana@example.com')).toBe(true);
      expect(await names(payload, armour, signers)).toEqual(['dana@example.com']);
      expect(await names(Buffer.concat([payload, Buffer.from('x')]), armour, signers)).toEqual([]);
      expect(await names(payload, armour, signers.replace(/^dana.*\n/m, ''))).toEqual([]);
      expect(await names(payload, sign(other.file, payload), signers)).toEqual(['eve@example.com']);
    }
    const payload = Buffer.from('tree 1\n');
    expect(await names(payload, sign(mine.file, payload, [], 'file'), signers)).toEqual([]);
  });

  test('where one byte is changed it says no, or what ssh-keygen says', async () => {
    const payload = Buffer.from('tree 1\n');
    const armour = sign(mine.file, payload);
    const [begin = '', end = ''] = armour.match(/-----[^\n]+-----/g) ?? [];
    const bytes = Buffer.from(armour.split('\n').slice(1, -2).join(''), 'base64');
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const altered = Buffer.from(bytes);
        altered[at] = (altered[at] ?? 0) ^ change;
        const text = `${begin}\n${(altered.toString('base64').match(/.{1,70}/g) ?? []).join('\n')}\n${end}\n`;
        const [name] = await names(payload, text, signers);
        if (name !== undefined) expect(keygenSays(payload, text, signers, name)).toBe(true);
      }),
      { numRuns: 300 },
    );
    expect(await names(payload, armour.slice(0, -60), signers)).toEqual([]);
  });
});

test('dates, patterns, authorities, other purposes and lines that are not understood are left to ssh-keygen', async () => {
  const key = makeKey('ed25519');
  const payload = Buffer.from('x');
  const armour = sign(key.file, payload);
  const of = (signers: string) => names(payload, armour, signers);
  expect(await of(`a@x,b@x ${key.line}\n`)).toEqual(['a@x', 'b@x']);
  for (const line of [
    `a@x valid-before="20200101" ${key.line}\n`,
    `a@x namespaces="git",valid-after="20200101" ${key.line}\n`,
    `a@x namespaces="file" ${key.line}\n`,
    `a@x cert-authority ${key.line}\n`,
    `*@x ${key.line}\n`,
    `a@x,!b@x ${key.line}\n`,
    `a@x ${key.line}\nrubbish\n`,
    `# a@x ${key.line}\n`,
    `a@x ${key.line.replace('ssh-ed25519', 'ssh-rsa')}\n`,
    '',
  ]) {
    expect(await of(line)).toEqual([]);
  }
});
