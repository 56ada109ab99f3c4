/** A session that lands by pull request: sealed here, signed in another clone, merged by a forge, recognised afterwards. */

import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { schema as closeoutSchema } from '../../src/cli/schemas/closeout.ts';
import { schema as reconcileSchema } from '../../src/cli/schemas/reconcile.ts';
import { schema as rejectSchema } from '../../src/cli/schemas/reject.ts';
import { copyOf, makeApprovedRepo, makeSession, signer, signWith, verifies } from '../support/approved-repo.ts';
import { makeSshKey, TestRepo } from '../support/repo.ts';

let open: TestRepo;
let id: string;
let branch: string;

beforeAll(async () => {
  open = makeApprovedRepo('presence: none\nland: { by: pr }\n').repo;
  id = await makeSession(open);
  branch = open.git('branch', '--show-current');
});

const metadata = (repo: TestRepo, commit: string) => JSON.parse(repo.git('show', `${commit}:sessions/${id}/metadata.json`));

/** A copy with a bare remote that has main and the session branch. */
async function sealed(): Promise<{ repo: TestRepo; facts: { seal: string; state: string; push: string } }> {
  const repo = copyOf(open);
  repo.git('clone', '-q', '--bare', '.', '../origin.git');
  repo.git('--git-dir=../origin.git', 'symbolic-ref', 'HEAD', 'refs/heads/main');
  repo.git('remote', 'add', 'origin', join(repo.dir, '..', 'origin.git'));
  repo.git('fetch', '-q', 'origin');
  repo.git('branch', '-q', '--set-upstream-to=origin/main', 'main');
  const facts = await repo.json(['closeout', '--yes']);
  return { repo, facts: closeoutSchema.parse(facts) as never };
}

function clone(repo: TestRepo): TestRepo {
  const dir = join(repo.dir, '..', 'clone');
  repo.git('clone', '-q', join(repo.dir, '..', 'origin.git'), dir);
  const other = new TestRepo(dir);
  for (const key of ['gpg.format', 'user.signingKey']) other.git('config', key, repo.git('config', key));
  return other;
}

describe('by pull request', () => {
  test('closeout seals and signs nothing; the checkout stays on the branch', async () => {
    const { repo, facts } = await sealed();
    expect(facts).toMatchObject({ state: 'sealed', merge: null, tag: null, push: `git push origin ${branch}` });
    expect(repo.git('rev-parse', branch)).toBe(facts.seal);
    expect(metadata(repo, facts.seal)).toMatchObject({ status: 'closed', backup_location: `.swarm/backups/${id}.json` });
    expect(repo.git('tag')).toBe('');
    expect(repo.git('branch', '--show-current')).toBe(branch);
    expect(repo.git('status', '--porcelain')).toBe('');
    expect((await repo.json(['show', id])).session.state).toBe('sealed');
    const again = await repo.session(['closeout', '--yes']);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('is sealed already')]);
  });

  test('an approver signs in another clone; a squash on the forge is recognised, and the clone tidied', async () => {
    const { repo, facts } = await sealed();
    repo.git('push', '-q', 'origin', branch);
    const other = clone(repo);
    const approved = closeoutSchema.parse(await other.json(['approve', id, '--yes']));
    expect(approved).toMatchObject({ state: 'sealed', tag: `backup/${id}`, merge: null, push: `git push origin backup/${id}` });
    expect(other.git('rev-parse', `backup/${id}^{commit}`)).toBe(facts.seal);
    expect(verifies(other, 'tag', `backup/${id}`)).toBe(true);
    other.git('push', '-q', 'origin', `backup/${id}`);
    // What a forge does.
    other.git('merge', '-q', '--squash', `origin/${branch}`);
    other.git('commit', '-q', '-m', 'Login form (#1)');
    other.git('push', '-q', 'origin', 'main');

    repo.git('fetch', '-q', 'origin', '--tags');
    const early = reconcileSchema.parse(await repo.json(['reconcile']));
    expect(early.sessions).toMatchObject([{ session: id, found: 'upstream' }]);
    repo.git('fetch', '-q', 'origin', 'main:main');
    const main = repo.git('rev-parse', 'main');
    const { sessions } = reconcileSchema.parse(await repo.json(['reconcile']));
    expect(sessions).toMatchObject([{ session: id, found: 'landed', commit: main }]);
    expect(repo.git('rev-parse', 'main')).toBe(main);
    expect(repo.git('branch', '--show-current')).toBe('main');
    expect(repo.git('branch', '--list', 'session/*')).toBe('');
    expect(repo.git('status', '--porcelain')).toBe('');
    expect((await repo.json(['reconcile'])).sessions).toEqual([]);
  });

  test('a branch whose commits nothing else keeps is not deleted', async () => {
    const { repo } = await sealed();
    repo.git('switch', '-q', 'main');
    repo.git('merge', '-q', '--squash', branch);
    repo.git('commit', '-q', '-m', 'Login form (#1)');
    const { sessions } = await repo.json(['reconcile']);
    expect(sessions[0]).toMatchObject({
      found: 'landed',
      verdict: 'unapproved',
      notes: expect.arrayContaining([expect.stringContaining('neither main nor a backup tag holds its commits')]),
    });
    expect(repo.git('branch', '--list', 'session/*')).not.toBe('');
  });

  test('a second approver adds an approval tag of the same manifest; nobody approves twice', async () => {
    const repo = copyOf(open);
    const second = makeSshKey();
    repo.git('switch', '-q', 'main');
    repo.write('.swarm/allowed_signers', repo.read('.swarm/allowed_signers') + signer('eve@example.com', second));
    repo.write('.sessionrc.yaml', 'version: 1\npresence: none\nland: { by: pr }\napprovals: { count: 2 }\n');
    repo.git('commit', '-q', '-S', '-am', 'Two approvers');
    repo.git('switch', '-q', branch);
    await repo.ok(['closeout', '--yes']);
    await repo.ok(['approve', '--yes']);
    const twice = await repo.session(['approve', '--yes']);
    expect([twice.code, twice.err]).toEqual([1, expect.stringContaining('dana@example.com has approved this session already.')]);
    signWith(repo, second);
    repo.git('config', 'user.email', 'eve@example.com');
    const { tag } = await repo.json(['approve', '--yes']);
    expect(tag).toMatch(new RegExp(`^approval/${id}/`));
    expect(repo.git('rev-parse', `${tag}^{commit}`)).toBe(repo.git('rev-parse', `backup/${id}^{commit}`));
    repo.git('switch', '-q', 'main');
    repo.git('merge', '-q', '--no-ff', '-m', 'Merge (#1)', branch);
    const report = JSON.parse((await repo.session(['verify', id, '--json'])).out);
    expect(JSON.stringify(report)).toContain('"approvals":{"needed":2,"principals":["dana@example.com","eve@example.com"]}');
  });

  test('approve asks for a seal first', async () => {
    const repo = copyOf(open);
    const ran = await repo.session(['approve', '--yes']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('is not sealed')]);
  });
});

describe('reject', () => {
  test('a session in review is active again and its reasons are shown at the next review', async () => {
    const repo = copyOf(open);
    await repo.ok(['closeout', '--prepare']);
    expect((await repo.json(['show', id])).session.state).toBe('review');
    const before = repo.snapshot();
    const facts = rejectSchema.parse(
      await repo.json(['reject', '--reason', 'README.md:3: says too little', '--reason', 'No test for logout']),
    );
    expect(facts).toMatchObject({
      withdrawn: null,
      reasons: [
        { text: 'says too little', path: 'README.md', line: 3 },
        { text: 'No test for logout', path: null, line: null },
      ],
    });
    expect(repo.snapshot()).toBe(before);
    expect((await repo.json(['show', id])).session.state).toBe('active');
    expect((await repo.ok(['closeout', '--prepare'])).out).toContain('README.md:3: says too little');
  });

  test('a seal and its tag are withdrawn into the trash; a tag that was pushed is never used again', async () => {
    const { repo, facts } = await sealed();
    const tip = repo.git('rev-parse', `${facts.seal}^`);
    await repo.ok(['approve', '--yes']);
    const tag = repo.git('rev-parse', `backup/${id}`);
    repo.git('push', '-q', 'origin', `backup/${id}`);
    repo.write('README.md', '# mine, not committed\n');
    // Where a person is asked for, an approved tag is not taken back without one.
    const before = repo.snapshot();
    const attended = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'gitsession.presence', GIT_CONFIG_VALUE_0: 'terminal' };
    for (const env of [attended, { ...attended, CLAUDECODE: '1' }]) {
      expect((await repo.session(['reject', '--reason', 'nope'], { env })).code).toBe(3);
    }
    expect(repo.snapshot()).toBe(before);
    const rejected = rejectSchema.parse(await repo.json(['reject', '--reason', 'Not yet']));
    expect(rejected).toMatchObject({ withdrawn: facts.seal, tag: `backup/${id}` });
    expect(repo.git('rev-parse', branch)).toBe(tip);
    expect(repo.git('tag')).toBe('');
    const trash = repo.git('for-each-ref', '--format=%(objectname)', 'refs/git-session/trash/').split('\n');
    expect(trash.sort()).toEqual([facts.seal, tag].sort());
    expect(repo.git('status', '--porcelain')).toBe(' M README.md');
    expect((await repo.json(['show', id])).session.state).toBe('active');
    repo.git('restore', 'README.md');
    await repo.ok(['closeout', '--yes']);
    expect((await repo.json(['approve', '--yes'])).tag).toBe(`backup/${id}.2`);
  });

  test.each(['before', 'after'])('killed %s the refs have moved: the same command finishes it, and nothing of it is lost', async (when) => {
    const { repo, facts } = await sealed();
    await repo.ok(['approve', '--yes']);
    const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    const act = when === 'before' ? 'kill -9 $PPID; exit 1' : `'${real}' "$@"; kill -9 $PPID; exit 0`;
    repo.write('../bin/git', `#!/bin/sh\ncase "$*" in *"update-ref --stdin"*) ${act} ;; esac\nexec '${real}' "$@"\n`);
    chmodSync(join(repo.dir, '..', 'bin', 'git'), 0o755);
    const words = ['reject', id, '--reason', 'README.md:3: says too little'];
    const died = await repo.session(words, { env: { PATH: `${join(repo.dir, '..', 'bin')}:${process.env.PATH}` } });
    expect(died.code).not.toBe(0);
    await repo.ok(words);
    expect(repo.git('rev-parse', branch)).toBe(repo.git('rev-parse', `${facts.seal}^`));
    expect([repo.git('tag'), repo.git('status', '--porcelain')]).toEqual(['', '']);
    const { session, rejection } = await repo.json(['status']);
    expect([session.state, rejection.reasons]).toEqual(['active', [{ text: 'says too little', path: 'README.md', line: 3 }]]);
    await repo.ok(['closeout', '--yes']);
  });

  test('says what it needs', async () => {
    expect((await open.session(['reject'])).code).toBe(2);
    expect((await open.session(['reject', '--reason', ' '])).code).toBe(2);
  });
});
