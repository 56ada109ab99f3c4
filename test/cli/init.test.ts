/** `git session init` on real repositories: its plan, its one commit, what it leaves alone, and every reason why it refuses. */

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { schema } from '../../src/cli/schemas/init.ts';
import { effectivePolicy } from '../../src/trust/policy-chain.ts';
import { verifyObject } from '../../src/trust/signature.ts';
import { atTerminal } from '../support/pty.ts';
import { makeRepo, makeSshKey, TestRepo, tempDir } from '../support/repo.ts';
import { startSession } from '../support/started.ts';
import { approver, commit, signWith } from '../support/trust.ts';

const PLAIN = ['--yes', '--no-hooks', '--no-detect'];

/** Refused: exit code and sentence as expected, and nothing has changed. */
async function refused(repo: TestRepo, args: string[], code: number, says: RegExp, options = {}) {
  const before = repo.snapshot();
  const ran = await repo.session(['init', ...args], options);
  expect(ran.err).toMatch(says);
  expect(ran.code).toBe(code);
  expect(repo.snapshot()).toBe(before);
  return ran;
}

/** A repository that was set up with a key of its own. */
async function ready(...args: string[]) {
  const repo = makeRepo();
  const key = makeSshKey();
  await repo.ok(['init', ...PLAIN, '--signing-key', key, ...args]);
  return { repo, key };
}

const inForce = async (repo: TestRepo) => effectivePolicy(await repo.open(), { fresh: true });

describe('the plan', () => {
  test('without a terminal nothing is accepted (exit 3); a dry run shows every line and changes nothing', async () => {
    const repo = makeRepo();
    await refused(repo, ['--signing-key', makeSshKey()], 3, /no terminal[\s\S]*the same command with --dry-run/);
    const before = repo.snapshot();
    const ran = await repo.ok(['init', '--dry-run', '--json', '--no-detect', '--signing-key', makeSshKey()]);
    expect(repo.snapshot()).toBe(before);
    const facts = schema.parse(JSON.parse(ran.out));
    expect(facts).toMatchObject({ branch: 'main', commit: null, signed: null, hooks: null });
    expect(ran.err).toContain('+ presence: terminal');
    expect(ran.err).toContain('as .husky/pre-commit, under its own name');
  });

  test('a long change is cut with the question, which says where all of it is shown', async () => {
    const repo = makeRepo();
    const args = ['init', '--no-detect', '--agent', 'claude', '--signing-key', makeSshKey()];
    const { out } = await repo.ok([...args, '--dry-run', '--yes']);
    expect(out).not.toContain('more line');
    const terminal = atTerminal(repo.dir, args);
    await terminal.waitFor(/… and \d+ more lines, shown by git session init --dry-run with\s+the same options/);
    await terminal.waitFor('Accept? (yes/no)');
    terminal.type('yes\r');
    expect(await terminal.exit).toBe(0);
    const lines = repo.read('.claude/settings.json').trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(100);
    expect(out).toContain(lines.map((line) => `      + ${line}\n`).join(''));
  });
});

describe('the commit', () => {
  test('one, signed, on main; whatever the person has staged, changed or untracked stays as it is', async () => {
    const repo = makeRepo({ files: { 'a.txt': 'a\n', 'b.txt': 'b\n', 'c.txt': 'c\n' } });
    repo.write('a.txt', 'staged\n');
    repo.git('add', 'a.txt');
    repo.write('a.txt', 'staged and changed\n');
    repo.write('b.txt', 'changed\n');
    repo.git('rm', '-q', '--cached', 'c.txt');
    repo.write('new file.txt', 'untracked\n');
    const [status, index, tip] = [repo.git('status', '--porcelain'), repo.git('ls-files', '-s', '*.txt'), repo.git('rev-parse', 'main')];
    const key = makeSshKey();
    const facts = schema.parse(await repo.json(['init', '--yes', '--no-detect', '--signing-key', key]));

    expect(repo.git('status', '--porcelain')).toBe(status);
    expect(repo.git('ls-files', '-s', '*.txt')).toBe(index);
    expect(repo.read('a.txt')).toBe('staged and changed\n');
    expect(repo.git('rev-parse', 'main^')).toBe(tip);
    expect(facts).toMatchObject({ branch: 'main', commit: repo.git('rev-parse', 'main'), signed: true, hooks: 'active' });
    expect(facts.files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['.sessionrc.yaml', '.swarm/allowed_signers', '.gitattributes', '.husky/pre-commit']),
    );
    const policy = await inForce(repo);
    expect(policy).toMatchObject({ root: facts.commit, source: facts.commit, initialised: true });
    expect(await verifyObject(await repo.open(), facts.commit ?? '', policy.approvers)).toMatchObject({
      ok: true,
      principal: 'dana@example.com',
    });
    expect(repo.git('config', 'gitsession.policyRoot')).toBe(facts.commit);
    expect(repo.git('config', 'user.signingKey')).toBe(key);
    for (const path of ['.swarm/log/x/y.jsonl', 'sessions/session-x/metadata.json']) {
      expect(repo.git('check-attr', 'linguist-generated', 'eol', '--', path)).toMatch(/generated: set\n.*eol: lf/);
    }
    expect(repo.git('check-attr', 'linguist-generated', '--', '.swarm/allowed_signers')).toMatch(/: unset/);
    expect(repo.git('check-attr', 'merge', '--', '.swarm/allowed_signers')).toMatch(/unspecified/);
  });

  test('a second run finds everything set up', async () => {
    const { repo } = await ready();
    await repo.ok(['init', '--yes', '--no-detect']);
    const before = repo.snapshot();
    const ran = await repo.ok(['init', '--yes']);
    expect(ran.out).toContain('Everything is set up already.');
    expect(repo.snapshot()).toBe(before);
  });

  test('lands on main from another branch, a linked worktree and a detached HEAD, and moves only main\u2019s checkout', async () => {
    const repo = makeRepo();
    repo.git('switch', '-q', '-c', 'topic');
    repo.git('worktree', 'add', '-q', '../main-too', 'main');
    repo.git('switch', '-q', '--detach');
    const head = repo.git('rev-parse', 'HEAD');
    await repo.ok(['init', ...PLAIN, '--signing-key', makeSshKey()]);
    expect(repo.git('rev-parse', 'HEAD')).toBe(head);
    expect(repo.git('status', '--porcelain')).toBe('');
    expect(repo.has('.sessionrc.yaml')).toBe(false);
    const there = new TestRepo(join(repo.dir, '../main-too'));
    expect(there.has('.sessionrc.yaml')).toBe(true);
    expect(there.git('status', '--porcelain')).toBe('');
  });

  test('files of the person in its place stop it', async () => {
    const key = makeSshKey();
    const repo = makeRepo({ files: { '.gitattributes': '*.png binary\n', '.gitignore': '.sessionrc.yaml\n' } });
    repo.write('.gitattributes', '*.png binary\n*.jpg binary\n');
    await refused(repo, [...PLAIN, '--signing-key', key], 1, /\.gitattributes/);
    repo.git('checkout', '-q', '.gitattributes');
    repo.write('.sessionrc.yaml', 'land: pr\n');
    await refused(repo, [...PLAIN, '--signing-key', key], 1, /\.sessionrc\.yaml/);
    expect(repo.read('.sessionrc.yaml')).toBe('land: pr\n');
  });

  test('no commit to build on, a merge in progress, a broken policy', async () => {
    const key = makeSshKey();
    await refusedUnborn(key);
    const repo = makeRepo({ files: { 'a.txt': 'a' } });
    repo.git('switch', '-q', '-c', 'other');
    repo.commit('other', { 'a.txt': 'b' });
    repo.git('switch', '-q', 'main');
    repo.commit('main', { 'a.txt': 'c' });
    expect(() => repo.git('merge', 'other')).toThrow();
    await refused(repo, [...PLAIN, '--signing-key', key], 1, /merge is in progress/);
    repo.git('merge', '--abort');
    repo.commit('broken', { '.sessionrc.yaml': 'land: pr\nlnad: x\n' });
    await refused(repo, [...PLAIN, '--signing-key', key], 1, /2:1: unknown key "lnad"/);
  });
});

async function refusedUnborn(key: string) {
  const unborn = makeRepo({ empty: true });
  const ran = await unborn.session(['init', ...PLAIN, '--signing-key', key]);
  expect([ran.code, ran.err]).toEqual([1, expect.stringMatching(/no commit to build on[\s\S]*first commit/)]);
}

describe('the approver', () => {
  const home = () => {
    const dir = tempDir();
    mkdirSync(join(dir, '.ssh'));
    return { dir, ssh: join(dir, '.ssh'), env: { HOME: dir } };
  };

  test('is the key that git signs with, and then nothing is configured', async () => {
    const repo = makeRepo();
    signWith(repo, makeSshKey());
    const facts = await repo.json(['init', ...PLAIN]);
    expect(facts).toMatchObject({ settings: [], signed: true, signer: { principal: 'dana@example.com', format: 'ssh' } });
  });

  test('is the one ssh key in ~/.ssh; with none or several it says how to name one', async () => {
    const { ssh, env } = home();
    await refused(makeRepo(), PLAIN, 1, /no key that could sign[\s\S]*--new-key[\s\S]*--no-approver/, { env });
    makeSshKey(ssh);
    writeFileSync(join(ssh, 'other.pub'), readFileSync(`${makeSshKey()}.pub`));
    const facts = await makeRepo().json(['init', ...PLAIN], { env });
    expect(facts.settings).toEqual([
      { key: 'gpg.format', value: 'ssh' },
      { key: 'user.signingKey', value: join(ssh, 'id_ed25519.pub') },
    ]);
    makeSshKey(ssh, 'id_work');
    await refused(makeRepo(), PLAIN, 1, /2 ssh keys[\s\S]*--signing-key .*id_ed25519\.pub/, { env });
  });

  test('is a new key on request only, and never without a word about its passphrase', async () => {
    const { ssh, env } = home();
    await refused(makeRepo(), [...PLAIN, '--new-key'], 3, /passphrase[\s\S]*--no-passphrase/, { env });
    expect(readdirSync(ssh)).toEqual([]);
    const repo = makeRepo();
    const facts = await repo.json(['init', ...PLAIN, '--new-key', '--no-passphrase'], { env });
    expect(readdirSync(ssh).sort()).toEqual(['git-session_ed25519', 'git-session_ed25519.pub']);
    expect(repo.read('.swarm/allowed_signers')).toContain(readFileSync(join(ssh, 'git-session_ed25519.pub'), 'utf8').split(' ')[1]);
    expect(facts).toMatchObject({ signed: true });
    const again = await makeRepo().json(['init', ...PLAIN, '--new-key'], { env });
    expect(again.signer.key).toBe(facts.signer.key);
  });

  test('can be left out, and named later', async () => {
    const repo = makeRepo();
    const facts = await repo.json(['init', ...PLAIN, '--no-approver']);
    expect(facts).toMatchObject({ signer: null, signed: false });
    expect(facts.notes.join()).toMatch(/Nobody can approve/);
    expect(repo.has('.swarm/allowed_signers')).toBe(false);
    const later = await repo.json(['init', ...PLAIN, '--signing-key', makeSshKey()]);
    expect(await inForce(repo)).toMatchObject({ root: later.commit, source: later.commit });
  });

  test('a broken key setting is an error, not a reason to take another', async () => {
    const repo = makeRepo();
    signWith(repo, '/nowhere/key.pub');
    await refused(repo, PLAIN, 1, /nowhere/);
    await refused(repo, [...PLAIN, '--new-key', '--no-approver'], 2, /only one of/);
    await refused(makeRepo(), [...PLAIN, '--signing-key', '/nowhere/key'], 1, /no ssh key that can be read/);
  });

  test('a key that is locked signs nothing, so nothing is set up; without an approver the policy is unsigned', async () => {
    const repo = makeRepo();
    const key = makeSshKey();
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'secret', '-f', key]);
    const env = { SSH_ASKPASS: '/bin/false', SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':0' };
    await refused(repo, [...PLAIN, '--signing-key', key], 1, /locked by a passphrase[\s\S]*--no-approver/, { env });
    const done = await repo.ok(['init', ...PLAIN, '--no-approver']);
    expect(done.out + done.err).toMatch(/first policy is not signed/);
  });
});

const AGENT = { env: { CLAUDECODE: '1' } };

describe('who may run it', () => {
  test('in an agent\u2019s environment nobody is named an approver, by none of the flags', async () => {
    const key = makeSshKey();
    const dir = tempDir();
    mkdirSync(join(dir, '.ssh'));
    const env = { ...AGENT.env, HOME: dir };
    const set = makeRepo();
    signWith(set, key);
    const evil = ['--approver', 'evil@example.com', '--key', `${makeSshKey()}.pub`];
    const cases: [TestRepo, string[]][] = [
      [set, PLAIN],
      [set, [...PLAIN, '--presence', 'none']],
      [set, [...PLAIN, ...evil]],
      [makeRepo(), [...PLAIN, '--signing-key', key]],
      [makeRepo(), [...PLAIN, '--signing-key', key, '--presence', 'terminal']],
      [makeRepo(), [...PLAIN, '--signing-key', key, '--presence', 'prompt']],
      [makeRepo(), [...PLAIN, '--signing-key', key, '--presence', 'security-key']],
      [makeRepo({ files: { '.sessionrc.yaml': 'presence: none\n' } }), [...PLAIN, '--signing-key', key]],
      [makeRepo(), [...PLAIN, '--new-key', '--no-passphrase']],
      [makeRepo(), [...PLAIN, '--new-key', '--no-passphrase', '--presence', 'none']],
    ];
    for (const [repo, args] of cases) await refused(repo, args, 3, /A person names the first approver[\s\S]*Claude Code/, { env });
    expect(readdirSync(join(dir, '.ssh'))).toEqual([]);
  });

  test('an agent may set up what names nobody, and what is unattended and shows it', async () => {
    const bare = makeRepo();
    await bare.ok(['init', ...PLAIN, '--no-approver'], AGENT);
    expect(bare.has('.swarm/allowed_signers')).toBe(false);
    await refused(bare, [...PLAIN, '--signing-key', makeSshKey()], 3, /A person names the first approver/, AGENT);
    const open = makeRepo();
    await open.ok(['init', ...PLAIN, '--presence', 'none', '--signing-key', makeSshKey()], AGENT);
    expect((await inForce(open)).policy.presence).toBe('none');
    await makeRepo().ok(['init', '--dry-run', '--no-detect', '--signing-key', makeSshKey()], AGENT);
  });

  test('who names the first approver is told what an unattended policy is there already', async () => {
    const repo = makeRepo();
    await repo.ok(['init', ...PLAIN, '--no-approver', '--presence', 'none'], AGENT);
    const key = makeSshKey();
    const facts = await repo.json(['init', '--dry-run', '--no-detect', '--signing-key', key]);
    expect(facts.notes.join()).toContain('says already presence: none');
    const mended = await repo.json(['init', ...PLAIN, '--signing-key', key, '--presence', 'terminal']);
    expect(mended.notes.join()).not.toContain('presence: none');
    expect((await inForce(repo)).policy.presence).toBe('terminal');
  });

  test('where approvers are named, only a person changes policy or approvers; --yes is nobody', async () => {
    const { repo } = await ready();
    const evil = ['--approver', 'evil@example.com', '--key', `${makeSshKey()}.pub`];
    const loosening = [
      ['--presence', 'none'],
      ['--land', 'pr'],
      ['--check', 'a=true'],
      evil,
      [...evil, '--presence', 'none'],
      ['--no-approver', '--land', 'pr'],
    ];
    for (const args of loosening) {
      await refused(repo, [...PLAIN, ...args], 3, /A person decides this[\s\S]*Claude Code/, AGENT);
      await refused(repo, [...PLAIN, ...args], 3, /A person decides this[\s\S]*not a terminal/);
    }
    const terminal = atTerminal(repo.dir, ['init', ...PLAIN, '--land', 'pr'], AGENT.env);
    expect(await terminal.exit).toBe(3);
    // A wish of one's own is stricter than the policy.
    const strict = await ready('--presence', 'none');
    strict.repo.git('config', 'gitsession.presence', 'terminal');
    await refused(strict.repo, [...PLAIN, '--land', 'pr'], 3, /A person decides this/);
  });

  test('what changes neither stays possible for everybody, and a person at a terminal may', async () => {
    const { repo } = await ready();
    await repo.ok(['init', '--yes', '--no-detect'], AGENT);
    expect(repo.has('.husky/pre-commit')).toBe(true);
    expect((await repo.ok(['init', '--yes'], AGENT)).out).toContain('Everything is set up already.');
    const terminal = atTerminal(repo.dir, ['init', ...PLAIN, '--land', 'pr']);
    expect(await terminal.exit).toBe(0);
    expect((await inForce(repo)).policy.land.by).toBe('pr');
  });

  test('another beginning of the policy is accepted by a person at a terminal, who is asked in spite of --yes', async () => {
    const { repo } = await ready('--presence', 'none');
    const real = repo.git('config', 'gitsession.policyRoot');
    repo.git('switch', '-q', '--orphan', 'agentbase');
    const mallory = makeSshKey();
    const files = { '.sessionrc.yaml': 'presence: none\n', '.swarm/allowed_signers': approver('dana@example.com', mallory) };
    const root = commit(repo, 'own judge', { files });
    repo.git('switch', '-q', 'main');
    repo.git('config', 'gitsession.policyBranch', 'agentbase');
    repo.git('config', 'gitsession.policyRoot', root);
    for (const options of [AGENT, {}]) {
      const ran = await refused(repo, PLAIN, 3, /A person decides this/, options);
      expect(ran.err + ran.out).not.toMatch(/git config/);
    }
    await refused(repo, ['--dry-run'], 4, /main holds another policy/);
    const no = atTerminal(repo.dir, ['init', ...PLAIN]);
    await no.waitFor(/begins at [0-9a-f]{40}/);
    await no.waitFor('(yes/no)');
    no.type('no\r');
    expect(await no.exit).toBe(3);
    expect(repo.git('config', 'gitsession.policyRoot')).toBe(root);
    const yes = atTerminal(repo.dir, ['init', ...PLAIN]);
    await yes.waitFor('Judge by it from now on? (yes/no)');
    yes.type('yes\r');
    expect(await yes.exit).toBe(0);
    expect([repo.git('config', 'gitsession.policyRoot'), repo.git('config', 'gitsession.policyBranch')]).toEqual([real, 'main']);
    expect(await inForce(repo)).toMatchObject({ root: real });
  });
});

describe('changing policy', () => {
  test('an approver names another one and changes values; the change counts', async () => {
    const { repo } = await ready('--presence', 'none');
    const robin = makeSshKey();
    const facts = await repo.json([
      'init',
      ...PLAIN,
      '--approver',
      'robin@example.com',
      '--key',
      `${robin}.pub`,
      '--presence',
      'security-key',
      '--land',
      'pr',
      '--check',
      'test=npm test',
    ]);
    expect(facts.files.map(({ path }: { path: string }) => path).sort()).toEqual(['.sessionrc.yaml', '.swarm/allowed_signers']);
    const now = await inForce(repo);
    expect(now).toMatchObject({ source: facts.commit, policy: { presence: 'security-key', land: { by: 'pr' } } });
    expect(now.policy.checks.list).toMatchObject([{ name: 'test', run: 'npm test', required: true }]);
    expect(now.approvers.signers).toContain(approver('robin@example.com', robin).trim().split(' ').slice(0, 4).join(' '));
    expect(
      (await repo.ok(['init', ...PLAIN, '--approver', 'robin@example.com', '--key', readFileSync(`${robin}.pub`, 'utf8')])).out,
    ).toMatch(/set up already/);
  });

  test('somebody else cannot (exit 4), is told who can, and gets their hooks all the same', async () => {
    const { repo } = await ready('--presence', 'none');
    const mallory = makeSshKey();
    const add = ['--approver', 'mallory@example.com', '--key', `${mallory}.pub`];
    signWith(repo, mallory);
    await refused(repo, [...PLAIN, ...add], 4, /not an approver[\s\S]*dana@example\.com/);
    await refused(repo, [...PLAIN, '--presence', 'terminal'], 4, /not an approver/);
    await refused(repo, [...PLAIN, ...add, '--signing-key', mallory], 4, /not an approver/);
    expect((await repo.ok(['init', '--yes'])).out).toMatch(/An approver can add it: git session init --approver dana@example\.com --key/);
    repo.git('config', '--unset', 'user.signingKey');
    await refused(repo, [...PLAIN, ...add], 4, /no key to sign/);
  });

  test('unsigned changes on the branch are not put in force by the way', async () => {
    const { repo } = await ready();
    commit(repo, 'unsigned', { files: { '.sessionrc.yaml': 'presence: none\n' } });
    await refused(repo, [...PLAIN, '--land', 'pr'], 4, /1 policy change that no approver signed[\s\S]*git diff/);
  });

  test('what is no key is not taken for one', async () => {
    const { repo, key } = await ready();
    const add = (who: string, file: string) => [...PLAIN, '--approver', who, '--key', file];
    await refused(repo, add('robin@example.com', key), 1, /private key/);
    await refused(repo, add('robin@example.com', '/nowhere'), 1, /no key at/);
    await refused(repo, add('robin example', `${key}.pub`), 2, /cannot name an approver/);
    await refused(repo, [...PLAIN, '--approver', 'robin@example.com'], 2, /belong together/);
    await refused(repo, [...PLAIN, '--check', 'nonsense'], 2, /--check takes/);
  });
});

describe('what it finds', () => {
  test('checks are tried once: passing ones are required, others say what came of them', async () => {
    const scripts = { test: 'node --test', lint: 'node -e "process.exit(3)"' };
    const repo = makeRepo({
      files: {
        'package.json': JSON.stringify({ name: 'x', private: true, type: 'module', scripts }),
        'a.test.js': "import { test } from 'node:test';\ntest('a', () => {});\n",
      },
    });
    const facts = schema.parse(await repo.json(['init', '--yes', '--no-hooks', '--signing-key', makeSshKey()]));
    expect(facts.tried).toMatchObject([
      { name: 'test', status: 'passed' },
      { name: 'lint', status: 'failed' },
    ]);
    const { policy } = await inForce(repo);
    expect(policy.checks.list).toMatchObject([
      { name: 'test', run: 'npm test', required: true },
      { name: 'lint', run: 'npm run lint', required: false },
    ]);
    expect(repo.read('.sessionrc.yaml')).toMatch(/# Passed when init tried it\. Exit 0\. 1 test passed.*\n\s+- name: test/);
    expect(repo.read('.sessionrc.yaml')).toMatch(/# When init tried it: failed\. Exit 3/);
    expect(repo.git('status', '--porcelain')).toBe('');
  });

  test('untried ones say so', async () => {
    const repo = makeRepo({ files: { 'go.mod': 'module x\n' } });
    await repo.ok(['init', '--yes', '--no-hooks', '--no-try', '--signing-key', makeSshKey()]);
    expect(repo.read('.sessionrc.yaml')).toMatch(/not tried\.\n\s+- name: test\n\s+run: go test/);
  });

  test('ignored places are brought back, and files of ignore patterns get the session folders', async () => {
    const repo = makeRepo({
      files: { '.gitignore': '.swarm/\nartifacts/\n*.jsonl\nnode_modules/', '.dockerignore': 'dist\n', 'sessions/minutes.md': 'ours\n' },
    });
    const facts = await repo.json(['init', ...PLAIN, '--signing-key', makeSshKey()]);
    expect(facts.notes.join('\n')).toMatch(/\/\.swarm\/ is ignored \(\.gitignore:1: \.swarm\/\)/);
    expect(facts.notes.join('\n')).toMatch(/sessions\/ holds other files already \(minutes\.md\)/);
    await repo.ok(['init', ...PLAIN]);
    const id = 'session-20260101-000000-x';
    const ignored = (path: string) => {
      try {
        repo.git('check-ignore', '-q', '--no-index', path);
        return true;
      } catch {
        return false;
      }
    };
    for (const path of [`.swarm/log/${id}/w.1.jsonl`, `sessions/${id}/artifacts/code/a.js`, '.swarm/allowed_signers'])
      expect(ignored(path), path).toBe(false);
    for (const path of ['artifacts/a', 'other.jsonl', '.swarm/memory.db', `sessions/${id}/artifacts/code/node_modules/a.js`])
      expect(ignored(path), path).toBe(true);
    expect(repo.read('.dockerignore')).toBe('dist\n# git-session: begin\n/sessions/\n/.swarm/\n# git-session: end\n');
  });

  test('scripts of the person\u2019s are joined in this clone alone, shown first; what cannot be joined is told what to add', async () => {
    const repo = makeRepo();
    const hook = join(repo.dir, '.git/hooks/pre-push');
    writeFileSync(hook, '#!/bin/sh\nexit 0\n');
    chmodSync(hook, 0o755);
    const plan = await repo.ok(['init', '--dry-run', '--no-detect', '--no-approver']);
    expect(plan.out).toMatch(/In this clone alone, not committed:[\s\S]*change .*\.git\/hooks\/pre-push\n[\s\S]*\+ # >>> git-session >>>/);
    expect(readFileSync(hook, 'utf8')).toBe('#!/bin/sh\nexit 0\n');
    const facts = await repo.json(['init', '--yes', '--no-detect', '--no-approver']);
    expect(facts.hooks).toBe('active');
    expect(readFileSync(hook, 'utf8')).toMatch(/^#!\/bin\/sh\n# >>> git-session[\s\S]*<<<\nexit 0\n$/);
    expect(existsSync(join(repo.dir, '.husky'))).toBe(false);
    const other = makeRepo({ files: { 'lefthook.toml': '[pre-commit]\n' } });
    const told = await other.json(['init', '--yes', '--no-detect', '--no-approver']);
    expect(told.hooks).toBe('foreign');
    expect(told.notes.join('\n')).toMatch(/looked after already[\s\S]*lefthook\.toml/);
  });

  test('with a remote, sessions land by pull request, and the branch must not be behind', async () => {
    const upstream = makeRepo();
    const clone = (name: string) => {
      const dir = join(tempDir(), name);
      execFileSync('git', ['clone', '-q', upstream.dir, dir]);
      return new TestRepo(dir);
    };
    const repo = clone('a');
    const made = await repo.ok(['init', ...PLAIN, '--signing-key', makeSshKey()]);
    expect(made.out).toContain('Landing: through pull requests (land: pr). --land local merges here.');
    expect(made.out).toContain('Others get it once it is pushed: git push origin main\nStart a session with: git session start <topic>\n');
    expect((await inForce(repo)).policy.land.by).toBe('pr');
    repo.git('config', '--unset', 'user.signingKey');
    expect((await repo.ok(['init', ...PLAIN])).out).toMatch(
      /note: git cannot sign in this clone, which only approving needs\. Name your key with:\n {6}git session init --signing-key/,
    );
    const session = await startSession(repo, 'open');
    expect((await repo.ok(['init', ...PLAIN])).out).toMatch(new RegExp(`Go on in ${session.id}; where it stands: git session status\n$`));
    const late = clone('b');
    upstream.commit('more');
    late.git('fetch', '-q');
    await refused(late, [...PLAIN, '--signing-key', makeSshKey()], 1, /does not hold everything of origin\/main/);
  });

  test('the same where it was pushed and not cloned, so that git knows no default branch of the remote', async () => {
    const repo = makeRepo();
    const bare = join(tempDir(), 'bare');
    execFileSync('git', ['init', '-q', '--bare', bare]);
    repo.git('remote', 'add', 'origin', bare);
    const plan = ['init', '--dry-run', '--no-detect', '--signing-key', makeSshKey()];
    expect((await repo.ok(plan)).out).toContain('Landing: closeout merges here (land: local).');
    repo.git('push', '-q', 'origin', 'main');
    expect((await repo.ok(plan)).out).toContain('Landing: through pull requests (land: pr).');
  });
});
