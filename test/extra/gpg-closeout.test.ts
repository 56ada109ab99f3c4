/** A closeout signed with gpg, from start to verify. Run by `npm run test:gpg`. */

import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeRepo, tempDir } from '../support/repo.ts';
import { setEnv } from '../support/trust.ts';

const has = spawnSync('gpg', ['--version']).status === 0;
if (!has) console.warn('gpg is not installed here: the gpg suite is not run.');

describe.runIf(has)('a gpg approver', () => {
  test('lands a session that verifies', async () => {
    const home = tempDir('gg-');
    setEnv({ GNUPGHOME: home });
    onTestFinished(() => void spawnSync('gpgconf', ['--homedir', home, '--kill', 'all']));
    const gpg = (...args: string[]) =>
      execFileSync('gpg', ['--batch', '--no-tty', '-q', ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    gpg('--passphrase', '', '--quick-gen-key', 'Dana Dev <dana@example.com>', 'ed25519', 'sign', 'never');
    const fingerprint = /^fpr:+([0-9A-F]{40}):$/m.exec(gpg('--with-colons', '--list-keys'))?.[1] ?? '';
    const repo = makeRepo();
    repo.git('config', 'user.signingKey', fingerprint);
    repo.write('.sessionrc.yaml', 'version: 1\npresence: none\n');
    repo.write(`.swarm/approvers/${fingerprint}.asc`, gpg('--armor', '--export', fingerprint));
    repo.git('add', '-A');
    repo.git('commit', '-q', '-S', '-m', 'Set up git-session');
    await repo.ok(['start', 'signed-with-gpg']);
    repo.commit('work', { 'README.md': '# signed\n' });
    await repo.ok(['closeout', '--yes']);
    expect((await repo.ok(['verify', '--all'])).out).toContain('1 verified');
    expect(repo.git('cat-file', 'tag', repo.git('tag'))).toContain('-----BEGIN PGP SIGNATURE-----');
  });
});
