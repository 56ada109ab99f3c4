/** gpg keys of approvers: real keys in key rings of their own. Run by `npm run test:gpg`. */

import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { approversAt } from '../../src/trust/approvers.ts';
import { effectivePolicy } from '../../src/trust/policy-chain.ts';
import { verifyObject } from '../../src/trust/signature.ts';
import { canSign, signedCommit, signedTag, signingKey } from '../../src/trust/signing.ts';
import { makeRepo, makeSshKey, type TestRepo, tempDir } from '../support/repo.ts';
import { setEnv, signWith } from '../support/trust.ts';

const has = spawnSync('gpg', ['--version']).status === 0;
if (!has) console.warn('gpg is not installed here: the gpg suite is not run.');

/** A key ring with one key; git uses it until the test ends. */
function ring(name = 'Dana Dev <dana@example.com>', options: { at?: string; expires?: string } = {}) {
  const home = tempDir('gg-');
  const gpg = (...args: string[]) => {
    const faked = options.at ? ['--faked-system-time', `${options.at}!`] : [];
    return execFileSync('gpg', ['--homedir', home, '--batch', '--no-tty', '-q', ...faked, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  };
  onTestFinished(() => void spawnSync('gpgconf', ['--homedir', home, '--kill', 'all']));
  gpg('--passphrase', '', '--quick-gen-key', name, 'ed25519', 'sign', options.expires ?? 'never');
  const fingerprint =
    gpg('--with-colons', '--list-keys')
      .split('\n')
      .find((line) => line.startsWith('fpr:'))
      ?.split(':')[9] ?? '';
  return { home, gpg, fingerprint, armor: () => gpg('--armor', '--export', fingerprint) };
}

function use(repo: TestRepo, { home, fingerprint }: { home: string; fingerprint: string }, at?: string) {
  setEnv({ GNUPGHOME: home });
  repo.git('config', 'user.signingKey', fingerprint);
  if (!at) return;
  const program = join(tempDir(), 'gpg-then');
  writeFileSync(program, `#!/bin/sh\nexec gpg --faked-system-time '${at}!' "$@"\n`);
  chmodSync(program, 0o755);
  repo.git('config', 'gpg.program', program);
}

const only = (...keys: { fingerprint: string; armor(): string }[]) => ({
  signers: '',
  gpg: keys.map((key) => ({ fingerprint: key.fingerprint, armor: key.armor() })),
});

function dated(repo: TestRepo, date: string): string {
  setEnv({ GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date });
  repo.git('commit', '-q', '-S', '--allow-empty', '-m', date);
  return repo.git('rev-parse', 'HEAD');
}

describe.skipIf(!has)('gpg', () => {
  test('commit and tag sign and verify, by the approvers\u2019 keys and not the person\u2019s own ring', async () => {
    const repo = makeRepo();
    const dana = ring();
    use(repo, dana);
    const opened = await repo.open();
    const signer = await signingKey(opened);
    expect(signer).toMatchObject({ format: 'gpg', key: dana.fingerprint, principal: 'dana@example.com', needsTouch: false });
    const target = repo.git('rev-parse', 'HEAD');
    const commit = await signedCommit(opened, { tree: `${target}^{tree}`, parents: [target], message: 'm\n' }, signer);
    const tag = await signedTag(opened, { name: 'backup/x', target, message: 'Backup of x\n\n{}\n' }, signer);
    for (const oid of [commit, tag]) {
      expect(await verifyObject(opened, oid, only(dana))).toMatchObject({
        ok: true,
        principal: 'dana@example.com',
        key: dana.fingerprint,
        format: 'gpg',
      });
      expect(await verifyObject(opened, oid, { signers: '', gpg: [] })).toMatchObject({ ok: false });
      expect(await verifyObject(opened, oid, only(ring('Eve <eve@example.com>')))).toMatchObject({ ok: false });
    }
    expect(await canSign(opened, only(dana))).toMatchObject({ ok: true });
  });

  test('a file speaks for the key that it is named for, and for no other in it', async () => {
    const repo = makeRepo();
    const [dana, eve] = [ring(), ring('Eve <eve@example.com>')];
    use(repo, eve);
    const oid = dated(repo, '2026-01-01T00:00:00Z');
    const both = { signers: '', gpg: [{ fingerprint: dana.fingerprint, armor: dana.armor() + eve.armor() }] };
    expect(await verifyObject(await repo.open(), oid, both)).toMatchObject({
      ok: false,
      why: expect.stringContaining("not an approver's"),
    });
  });

  test('a key that has expired since is judged at the time of the commit', async () => {
    const repo = makeRepo({ empty: true });
    const dana = ring('Dana Dev <dana@example.com>', { at: '20240101T000000', expires: '6m' });
    use(repo, dana, '20240301T000000');
    const before = dated(repo, '2024-03-01T00:00:00Z');
    const backdated = dated(repo, '2024-12-01T00:00:00Z');
    const opened = await repo.open();
    expect(await verifyObject(opened, before, only(dana))).toMatchObject({ ok: true });
    expect(await verifyObject(opened, backdated, only(dana))).toMatchObject({ ok: false, why: expect.stringContaining('expired') });
  });

  test('a revoked key signs nothing', async () => {
    const repo = makeRepo();
    const dana = ring();
    use(repo, dana);
    const oid = dated(repo, '2026-01-01T00:00:00Z');
    const revocation = join(tempDir(), 'revoke');
    const text = readFileSync(join(dana.home, 'openpgp-revocs.d', `${dana.fingerprint}.rev`), 'utf8');
    writeFileSync(revocation, text.slice(text.indexOf(':-----BEGIN') + 1));
    dana.gpg('--import', revocation);
    expect(await verifyObject(await repo.open(), oid, only(dana))).toMatchObject({ ok: false, why: expect.stringContaining('revoked') });
  });

  test('init names a gpg approver, and a gpg approver lets in others, ssh and gpg', async () => {
    const repo = makeRepo();
    const dana = ring();
    use(repo, dana);
    const first = await repo.json(['init', '--yes', '--no-hooks', '--no-detect', '--presence', 'none']);
    expect(first).toMatchObject({ signed: true, signer: { format: 'gpg', key: dana.fingerprint } });
    expect((await approversAt(await repo.open(), 'main')).gpg.map(({ fingerprint }) => fingerprint)).toEqual([dana.fingerprint]);
    const eve = ring('Eve <eve@example.com>');
    const file = join(tempDir(), 'eve.asc');
    writeFileSync(file, eve.armor());
    setEnv({ GNUPGHOME: dana.home });
    const wrong = await repo.session(['init', '--yes', '--no-hooks', '--approver', 'dana@example.com', '--key', file]);
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('eve@example.com')]);
    const robin = makeSshKey();
    await repo.ok(['init', '--yes', '--no-hooks', '--approver', 'robin@example.com', '--key', `${robin}.pub`]);
    signWith(repo, robin);
    const third = await repo.json(['init', '--yes', '--no-hooks', '--approver', 'eve@example.com', '--key', file]);
    const found = await effectivePolicy(await repo.open(), { fresh: true });
    expect(found).toMatchObject({ source: third.commit, root: first.commit });
    expect(found.approvers.gpg).toHaveLength(2);
  });

  test('without a key gpg\u2019s absence of one is an error', async () => {
    const repo = makeRepo();
    setEnv({ GNUPGHOME: tempDir('gg-') });
    await expect(signingKey(await repo.open())).rejects.toMatchObject({ kind: 'state', why: expect.stringContaining('no secret key') });
  });
});

test.runIf(!has)('without gpg a gpg signature is named as not checked', async () => {
  const repo = makeRepo();
  const raw = `${repo.git('cat-file', 'commit', 'HEAD').replace(/\n\n/, '\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n AAAA\n -----END PGP SIGNATURE-----\n\n')}\n`;
  repo.write('raw', raw);
  const oid = repo.git('hash-object', '-t', 'commit', '-w', 'raw');
  const approvers = { signers: '', gpg: [{ fingerprint: 'A'.repeat(40), armor: '' }] };
  expect((await verifyObject(await repo.open(), oid, approvers)).why).toContain('not installed');
});
