/** `git session init --local`: a clone alone, from its set-up to the closeout, what others can tell of it, and how it becomes everybody's. */

import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { schema } from '../../src/cli/schemas/init.ts';
import { parseTagMessage } from '../../src/core/closeout/manifest-text.ts';
import { MemoryFollower } from '../../src/lifecycle/memory/follow.ts';
import { effectivePolicy } from '../../src/trust/policy-chain.ts';
import { atTerminal } from '../support/pty.ts';
import { cloneOf, makeRepo, makeSshKey, ROOT, run, TestRepo, tempDir } from '../support/repo.ts';
import { signWith } from '../support/trust.ts';

const LOCAL = ['init', '--local', '--yes', '--no-try', '--no-detect'];
const OPEN = [...LOCAL, '--presence', 'none', '--no-agent'];
const POLICY = '.git/git-session/local/.sessionrc.yaml';
const SIGNERS = '.git/git-session/local/.swarm/allowed_signers';

async function ready(...args: string[]) {
  const repo = makeRepo();
  const key = makeSshKey();
  await repo.ok([...OPEN, '--signing-key', key, ...args]);
  return { repo, key };
}

/** Refused: exit code and sentence as expected, and nothing has changed. */
async function refused(repo: TestRepo, args: string[], code: number, says: RegExp, options = {}) {
  const before = repo.snapshot();
  const ran = await repo.session(args, options);
  expect([ran.code, ran.err]).toEqual([code, expect.stringMatching(says)]);
  expect(repo.snapshot()).toBe(before);
}

/** A session with a commit and something learned, landed. Returns its id. */
async function landed(repo: TestRepo, topic: string): Promise<string> {
  const { session } = await repo.json(['start', topic]);
  repo.commit('work', { [`sessions/${session.id}/artifacts/docs/${topic}.md`]: `# ${topic}\n` });
  await repo.ok(['memory', 'store', `pattern/${topic}`, 'what was learned']);
  const ran = await repo.ok(['closeout', '--yes']);
  expect(ran.out).toContain('Policy: local.');
  return session.id;
}

describe('the set-up', () => {
  test('shows every line first; then git sees nothing of it, and a second run finds it', async () => {
    const repo = makeRepo();
    const before = [repo.snapshot(), repo.git('status', '--porcelain', '--ignored')];
    const args = ['init', '--local', '--dry-run', '--no-detect', '--signing-key', makeSshKey(), '--agent', 'claude', '--json'];
    const shown = await repo.ok(args);
    expect(shown.err).toMatch(/In this clone alone, not committed:\n {2}add {4}\.git\/git-session\/local\/\.sessionrc\.yaml\n {6}\+ /);
    expect([repo.snapshot(), repo.git('status', '--porcelain', '--ignored')]).toEqual(before);
    expect(repo.has('.git/git-session/local')).toBe(false);
    const [tracked, refs] = [repo.git('ls-files', '-s'), repo.git('for-each-ref')];
    const facts = schema.parse(await repo.json([...LOCAL, '--signing-key', makeSshKey(), '--agent', 'claude']));
    expect(facts).toMatchObject({ local: true, commit: null, files: [], hooks: 'active' });
    expect([repo.git('ls-files', '-s'), repo.git('for-each-ref')]).toEqual([tracked, refs]);
    expect(repo.git('status', '--porcelain', '-uall')).toBe('');
    expect(repo.read('.claude/settings.local.json')).toContain('hook.sh');
    expect(repo.git('check-attr', 'eol', '--', '.swarm/backups/x')).toContain('lf');
    const again = schema.parse(await repo.json(LOCAL));
    expect(again.here).toEqual([]);
    expect(repo.git('status', '--porcelain', '-uall')).toBe('');
  });

  test('files of the project are left alone, and what a person has in theirs stays', async () => {
    const own = '{"permissions":{"allow":["Bash(ls)"]}}';
    const repo = makeRepo({ files: { '.mcp.json': '{"mcpServers":{}}\n', '.claude/settings.json': '{}\n' } });
    repo.write('.claude/settings.local.json', own);
    repo.write('AGENTS.md', 'not committed yet\n');
    const { notes } = await repo.json(
      [...OPEN, '--no-approver', '--agent', 'claude', '--agent', 'generic'].filter((arg) => arg !== '--no-agent'),
    );
    expect(notes.join('\n')).toMatch(/\.mcp\.json belongs to the project[\s\S]*AGENTS\.md belongs to the project/);
    expect([repo.read('.mcp.json'), repo.read('.claude/settings.json')]).toEqual(['{"mcpServers":{}}\n', '{}\n']);
    expect(repo.git('status', '--porcelain', '-uall')).toBe('?? AGENTS.md');
    // A client writes into its own file, too.
    const settings = JSON.parse(repo.read('.claude/settings.local.json'));
    expect(settings.permissions.allow).toEqual(['Bash(ls)', 'mcp__git-session']);
    settings.permissions.allow.push('Bash(npm test)');
    repo.write('.claude/settings.local.json', JSON.stringify(settings));
    await repo.ok(['uninstall', '--yes']);
    expect(JSON.parse(repo.read('.claude/settings.local.json'))).toEqual({ permissions: { allow: ['Bash(ls)', 'Bash(npm test)'] } });
  });

  test('where the branch has a policy it is refused; an agent names no approver, and changes none', async () => {
    const project = makeRepo();
    await project.ok(['init', '--yes', '--no-detect', '--no-hooks', '--signing-key', makeSshKey()]);
    await refused(project, LOCAL, 1, /has a policy already, on main[\s\S]*next: git session init /);
    const repo = makeRepo();
    const key = makeSshKey();
    const agent = { env: { CLAUDECODE: '1' } };
    await refused(repo, [...LOCAL, '--signing-key', key], 3, /A person names the first approver/, agent);
    await repo.ok([...LOCAL, '--signing-key', key]);
    const before = repo.read(SIGNERS);
    const robin = `${makeSshKey()}.pub`;
    await refused(repo, [...LOCAL, '--approver', 'robin@example.com', '--key', robin], 3, /A person decides/, agent);
    await refused(repo, ['uninstall', '--yes'], 3, /A person decides/, agent);
    expect(repo.read(SIGNERS)).toBe(before);
  });
});

test('the whole life of a session: hooks, closeout by the approvers of the clone, memory, and uninstall', async () => {
  const { repo } = await ready();
  const config = repo.git('config', 'user.signingKey');
  const status = await repo.json(['status']);
  expect(status).toMatchObject({ initialised: true, local_policy: true, hooks: 'active' });
  expect((await repo.ok(['config'])).out).toContain(POLICY);
  expect(await repo.json(['config', 'presence'])).toMatchObject({ local: join(repo.dir, POLICY), settings: [{ value: 'none' }] });
  expect((await repo.ok(['doctor'])).out).toMatch(/policy of this clone alone is in force \(local, unaudited\)/);

  const { session } = await repo.json(['start', 'auth-system']);
  repo.write('stray.txt', 'x\n');
  repo.git('add', '-A');
  const stray = await run('git', ['commit', '-m', 'stray'], { cwd: repo.dir, env: { CLAUDECODE: '1' } });
  expect([stray.code, stray.err]).toEqual([1, expect.stringContaining('stray.txt')]);
  repo.git('rm', '-q', '--cached', 'stray.txt');
  repo.write('.git/info/exclude', `${repo.read('.git/info/exclude')}/stray.txt\n`);
  const commit = repo.commit('work', { 'README.md': '# changed\n' });
  expect(repo.git('log', '-1', '--format=%(trailers:key=Session-Id,valueonly)', commit)).toContain(session.id);
  await repo.ok(['memory', 'store', 'pattern/login', 'what was learned']);

  // The list of the clone is read at each closeout: another key signs nothing.
  signWith(repo, makeSshKey());
  await refused(repo, ['closeout', '--yes'], 1, /not an approver.s[\s\S]*in the policy of this clone does not name it/);
  signWith(repo, config);
  await repo.ok(['closeout', '--yes']);
  const { manifest } =
    parseTagMessage(repo.git('tag', '-l', '--format=%(contents)', `backup/${session.id}`).replace(/-----BEGIN SSH[\s\S]*/, '')) ?? {};
  expect(manifest).toMatchObject({ policy: 'local', approver: { principal: 'dana@example.com' } });
  // What was approved here is seen by the next session here.
  expect((await repo.ok(['memory', 'get', 'pattern/login'])).out).toContain('what was learned');
  const follower = new MemoryFollower(repo.dir);
  const followed = async () => {
    const { hits } = await (await follower.now()).seen.search({ terms: [], keep: () => true, limit: 100 });
    return hits.map(({ entry }) => entry.key);
  };
  expect(await followed()).toContain('pattern/login');
  repo.write(SIGNERS, '');
  expect((await repo.session(['memory', 'get', 'pattern/login'])).code).toBe(1);
  expect(await followed()).toEqual([]);

  await repo.ok(['uninstall', '--yes']);
  expect(repo.git('config', '--local', '--list')).not.toMatch(/gitsession|hookspath|gpg|signing/i);
  expect(repo.git('cat-file', '-t', `backup/${session.id}`)).toBe('tag');
  expect(repo.has(`.swarm/backups/${session.id}.json`)).toBe(true);
  repo.commit('no hook is left');
});

test('by pull request: approved by the clone’s own policy, merged elsewhere, and seen to have landed, unaudited', async () => {
  const upstream = makeRepo();
  const repo = cloneOf(upstream);
  await repo.ok([...OPEN, '--signing-key', makeSshKey()]);
  expect((await repo.json(['config', 'land.by'])).settings[0].value).toBe('pr');
  const { id, branch } = (await repo.json(['start', 'auth-system'])).session;
  repo.commit('work', { [`sessions/${id}/artifacts/docs/auth.md`]: '# Auth\n' });
  await repo.ok(['memory', 'store', 'pattern/auth', 'what was learned']);
  expect(await repo.json(['closeout', '--yes'])).toMatchObject({ state: 'sealed' });
  expect(repo.git('tag')).toBe('');
  const approved = await repo.ok(['approve', '--yes', id]);
  expect(approved.out).toContain('Policy: local.');
  repo.git('push', '-q', 'origin', branch, `backup/${id}`);
  upstream.git('merge', '-q', '--no-ff', '-m', 'Merge pull request #1', branch);
  repo.git('switch', '-q', 'main');
  repo.git('pull', '-q', '--ff-only');
  await repo.ok(['reconcile']);
  expect((await repo.json(['show', id])).session.state).toBe('closed');
  const verified = await repo.session(['verify', id]);
  expect([verified.code, verified.out]).toEqual([
    4,
    expect.stringMatching(/unverified[\s\S]*as exactly what was approved[\s\S]*policy: local, unaudited/),
  ]);
  expect((await repo.ok(['memory', 'get', 'pattern/auth'])).out).toContain('what was learned');
});

test('verify says unaudited, here and in another clone, and what is forged fails', async () => {
  const { repo, key } = await ready();
  const id = await landed(repo, 'auth-system');
  const other = cloneOf(repo);
  for (const clone of [repo, other]) {
    for (const args of [
      ['verify', id],
      ['verify', '--all'],
    ]) {
      const ran = await clone.session(args);
      expect([ran.code, ran.out]).toEqual([4, expect.stringMatching(/unverified[\s\S]*policy: local, unaudited/)]);
    }
    const { sessions, policy } = JSON.parse((await clone.session(['verify', id, '--json'])).out);
    expect(sessions[0].findings.map(({ code }: { code: string }) => code)).toEqual(['policy-local', 'unattended']);
    expect(sessions[0].approval.policy).toBeNull();
    expect(policy.local).toBe(clone === repo);
  }
  // Nobody vouches for it there, so what it learned is offered to nobody.
  expect((await other.session(['memory', 'get', 'pattern/auth-system'])).code).toBe(1);
  const text = other
    .git('cat-file', 'tag', `backup/${id}`)
    .split('\n\n')
    .slice(1)
    .join('\n\n')
    .replace(/-----BEGIN SSH[\s\S]*/, '');
  const forge = async (message: string, by: string) => {
    signWith(other, by);
    other.git('config', 'user.email', 'dana@example.com');
    writeFileSync(join(other.dir, '.git/message'), message);
    other.git('tag', '-f', '-s', '--cleanup=verbatim', '-F', '.git/message', `backup/${id}`, `backup/${id}^{commit}`);
    const ran = await other.session(['verify', id, '--json']);
    expect(ran.code).toBe(4);
    return JSON.parse(ran.out).sessions[0];
  };
  const stolen = await forge(text, makeSshKey());
  expect([stolen.verdict, JSON.stringify(stolen.findings)]).toEqual(['failed', expect.stringContaining('tag-signature')]);
  const changed = await forge(text.replace(/"accepted":\[[^\]]*\]/, '"accepted":["all of it"]'), key);
  expect([changed.verdict, JSON.stringify(changed.findings)]).toEqual(['failed', expect.stringContaining('merge-trailer')]);
});

describe('hooks', () => {
  const committed = async (dir: string, topic: string) => {
    const repo = new TestRepo(dir);
    await repo.ok(['start', topic]);
    repo.git('commit', '-q', '--allow-empty', '-m', 'x');
    return repo.git('log', '-1', '--format=%(trailers:key=Session-Id,valueonly)');
  };

  test('run in a worktree by plain git worktree add at once, and in one of start --worktree with the clients connected', async () => {
    const { repo } = await ready();
    await repo.ok([...LOCAL, '--agent', 'claude']);
    const top = join(tempDir(), 'linked tree');
    repo.git('worktree', 'add', '-q', '-b', 'side', top);
    expect(await committed(top, 'auth-system')).toContain('auth-system');
    const { session } = await repo.json(['start', 'billing-report', '--worktree']);
    const linked = new TestRepo(session.worktree);
    expect(linked.read('.claude/settings.local.json')).toContain('hook.sh');
    expect(linked.git('status', '--porcelain', '-uall')).toBe('');
    await repo.ok(['hooks', 'session-end', '--session', 'billing-report']);
    await repo.ok(['hooks', 'session-end', '--session', 'auth-system']);
    await repo.ok(['uninstall', '--yes']);
    expect([linked.has('.claude'), linked.has('.swarm/hook.sh')]).toEqual([false, false]);
  });

  test('husky goes on as it was; its tracked scripts stay, and linked worktrees have both', async () => {
    const repo = makeRepo({
      files: { 'package.json': '{"devDependencies":{"husky":"^9.1.7"}}\n', '.husky/commit-msg': 'echo theirs >>"$TOLD"\n' },
    });
    execFileSync(process.execPath, [join(ROOT, 'node_modules/husky/bin.js')], { cwd: repo.dir });
    const { notes, hooks } = await repo.json([...OPEN, '--signing-key', makeSshKey()]);
    expect([hooks, notes.join('\n')]).toEqual(['active', expect.stringContaining('husky writes its scripts anew')]);
    expect(repo.git('status', '--porcelain', '-uall')).toBe('');
    const top = join(tempDir(), 'linked');
    repo.git('worktree', 'add', '-q', '-b', 'side', top);
    const told = join(tempDir(), 'told');
    process.env.TOLD = told;
    for (const dir of [repo.dir, top])
      expect(await committed(dir, dir === top ? 'in-the-linked-one' : 'auth-system')).toContain('session-');
    delete process.env.TOLD;
    expect(readFileSync(told, 'utf8')).toBe('theirs\ntheirs\n');
    execFileSync(process.execPath, [join(ROOT, 'node_modules/husky/bin.js')], { cwd: repo.dir });
    expect((await repo.json(['status'])).hooks).toBe('inactive');
    await repo.ok(['doctor', '--fix']);
    expect((await repo.json(['status'])).hooks).toBe('active');
  });

  test('tracked scripts are not touched: it says so, and the rest works', async () => {
    const repo = makeRepo({ files: { 'tools/hooks/pre-commit': '#!/bin/sh\nexit 0\n' } });
    chmodSync(join(repo.dir, 'tools/hooks/pre-commit'), 0o755);
    repo.commit('mode');
    repo.git('config', 'core.hooksPath', 'tools/hooks');
    const { notes, hooks } = await repo.json([...OPEN, '--signing-key', makeSshKey()]);
    expect([hooks, notes.join('\n')]).toEqual([
      'foreign',
      expect.stringMatching(/are tracked, and --local changes nothing that is tracked[\s\S]*core\.hooksPath is tools\/hooks/),
    ]);
    expect(repo.git('status', '--porcelain', '-uall')).toBe('');
    await landed(repo, 'auth-system');
  });
});

describe('it becomes everybody\u2019s', () => {
  test('by init without --local: one signed commit with the same policy and approvers, and what was here alone goes', async () => {
    const { repo } = await ready('--check', 'test=true');
    await repo.ok([...LOCAL, '--agent', 'claude']);
    const id = await landed(repo, 'auth-system');
    const signers = repo
      .read(SIGNERS)
      .split('\n')
      .filter((line) => !line.startsWith('#'));
    const facts = schema.parse(await repo.json(['init', '--yes', '--no-try']));
    expect(facts).toMatchObject({ local: false, signed: true, hooks: 'active', agents: ['claude'] });
    expect(repo.read('.sessionrc.yaml')).toMatch(
      /^# yaml-language-server: \$schema=\.git\/git-session[\s\S]*policy branch[\s\S]*presence: none[\s\S]*run: "?true"?\n/,
    );
    expect(
      repo
        .read('.swarm/allowed_signers')
        .split('\n')
        .filter((line) => !line.startsWith('#')),
    ).toEqual(signers);
    expect([repo.has('.git/git-session/local'), repo.has('.claude/settings.local.json'), repo.has('.git/hooks/pre-commit')]).toEqual([
      false,
      false,
      false,
    ]);
    expect(repo.git('status', '--porcelain', '-uall')).toBe('');
    const effective = await effectivePolicy(await repo.open(), { fresh: true });
    expect(effective).toMatchObject({ local: null, root: facts.commit });
    // What came before stays unaudited, and stops no audit of what the project's policy judges.
    const { session } = await repo.json(['start', 'billing-report']);
    await repo.ok(['closeout', '--yes']);
    const all = await repo.ok(['verify', '--all']);
    expect(all.out).toMatch(
      new RegExp(`verified .*${session.id}[\\s\\S]*unverified .*${id}[\\s\\S]*1 session landed by a policy of one clone`),
    );
    expect((await repo.session(['verify', id])).code).toBe(4);
    expect((await repo.ok(['memory', 'get', 'pattern/auth-system'])).out).toContain('what was learned');
  });

  test('a change of it takes a person, as the policy of the clone has it', async () => {
    const repo = makeRepo();
    await repo.ok([...LOCAL, '--no-agent', '--signing-key', makeSshKey()]);
    await refused(repo, ['init', '--yes', '--no-detect'], 3, /A person decides/, { env: { CLAUDECODE: '1' } });
    expect(repo.has(POLICY)).toBe(true);
    const terminal = atTerminal(repo.dir, ['init', '--yes', '--no-detect']);
    expect(await terminal.exit).toBe(0);
    expect([repo.has(POLICY), repo.has('.sessionrc.yaml')]).toEqual([false, true]);
  });

  test('by a pull: the policy of the branch counts from then on, and init takes away what was here alone', async () => {
    const upstream = makeRepo();
    const repo = cloneOf(upstream);
    await repo.ok([...LOCAL, '--presence', 'none', '--agent', 'claude', '--signing-key', makeSshKey()]);
    expect((await effectivePolicy(await repo.open())).local).not.toBeNull();
    await upstream.ok(['init', '--yes', '--no-detect', '--agent', 'claude', '--signing-key', makeSshKey()]);
    repo.git('pull', '-q');
    // Whoever can commit to the branch cannot make themselves the judge: a person looks at it first.
    const root = upstream.git('rev-parse', 'main');
    await refused(
      repo,
      ['verify', '--all'],
      4,
      /nobody whom this clone has named as an approver signed its beginning[\s\S]*git session init/,
    );
    await refused(repo, ['init', '--yes', '--no-detect'], 3, /A person decides/, { env: { CLAUDECODE: '1' } });
    expect((await repo.json(['status'])).notes.join()).toContain('main holds a policy now');
    const tip = repo.git('rev-parse', 'main');
    const terminal = atTerminal(repo.dir, ['init', '--yes', '--no-detect', '--no-agent']);
    await terminal.waitFor('Judge by it from now on? (yes/no)');
    terminal.type('yes\r');
    expect(await terminal.exit).toBe(0);
    expect(await effectivePolicy(await repo.open(), { fresh: true })).toMatchObject({ local: null, root });
    expect((await repo.json(['status'])).local_policy).toBe(false);
    expect([repo.git('rev-parse', 'main'), repo.git('status', '--porcelain')]).toEqual([tip, '']);
    expect([repo.has('.swarm/hook.sh'), repo.has('.claude/settings.local.json')]).toEqual([true, false]);
    expect([repo.has('.git/git-session/local'), repo.has('.git/hooks/pre-commit'), repo.git('config', 'core.hooksPath')]).toEqual([
      false,
      false,
      '.husky/_',
    ]);
  });
});
