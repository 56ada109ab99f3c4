/** Closeouts in other kinds of repositories and with other policies. */

import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeApprovedRepo, signer, signWith } from '../support/approved-repo.ts';
import { makeRepo, makeSshKey, TestRepo, tempDir } from '../support/repo.ts';

const idOf = (repo: TestRepo) => `session-${repo.git('branch', '--show-current').slice('session/'.length)}`;

async function work(repo: TestRepo, topic: string, file = 'README.md'): Promise<string> {
  await repo.ok(['start', topic]);
  const id = idOf(repo);
  repo.commit(topic, { [file]: `# ${topic}\n`, [`sessions/${id}/artifacts/notes/plan.md`]: '# The plan\n' });
  return id;
}

/** Lands, verifies, and leaves nothing behind. */
async function lands(repo: TestRepo, id: string, args: string[] = []): Promise<void> {
  await repo.ok(['closeout', id, '--yes', ...args]);
  await repo.ok(['verify', id]);
  expect(repo.git('status', '--porcelain')).toBe('');
}

describe('policies', () => {
  test('land.artifacts: tag keeps artifacts in the tag and off base', async () => {
    const { repo } = makeApprovedRepo('presence: none\nland: { artifacts: tag }\n');
    const id = await work(repo, 'few-files');
    await lands(repo, id);
    expect(repo.has(`sessions/${id}/artifacts/notes/plan.md`)).toBe(false);
    expect(repo.git('show', `backup/${id}^{commit}^:sessions/${id}/artifacts/notes/plan.md`)).toBe('# The plan');
    expect(JSON.parse(repo.read(`sessions/${id}/inventory.json`)).artifacts).toHaveLength(1);
  });

  test('branch.after_landing: keep leaves the branch at the seal', async () => {
    const { repo } = makeApprovedRepo('presence: none\nbranch: { after_landing: keep }\n');
    const id = await work(repo, 'kept-branch');
    const branch = repo.git('branch', '--show-current');
    await lands(repo, id);
    expect(repo.git('rev-parse', branch)).toBe(repo.git('rev-parse', `backup/${id}^{commit}`));
    expect(repo.git('branch', '--show-current')).toBe('main');
  });

  test('--include brings in a file that nobody claimed; without it the file stays out', async () => {
    const { repo } = makeApprovedRepo('presence: none\n', { 'docs/guide.md': '# Guide\n' });
    const id = await work(repo, 'left-over-file');
    repo.write('docs/note.md', '# note\n');
    const facts = await repo.json(['closeout', '--prepare']);
    expect(facts.review.leftovers).toEqual(['docs/note.md']);
    const wrong = await repo.session(['closeout', '--yes', '--include', 'nothing.md']);
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('nothing.md is not among the uncommitted files')]);
    await lands(repo, id, ['--include', 'docs/note.md']);
    expect(repo.git('show', 'main:docs/note.md')).toBe('# note');
  });

  test('a session that changes approvers says so before anything else', async () => {
    const { repo } = makeApprovedRepo();
    await repo.ok(['start', 'another-approver']);
    repo.write('.swarm/allowed_signers', repo.read('.swarm/allowed_signers') + signer('eve@example.com', makeSshKey()));
    repo.git('commit', '-qam', 'Add Eve');
    const { out } = await repo.ok(['closeout', '--prepare']);
    expect(out.indexOf('approvers: .swarm/allowed_signers')).toBeLessThan(out.indexOf('Duration:'));
    await repo.ok(['closeout', '--yes']);
    expect(repo.git('cat-file', 'tag', repo.git('tag'))).toContain('"accepted":["changes approvers: .swarm/allowed_signers"]');
  });
});

describe('stacked sessions', () => {
  test('the upper one waits for the lower one, then lands on the same branch', async () => {
    const { repo } = makeApprovedRepo();
    const lower = await work(repo, 'lower-layer');
    await repo.ok(['start', 'upper-layer', '--stack']);
    const upper = idOf(repo);
    repo.commit('upper', { 'README.md': '# lower-layer\n\nand upper\n' });
    const early = await repo.session(['closeout', '--yes']);
    expect([early.code, early.err]).toEqual([1, expect.stringContaining(`The session is stacked on ${lower}, which has not landed.`)]);
    await repo.ok(['closeout', lower, '--yes']);
    await lands(repo, upper);
    expect(repo.git('log', '--first-parent', '--merges', '--format=%s', 'main').split('\n')).toHaveLength(2);
    expect(JSON.parse(repo.read(`sessions/${upper}/metadata.json`)).base).toBe('main');
  });
});

describe('repositories', () => {
  test('with SHA-256 objects', async () => {
    const { repo } = makeApprovedRepo('presence: none\n', {}, 'sha256');
    await lands(repo, await work(repo, 'longer-hashes'));
  });

  test('with a space, a quote and a dollar in the path, run from a subdirectory', async () => {
    const { repo } = makeApprovedRepo();
    const dir = join(tempDir(), `it's $HOME "here"`);
    renameSync(repo.dir, dir);
    const moved = new TestRepo(dir);
    const id = await work(moved, 'odd-places');
    mkdirSync(join(dir, 'sub'));
    await moved.ok(['closeout', '--yes'], { cwd: join(dir, 'sub') });
    await moved.ok(['verify', id]);
    expect(moved.git('branch', '--show-current')).toBe('main');
  });

  test('with core.autocrlf, and with GIT_DIR set', async () => {
    const { repo } = makeApprovedRepo();
    repo.git('config', 'core.autocrlf', 'true');
    const id = await work(repo, 'line-endings');
    await repo.ok(['closeout', '--yes'], { env: { GIT_DIR: join(repo.dir, '.git'), GIT_WORK_TREE: repo.dir } });
    await repo.ok(['verify', id]);
    expect(repo.git('status', '--porcelain')).toBe('');
  });

  test('with a gpg key', async () => {
    const home = join(tempDir('g-'), 'h');
    mkdirSync(home, { mode: 0o700 });
    const gpg = (...args: string[]) =>
      execFileSync('gpg', ['--batch', '--pinentry-mode', 'loopback', '--passphrase', '', ...args], {
        env: { ...process.env, GNUPGHOME: home },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    try {
      gpg('--quick-gen-key', 'Dana Dev <dana@example.com>', 'ed25519', 'sign', 'never');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return console.warn('gpg is not installed: its closeout was not tried');
      throw error;
    }
    const fingerprint = /^fpr:+([0-9A-F]{40}):$/m.exec(gpg('--with-colons', '--list-keys'))?.[1] ?? '';
    const repo = makeRepo();
    repo.write('.sessionrc.yaml', 'version: 1\npresence: none\n');
    repo.write(`.swarm/approvers/${fingerprint}.asc`, gpg('--armor', '--export', fingerprint));
    repo.git('config', 'user.signingKey', fingerprint);
    process.env.GNUPGHOME = home;
    try {
      repo.git('add', '-A');
      repo.git('commit', '-q', '-S', '-m', 'Set up git-session');
      await lands(repo, await work(repo, 'signed-with-gpg'));
      expect(repo.git('cat-file', 'tag', repo.git('tag'))).toContain('-----BEGIN PGP SIGNATURE-----');
    } finally {
      execFileSync('gpgconf', ['--kill', 'all'], { env: process.env, stdio: 'ignore' });
      delete process.env.GNUPGHOME;
    }
  });

  test('with a clone that has only the seal\u2019s branch and another approver\u2019s key set for another folder', async () => {
    const { repo, key } = makeApprovedRepo();
    signWith(repo, makeSshKey());
    repo.write('../include', `[user]\n\tsigningKey = ${key}\n`);
    repo.git('config', `includeIf.gitdir:${repo.dir}/.path`, '../../include');
    await lands(repo, await work(repo, 'conditional-keys'));
  });
});
