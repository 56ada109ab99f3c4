import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { verifyObject } from '../../src/trust/signature.ts';
import { canSign, signedCommit, signedTag, signingKey } from '../../src/trust/signing.ts';
import { makeRepo, makeSshKey, TestRepo, tempDir } from '../support/repo.ts';
import { approver, setEnv, signWith } from '../support/trust.ts';

const MESSAGE = 'Backup of x\n\n{"a": 1}\n# kept\n';

const fingerprint = (key: string) => execFileSync('ssh-keygen', ['-lf', `${key}.pub`], { encoding: 'utf8' }).split(' ')[1];

async function signBoth(repo: TestRepo) {
  const opened = await repo.open();
  const target = repo.git('rev-parse', 'HEAD');
  const commit = await signedCommit(opened, { tree: repo.git('rev-parse', 'HEAD^{tree}'), parents: [target], message: 'one\n\ntwo\n' });
  const tag = await signedTag(opened, { name: 'backup/x', target, message: MESSAGE });
  return { opened, commit, tag, target };
}

const objects = (repo: TestRepo) => repo.git('count-objects', '-v');

describe('signing', () => {
  test('commit and tag object carry an ssh signature, verbatim messages, no ref; in sha1 and sha256', async () => {
    for (const objectFormat of ['sha1', 'sha256'] as const) {
      const repo = makeRepo({ objectFormat });
      const key = makeSshKey();
      signWith(repo, `${key}.pub`);
      const before = repo.git('for-each-ref');
      const { opened, commit, tag, target } = await signBoth(repo);
      const approvers = { signers: approver('dana@example.com', key), gpg: [] };
      for (const oid of [commit, tag])
        expect(await verifyObject(opened, oid, approvers)).toMatchObject({ ok: true, key: fingerprint(key) });
      expect(repo.git('for-each-ref')).toBe(before);
      const text = repo.git('cat-file', 'tag', tag);
      expect(text).toContain(`object ${target}\ntype commit\ntag backup/x\n`);
      expect(text).toContain(`\n\n${MESSAGE}-----BEGIN SSH SIGNATURE-----`);
      expect(repo.git('cat-file', 'commit', commit)).toMatch(/\n\none\n\ntwo$/);
      expect(repo.git('fsck', '--strict', '--no-dangling')).toBe('');
    }
  });

  test('the key of the real repository signs the tag too, also by includeIf, in a linked worktree and by git -c', async () => {
    const repo = makeRepo();
    const [wrong, right, third] = [makeSshKey(), makeSshKey(), makeSshKey()];
    const extra = join(tempDir(), 'included');
    writeFileSync(extra, `[user]\n\tsigningKey = ${right}\n[gpg]\n\tformat = ssh\n`);
    const global = join(tempDir(), 'gitconfig');
    writeFileSync(
      global,
      `[user]\n\tname = D\n\temail = d@example.com\n\tsigningKey = ${wrong}\n[gpg]\n\tformat = ssh\n[includeIf "gitdir:${repo.dir}/"]\n\tpath = ${extra}\n`,
    );
    setEnv({ GIT_CONFIG_GLOBAL: global });
    const signedBy = async (of: TestRepo, key: string) => {
      const { opened, commit, tag } = await signBoth(of);
      const approvers = { signers: approver('dana@example.com', key), gpg: [] };
      expect((await signingKey(opened)).key).toBe(fingerprint(key));
      for (const oid of [commit, tag]) expect((await verifyObject(opened, oid, approvers)).ok).toBe(true);
    };
    await signedBy(repo, right);
    repo.git('worktree', 'add', '-q', '../linked');
    await signedBy(new TestRepo(join(repo.dir, '../linked')), right);
    setEnv({ GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'user.signingKey', GIT_CONFIG_VALUE_0: third });
    await signedBy(repo, third);
  });

  test('a program that fails, a lost or a locked key: an error and nothing new, also where git exits 0 unsigned', async () => {
    const repo = makeRepo();
    const key = makeSshKey();
    signWith(repo, key);
    const opened = await repo.open();
    const target = repo.git('rev-parse', 'HEAD');
    const failing = join(tempDir(), 'failing');
    writeFileSync(failing, '#!/bin/sh\necho "no card" >&2\nexit 1\n');
    chmodSync(failing, 0o755);
    repo.git('config', 'gpg.ssh.program', failing);
    const refs = repo.git('for-each-ref');
    await expect(signedTag(opened, { name: 'backup/x', target, message: MESSAGE })).rejects.toMatchObject({
      kind: 'state',
      message: expect.stringContaining('could not be signed'),
    });
    await expect(signedCommit(opened, { tree: `${target}^{tree}`, parents: [], message: 'm\n' })).rejects.toMatchObject({
      kind: 'state',
      why: expect.stringContaining('no card'),
    });
    repo.git('config', '--unset', 'gpg.ssh.program');
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'secret', '-f', key]);
    // Whoever runs this at a terminal is not to be asked.
    setEnv({ SSH_ASKPASS: '/bin/false', SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':0' });
    expect(await signingKey(opened)).toMatchObject({ needsPassphrase: true, needsTouch: false });
    await expect(signedTag(opened, { name: 'backup/x', target, message: MESSAGE })).rejects.toMatchObject({ kind: 'state' });
    rmSync(key);
    await expect(signingKey(opened)).rejects.toMatchObject({ kind: 'state', why: expect.stringContaining('private half') });
    expect(repo.git('for-each-ref')).toBe(refs);
  });

  test('a try judges the key and leaves no object', async () => {
    const repo = makeRepo();
    const key = makeSshKey();
    signWith(repo, key);
    const opened = await repo.open();
    const before = objects(repo);
    expect(await canSign(opened, { signers: approver('dana@example.com', key), gpg: [] })).toMatchObject({
      ok: true,
      principal: 'dana@example.com',
    });
    expect(await canSign(opened, { signers: '', gpg: [] })).toMatchObject({ ok: false, why: expect.stringContaining('not an approver') });
    expect(objects(repo)).toBe(before);
  });

  test('another key than announced is refused', async () => {
    const repo = makeRepo();
    signWith(repo, makeSshKey());
    const opened = await repo.open();
    const announced = await signingKey(opened);
    signWith(repo, makeSshKey());
    const commit = { tree: repo.git('rev-parse', 'HEAD^{tree}'), parents: [], message: 'm\n' };
    await expect(signedCommit(opened, commit, announced)).rejects.toMatchObject({ why: expect.stringContaining('signed with') });
  });
});

describe('which key signs', () => {
  test('path, private path, pub only with an agent, inline, and the default key command', async () => {
    const repo = makeRepo();
    const key = makeSshKey();
    const opened = await repo.open();
    const pub = readFileSync(`${key}.pub`, 'utf8').trim();
    signWith(repo, key);
    const expected = { format: 'ssh', key: fingerprint(key), principal: 'dana@example.com', needsTouch: false, needsPassphrase: false };
    expect(await signingKey(opened)).toMatchObject(expected);
    signWith(repo, `key::${pub}`);
    await expect(signingKey(opened)).rejects.toMatchObject({ why: expect.stringContaining('agent does not hold it') });

    const dir = tempDir();
    const started = execFileSync('ssh-agent', ['-a', join(dir, 'agent'), '-s'], { encoding: 'utf8' });
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(started)?.[1]);
    setEnv({ SSH_AUTH_SOCK: join(dir, 'agent') });
    onTestFinished(() => void process.kill(pid));
    execFileSync('ssh-add', ['-q', key], { stdio: 'ignore' });
    const only = join(dir, 'only.pub');
    copyFileSync(`${key}.pub`, only);
    for (const setting of [`key::${pub}`, pub, only]) {
      signWith(repo, setting);
      expect(await signingKey(opened)).toMatchObject({ ...expected, describe: expect.stringContaining('agent') });
      expect(await canSign(opened, { signers: approver('dana@example.com', key), gpg: [] })).toMatchObject({ ok: true });
    }
    repo.git('config', '--unset', 'user.signingKey');
    repo.git('config', 'gpg.ssh.defaultKeyCommand', 'ssh-add -L');
    expect(await signingKey(opened)).toMatchObject(expected);
    expect((await signBoth(repo)).tag).toMatch(/^[0-9a-f]{40}$/);
  });

  test('no key says what to do', async () => {
    const repo = makeRepo();
    const opened = await repo.open();
    const refused = async (why: RegExp) =>
      expect(signingKey(opened)).rejects.toMatchObject({
        kind: 'state',
        why: expect.stringMatching(why),
        next: expect.stringMatching(/init --new-key/),
      });
    await refused(/secret key|not installed/);
    repo.git('config', 'gpg.format', 'ssh');
    await refused(/user.signingKey is not set/);
    repo.git('config', 'user.signingKey', '');
    await refused(/empty/);
    repo.git('config', 'user.signingKey', '/nowhere/key');
    await refused(/no ssh key that can be read/);
    repo.git('config', 'gpg.format', 'x509');
    await expect(signingKey(opened)).rejects.toMatchObject({ kind: 'state', message: expect.stringContaining('x509') });
  });

  test('no temporary file stays', async () => {
    const tmp = tempDir();
    setEnv({ TMPDIR: tmp });
    const repo = makeRepo();
    const key = makeSshKey();
    signWith(repo, key);
    const left = readdirSync(tmp);
    const { opened, tag } = await signBoth(repo);
    await verifyObject(opened, tag, { signers: approver('dana@example.com', key), gpg: [] });
    expect(readdirSync(tmp)).toEqual(left);
  });
});
