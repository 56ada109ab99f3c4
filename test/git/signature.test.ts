import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verifyObject } from '../../src/trust/signature.ts';
import { makeRepo, makeSshKey, tempDir } from '../support/repo.ts';
import { approver, commit } from '../support/trust.ts';

const only = (signers: string) => ({ signers, gpg: [] });

describe('ssh signatures', () => {
  test('an approver\u2019s commit and tag verify, in sha1 and sha256 repositories', async () => {
    for (const objectFormat of ['sha1', 'sha256'] as const) {
      const repo = makeRepo({ objectFormat });
      const key = makeSshKey();
      const oid = commit(repo, 'signed\n\nbody', { key });
      repo.git('-c', 'gpg.format=ssh', '-c', `user.signingKey=${key}`, 'tag', '-s', '-m', 'tagged', 't');
      const opened = await repo.open();
      const approvers = only(approver('dana@example.com', key));
      const verdict = await verifyObject(opened, oid, approvers);
      expect(verdict).toMatchObject({ ok: true, principal: 'dana@example.com', format: 'ssh', principals: ['dana@example.com'] });
      expect(verdict.key).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
      expect(await verifyObject(opened, repo.git('rev-parse', 't'), approvers)).toMatchObject({ ok: true, key: verdict.key });
    }
  });

  test('unsigned, foreign, altered and misused signatures do not', async () => {
    const repo = makeRepo();
    const key = makeSshKey();
    const other = makeSshKey();
    const opened = await repo.open();
    const good = commit(repo, 'good', { key });
    const approvers = only(approver('dana@example.com', key));
    const why = async (oid: string, who = approvers) => {
      const verdict = await verifyObject(opened, oid, who);
      expect(verdict.ok).toBe(false);
      expect(verdict.principal).toBeNull();
      return verdict.why;
    };
    const raw = repo.git('cat-file', 'commit', good);
    const write = (text: string) => {
      const file = join(tempDir(), 'object');
      writeFileSync(file, `${text}\n`);
      return repo.git('hash-object', '-t', 'commit', '-w', file);
    };
    expect(await why(commit(repo, 'unsigned'))).toBe('it is not signed');
    expect(await why(commit(repo, 'foreign', { key: other }))).toMatch(/not an approver's/);
    expect(await why(write(raw.replace(/\n\ngood$/, '\n\nevil')))).toMatch(/does not hold/);
    expect(await why(good, only(''))).toMatch(/not an approver's/);
    expect(await why(good, only(approver('dana@example.com', key).replace('"git"', '"file"')))).toMatch(/does not hold/);
    expect(await why(good, only(`# ${approver('dana@example.com', key)}`))).toMatch(/not an approver's/);
    expect(await why('0'.repeat(40))).toMatch(/no such/);
    expect(await why(repo.git('rev-parse', 'HEAD^{tree}'))).toMatch(/no such/);
    const block = raw.slice(raw.indexOf('gpgsig '), raw.indexOf('\n\n', raw.indexOf('END SSH')));
    expect(await why(write(raw.replace(block, `${block}\n${block}`)))).toMatch(/more than one signature/);
    expect(await why(write(raw.replace('-----END SSH SIGNATURE-----', '-----END SSH SIGNATURE-----\n and more')))).toMatch(
      /one whole block/,
    );
  });

  test('text behind a tag\u2019s signature makes it no signature', async () => {
    const repo = makeRepo();
    const key = makeSshKey();
    repo.git('-c', 'gpg.format=ssh', '-c', `user.signingKey=${key}`, 'tag', '-s', '-m', 'tagged', 't');
    const file = join(tempDir(), 'tag');
    writeFileSync(file, `${repo.git('cat-file', 'tag', 't')}\nApproved by everyone\n`);
    const forged = repo.git('hash-object', '-t', 'tag', '-w', '--literally', file);
    expect(await verifyObject(await repo.open(), forged, only(approver('dana@example.com', key)))).toMatchObject({ ok: false });
  });

  test('a replaced object is not taken for the one that its id names', async () => {
    const repo = makeRepo();
    const key = makeSshKey();
    const bad = commit(repo, 'unsigned');
    const good = commit(repo, 'signed', { key });
    repo.git('replace', bad, good);
    expect(await verifyObject(await repo.open(), bad, only(approver('dana@example.com', key)))).toMatchObject({
      ok: false,
      why: 'it is not signed',
    });
  });

  test('the principal is the listed one, the expected one where a key has two, and a pattern is matched', async () => {
    const repo = makeRepo();
    const key = makeSshKey();
    const oid = commit(repo, 'signed', { key });
    const opened = await repo.open();
    const two = only(approver('eve@example.com', key) + approver('dana@example.com', key));
    expect(await verifyObject(opened, oid, two)).toMatchObject({
      principal: 'eve@example.com',
      principals: ['eve@example.com', 'dana@example.com'],
    });
    expect(await verifyObject(opened, oid, two, { expected: 'dana@example.com' })).toMatchObject({ principal: 'dana@example.com' });
    const eve = only(approver('eve@example.com', key));
    expect(await verifyObject(opened, oid, eve, { expected: 'dana@example.com' })).toMatchObject({
      ok: true,
      principal: 'eve@example.com',
    });
    const pattern = only(approver('x@example.com', key).replace('x@', '*@'));
    expect(await verifyObject(opened, oid, pattern, { expected: 'dana@example.com' })).toMatchObject({ principal: 'dana@example.com' });
  });

  test('a key is judged at the latest of the object\u2019s own and its parents\u2019 dates', async () => {
    const repo = makeRepo();
    const key = makeSshKey();
    const opened = await repo.open();
    const leaver = only(approver('dana@example.com', key, 'valid-before="20240601"'));
    const starter = only(approver('dana@example.com', key, 'valid-after="20240601"'));
    repo.git('checkout', '-q', '--orphan', 'old');
    const before = commit(repo, 'while there', { key, date: '2024-05-01T00:00:00Z' });
    const after = commit(repo, 'after leaving', { key, date: '2024-07-01T00:00:00Z' });
    const backdated = commit(repo, 'back-dated', { key, date: '2024-05-02T00:00:00Z' });
    expect((await verifyObject(opened, before, leaver)).ok).toBe(true);
    expect((await verifyObject(opened, after, leaver)).ok).toBe(false);
    expect((await verifyObject(opened, backdated, leaver)).ok).toBe(false);
    expect((await verifyObject(opened, before, starter)).ok).toBe(false);
    expect((await verifyObject(opened, after, starter)).ok).toBe(true);
    expect((await verifyObject(opened, before, leaver, { at: new Date('2024-08-01') })).ok).toBe(false);
  });
});
