import { describe, expect, test } from 'vitest';
import { tagMessage } from '../../src/core/closeout/manifest-text.ts';
import { openRepo } from '../../src/git/repo.ts';
import { compiledPolicy } from '../../src/store/compiled-policy.ts';
import { principalsOf } from '../../src/trust/approvers.ts';
import { effectivePolicy } from '../../src/trust/policy-chain.ts';
import { verifyObject } from '../../src/trust/signature.ts';
import { makeRepo, makeSshKey, type TestRepo, tempDir } from '../support/repo.ts';
import { approver, commit } from '../support/trust.ts';

const FRESH = { fresh: true };

/** A repository whose main names Dana as approver. */
function governed(policy = 'land: local\n') {
  const repo = makeRepo();
  const key = makeSshKey();
  const signers = approver('dana@example.com', key);
  const root = commit(repo, 'policy', { files: { '.sessionrc.yaml': policy, '.swarm/allowed_signers': signers } });
  return { repo, key, signers, root };
}

const kind = (what: Promise<unknown>) =>
  what.then(
    () => 'ok',
    (error) => error.kind as string,
  );

describe('the policy in force', () => {
  test('defaults without a policy, and nobody approves', async () => {
    const found = await effectivePolicy(await makeRepo().open());
    expect(found).toMatchObject({ initialised: false, source: null, root: '', approvers: { signers: '', gpg: [] } });
    expect(found.policy.presence).toBe('terminal');
    await expect(effectivePolicy(await makeRepo({ empty: true }).open())).resolves.toMatchObject({ initialised: false, commit: '' });
  });

  test('the root counts without a signature; branch and root are pinned and told once', async () => {
    const { repo, root, signers } = governed();
    const told: string[] = [];
    const found = await effectivePolicy(await repo.open(), { onPinned: (text) => told.push(text) });
    expect(found).toMatchObject({ source: root, root, sources: [root], branch: 'main', ignored: [], approvers: { signers } });
    await effectivePolicy(await repo.open(), { onPinned: (text) => told.push(text) });
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('main');
    expect(repo.git('config', 'gitsession.policyRoot')).toBe(root);
    expect(repo.git('config', 'gitsession.policyBranch')).toBe('main');
    expect(compiledPolicy((await repo.open()).commonDir).land.by).toBe('local');
  });

  test('a change signed by an approver counts, an unsigned or foreign one does not, and a later signed one does again', async () => {
    const { repo, key, signers } = governed();
    const mallory = makeSshKey();
    const signed = commit(repo, 'signed', { files: { '.sessionrc.yaml': 'presence: security-key\n' }, key });
    const unsigned = commit(repo, 'unsigned', { files: { '.sessionrc.yaml': 'presence: none\n' } });
    const self = commit(repo, 'own approver', {
      files: { '.swarm/allowed_signers': signers + approver('mallory@example.com', mallory) },
      key: mallory,
    });
    const later = commit(repo, 'signed by the one who made himself approver', { files: { '.sessionrc.yaml': 'land: pr\n' }, key: mallory });
    const found = await effectivePolicy(await repo.open(), FRESH);
    expect(found).toMatchObject({ source: signed, ignored: [unsigned, self, later], policy: { presence: 'security-key' } });
    expect(found.approvers.signers).toBe(signers);
    expect(found.notes.join()).toContain('3 policy changes on main do not count');
    // An approver's signed commit that leaves the files alone does not adopt them.
    commit(repo, 'other work', { files: { 'a.txt': 'a' }, key });
    expect((await effectivePolicy(await repo.open(), FRESH)).source).toBe(signed);
    const adopted = commit(repo, 'adopted', { files: { '.sessionrc.yaml': 'land: pr\npresence: none\n' }, key });
    expect(await effectivePolicy(await repo.open(), FRESH)).toMatchObject({ source: adopted, ignored: [] });
  });

  test('an unsigned change taken back leaves nothing to ignore', async () => {
    const { repo, root } = governed();
    commit(repo, 'unsigned', { files: { '.sessionrc.yaml': 'presence: none\n' } });
    commit(repo, 'back', { files: { '.sessionrc.yaml': 'land: local\n' } });
    expect(await effectivePolicy(await repo.open(), FRESH)).toMatchObject({ source: root, ignored: [] });
  });

  test('a merge signed by an approver brings a policy change; an unsigned merge does not', async () => {
    for (const sign of [true, false]) {
      const { repo, key, root } = governed();
      repo.git('checkout', '-q', '-b', 'work');
      commit(repo, 'change', { files: { '.sessionrc.yaml': 'base_moved: ask\n' } });
      repo.git('checkout', '-q', 'main');
      const how = sign ? ['-c', 'gpg.format=ssh', '-c', `user.signingKey=${key}`, 'merge', '-S'] : ['merge'];
      repo.git(...how, '-q', '--no-ff', '-m', 'land', 'work');
      const found = await effectivePolicy(await repo.open(), FRESH);
      expect(found.source).toBe(sign ? repo.git('rev-parse', 'main') : root);
    }
  });

  test('an approver who left signs no more policy', async () => {
    const { repo, key } = governed();
    const next = makeSshKey();
    const handed = commit(repo, 'hand over', { files: { '.swarm/allowed_signers': approver('next@example.com', next) }, key });
    commit(repo, 'by the one who left', { files: { '.sessionrc.yaml': 'presence: none\n' }, key });
    expect(await effectivePolicy(await repo.open(), FRESH)).toMatchObject({ source: handed, policy: { presence: 'terminal' } });
  });

  test('a base branch made by an agent, with its own approvers, is not asked', async () => {
    const { repo, root, signers } = governed();
    await effectivePolicy(await repo.open());
    const mallory = makeSshKey();
    repo.git('checkout', '-q', '-b', 'main2');
    commit(repo, 'own judge', {
      files: { '.sessionrc.yaml': 'presence: none\n', '.swarm/allowed_signers': approver('m@example.com', mallory) },
    });
    expect(await effectivePolicy(await repo.open(), FRESH)).toMatchObject({ source: root, branch: 'main', approvers: { signers } });
  });

  test('a key that only the session branch names is no approver\u2019s', async () => {
    const { repo, key, signers } = governed();
    const mallory = makeSshKey();
    repo.git('checkout', '-q', '-b', 'session/20260101-000000-x');
    const added = { '.swarm/allowed_signers': signers + approver('mallory@example.com', mallory) };
    const oid = commit(repo, 'lets itself in', { files: added, key: mallory });
    const { approvers } = await effectivePolicy(await repo.open(), FRESH);
    expect(await verifyObject(await repo.open(), oid, approvers)).toMatchObject({ ok: false, principal: null });
    expect(principalsOf(approvers, (await verifyObject(await repo.open(), oid, approvers)).key ?? '')).toEqual([]);
    const mine = commit(repo, 'by an approver', { key });
    expect(principalsOf(approvers, (await verifyObject(await repo.open(), mine, approvers)).key ?? '')).toEqual(['dana@example.com']);
  });

  test('trust begins with the first approver; before, nothing is pinned', async () => {
    const repo = makeRepo({ files: { '.sessionrc.yaml': 'land: local\n' } });
    const found = await effectivePolicy(await repo.open());
    expect(found).toMatchObject({ initialised: true, root: repo.git('rev-parse', 'HEAD') });
    expect(() => repo.git('config', 'gitsession.policyRoot')).toThrow();
    commit(repo, 'edited', { files: { '.sessionrc.yaml': 'land: pr\n' } });
    expect((await effectivePolicy(await repo.open())).policy.land.by).toBe('local');
    const named = commit(repo, 'an approver', { files: { '.swarm/allowed_signers': approver('dana@example.com', makeSshKey()) } });
    expect(await effectivePolicy(await repo.open())).toMatchObject({ root: named, source: named, policy: { land: { by: 'pr' } } });
    expect(repo.git('config', 'gitsession.policyRoot')).toBe(named);
  });

  test('a branch with another root than the pinned one stops (exit 4), and so does one without policy', async () => {
    const { repo } = governed();
    await effectivePolicy(await repo.open());
    const mallory = makeSshKey();
    repo.git('checkout', '-q', '--orphan', 'other');
    commit(repo, 'own root', { files: { '.swarm/allowed_signers': approver('m@example.com', mallory) } });
    repo.git('branch', '-q', '-f', 'main', 'other');
    expect(await kind(effectivePolicy(await repo.open(), FRESH))).toBe('verification');
    expect(await kind(effectivePolicy(await repo.open()))).toBe('verification');
    repo.git('rm', '-q', '-r', '-f', '.');
    repo.git('checkout', '-q', '--orphan', 'bare');
    commit(repo, 'nothing', { files: { 'a.txt': 'a' } });
    repo.git('branch', '-q', '-f', 'main', 'bare');
    expect(await kind(effectivePolicy(await repo.open(), FRESH))).toBe('verification');
  });

  test('a main that holds another policy than the one in force stops what is decided (exit 4); what only reads goes on', async () => {
    const { repo, root } = governed();
    repo.git('checkout', '-q', '--orphan', 'agentbase');
    const files = { '.sessionrc.yaml': 'presence: none\n', '.swarm/allowed_signers': approver('m@example.com', makeSshKey()) };
    const own = commit(repo, 'own root', { files });
    repo.git('config', 'gitsession.policyBranch', 'agentbase');
    for (const pinned of [own, '']) {
      if (pinned) repo.git('config', 'gitsession.policyRoot', pinned);
      else repo.git('config', '--unset', 'gitsession.policyRoot');
      await expect(effectivePolicy(await repo.open(), FRESH)).rejects.toMatchObject({
        kind: 'verification',
        message: expect.stringContaining('main holds another policy'),
        why: expect.stringContaining(root),
        next: expect.not.stringContaining('git config'),
      });
    }
    repo.git('checkout', '-q', '--orphan', 'empty');
    repo.git('rm', '-q', '-r', '-f', '.');
    commit(repo, 'no policy');
    repo.git('config', 'gitsession.policyBranch', 'empty');
    expect(await kind(effectivePolicy(await repo.open(), FRESH))).toBe('verification');
    expect(await kind(effectivePolicy(await repo.open()))).toBe('ok');
  });

  test('a copy of the policy, or one that came by a merge, is the same policy', async () => {
    const { repo, key, root } = governed();
    repo.git('checkout', '-q', '-b', 'master', `${root}^`);
    commit(repo, 'work', { files: { 'a.txt': 'a' } });
    repo.git('merge', '-q', '--no-ff', '-m', 'bring policy', 'main');
    expect(await effectivePolicy(await repo.open(), FRESH)).toMatchObject({ root, branch: 'main' });
    // Further on main, master is only behind; further on master, it is not the policy in force any more.
    repo.git('checkout', '-q', 'main');
    commit(repo, 'signed', { files: { '.sessionrc.yaml': 'base_moved: ask\n' }, key });
    expect(await effectivePolicy(await repo.open(), FRESH)).toMatchObject({ root, branch: 'main' });
    repo.git('checkout', '-q', 'master');
    commit(repo, 'signed elsewhere', { files: { '.sessionrc.yaml': 'land: pr\n' }, key });
    expect(await kind(effectivePolicy(await repo.open(), FRESH))).toBe('verification');
  });

  test('replaced and grafted commits do not change the verdict', async () => {
    const { repo, key, root } = governed();
    const bad = commit(repo, 'unsigned', { files: { '.sessionrc.yaml': 'presence: none\n' } });
    repo.git('checkout', '-q', '-b', 'side', root);
    const good = commit(repo, 'signed', { files: { 'x.txt': 'x' }, key });
    repo.git('checkout', '-q', 'main');
    repo.git('replace', bad, good);
    expect(await effectivePolicy(await repo.open(), FRESH)).toMatchObject({ source: root, ignored: [bad] });
  });

  test('policy at an earlier commit is the one in force then', async () => {
    const { repo, key, root } = governed();
    const before = commit(repo, 'work', { files: { 'a.txt': 'a' } });
    const changed = commit(repo, 'signed', { files: { '.sessionrc.yaml': 'base_moved: ask\n' }, key });
    const opened = await repo.open();
    expect(await effectivePolicy(opened, { at: { commit: before } })).toMatchObject({ source: root, policy: { base_moved: 'recheck' } });
    expect(await effectivePolicy(opened, { at: { commit: changed } })).toMatchObject({ source: changed, policy: { base_moved: 'ask' } });
  });

  test('a broken file in force is told with line and column', async () => {
    const { repo } = governed('land: local\npresense: none\n');
    await expect(effectivePolicy(await repo.open())).rejects.toMatchObject({
      kind: 'state',
      why: expect.stringMatching(/:2:1: unknown key "presense" \(did you mean "presence"\?\)/),
    });
  });

  test('a person\u2019s own setting tightens and never loosens', async () => {
    const { repo } = governed('presence: terminal\n');
    repo.git('config', 'gitsession.presence', 'none');
    expect((await effectivePolicy(await repo.open())).policy.presence).toBe('terminal');
    repo.git('config', 'gitsession.presence', 'security-key');
    expect((await effectivePolicy(await repo.open())).policy.presence).toBe('security-key');
  });

  test('what is decided fresh does not read the cache; what is not, does', async () => {
    const { repo, key, root } = governed();
    const signed = commit(repo, 'signed', { files: { '.sessionrc.yaml': 'base_moved: ask\n' }, key });
    const unsigned = commit(repo, 'unsigned', { files: { '.sessionrc.yaml': 'presence: none\n' } });
    await effectivePolicy(await repo.open());
    repo.write(
      '.git/git-session/cache/policy.json',
      JSON.stringify({ commit: signed, policy: { ...(await effectivePolicy(await repo.open())).policy, presence: 'none' } }),
    );
    const cache = { version: 1, entries: { [`${unsigned} ${signed}`]: true } };
    repo.write('.git/git-session/cache/policy-steps.json', JSON.stringify(cache));
    expect((await effectivePolicy(await repo.open())).source).toBe(unsigned);
    expect(await effectivePolicy(await repo.open(), FRESH)).toMatchObject({ source: signed, root, policy: { presence: 'terminal' } });
  });
});

describe('where a remote is', () => {
  function clone(of: TestRepo, ...args: string[]): TestRepo {
    const made = makeRepo({ empty: true });
    made.git('remote', 'add', 'origin', `file://${of.dir}`);
    made.git('fetch', '-q', ...args, 'origin');
    made.git('remote', 'set-head', 'origin', 'main');
    made.git('reset', '-q', '--hard', 'origin/main');
    return made;
  }

  test('its default branch as last fetched decides, not the local one', async () => {
    const { repo, key, root } = governed();
    const here = clone(repo);
    const local = commit(here, 'local, signed, not pushed', { files: { '.sessionrc.yaml': 'presence: none\n' }, key });
    expect(await effectivePolicy(await here.open(), FRESH)).toMatchObject({
      source: root,
      branch: 'main',
      ref: 'refs/remotes/origin/main',
    });
    here.git('push', '-q', 'origin', 'HEAD:refs/heads/other');
    here.git('update-ref', 'refs/remotes/origin/main', local);
    expect(await effectivePolicy(await here.open(), FRESH)).toMatchObject({ source: local });
  });

  test('a clone of a checkout with a session does not take the session for the default branch', async () => {
    const { repo, root } = governed();
    repo.git('switch', '-q', '-c', 'session/20260101-120000-auth-system');
    repo.commit('work', { '.sessionrc.yaml': 'presence: none\n' });
    const dir = `${tempDir()}/clone`;
    repo.git('clone', '-q', repo.dir, dir);
    const found = await effectivePolicy(await openRepo(dir), FRESH);
    expect(found).toMatchObject({ branch: 'main', ref: 'refs/remotes/origin/main', root });
  });

  test('policy that is not pushed yet is read from the local branch, and that is said', async () => {
    const upstream = makeRepo();
    const here = clone(upstream);
    const root = commit(here, 'policy', { files: { '.sessionrc.yaml': '' } });
    const found = await effectivePolicy(await here.open());
    expect(found).toMatchObject({ source: root, ref: 'refs/heads/main' });
    expect(found.notes.join()).toMatch(/push it/);
  });

  test('a shallow clone that hides the root says how to deepen; one that holds it does not complain', async () => {
    const { repo, root } = governed();
    commit(repo, 'work', { files: { 'a.txt': 'a' } });
    const shallow = clone(repo, '--depth=1');
    await expect(effectivePolicy(await openRepo(shallow.dir))).rejects.toMatchObject({ kind: 'state', next: 'git fetch --unshallow' });
    shallow.git('fetch', '-q', '--depth=3', 'origin');
    expect(await effectivePolicy(await openRepo(shallow.dir))).toMatchObject({ root });
  });
});

describe('a session that a forge squashed', () => {
  /** A session that changes policy, its seal tagged by `key`, squashed onto main with `landed` files. */
  function squashed(key: string, repo: TestRepo, landed: Record<string, string>) {
    const id = 'session-20260101-000000-policy-change';
    const base = repo.git('rev-parse', 'main');
    repo.git('checkout', '-q', '-b', 'session/20260101-000000-policy-change');
    const metadata = { [`sessions/${id}/metadata.json`]: '{"sealed": true}\n' };
    const seal = commit(repo, 'seal', { files: { '.sessionrc.yaml': 'base_moved: ask\n', ...metadata } });
    const manifest = { version: 1, session: id, base, seal, landed_tree: repo.git('rev-parse', `${seal}^{tree}`) };
    repo.write('../message', tagMessage(manifest as never));
    repo.git('-c', 'gpg.format=ssh', '-c', `user.signingKey=${key}`, 'tag', '-s', '--cleanup=verbatim', '-F', '../message', `backup/${id}`);
    repo.git('checkout', '-q', 'main');
    return commit(repo, 'squash', { files: { ...metadata, ...landed } });
  }

  test('counts where its tag verifies and the landed policy is the signed one', async () => {
    const { repo, key } = governed();
    const landing = squashed(key, repo, { '.sessionrc.yaml': 'base_moved: ask\n' });
    expect(await effectivePolicy(await repo.open(), FRESH)).toMatchObject({ source: landing, ignored: [] });
  });

  test('does not where the tag is foreign, or the policy was edited on the way', async () => {
    const one = governed();
    const foreign = squashed(makeSshKey(tempDir()), one.repo, { '.sessionrc.yaml': 'base_moved: ask\n' });
    expect(await effectivePolicy(await one.repo.open(), FRESH)).toMatchObject({ source: one.root, ignored: [foreign] });
    const two = governed();
    const edited = squashed(two.key, two.repo, { '.sessionrc.yaml': 'base_moved: ask\npresence: none\n' });
    expect(await effectivePolicy(await two.repo.open(), FRESH)).toMatchObject({ source: two.root, ignored: [edited] });
  });

  /** A session of three commits, the second of which changes policy, replayed on main without signatures. */
  function rebased(repo: TestRepo, key: string, edits: { base?: Record<string, string>; policy?: string } = {}) {
    const id = 'session-20260101-000000-policy-change';
    if (edits.base) commit(repo, 'on base', { files: edits.base });
    const base = repo.git('rev-parse', 'main');
    repo.git('checkout', '-q', '-b', 'session/20260101-000000-policy-change');
    const at = `sessions/${id}/metadata.json`;
    commit(repo, 'start', { files: { [at]: '{"sealed": false}\n' } });
    commit(repo, 'policy', { files: edits.base ? { 'work.js': 'x\n' } : { '.sessionrc.yaml': 'base_moved: ask\n' } });
    const seal = commit(repo, 'seal', { files: { [at]: '{"sealed": true}\n' } });
    const manifest = { version: 1, session: id, base, seal, landed_tree: repo.git('rev-parse', `${seal}^{tree}`) };
    repo.write('../message', tagMessage(manifest as never));
    repo.git('-c', 'gpg.format=ssh', '-c', `user.signingKey=${key}`, 'tag', '-s', '--cleanup=verbatim', '-F', '../message', `backup/${id}`);
    repo.git('checkout', '-q', 'main');
    commit(repo, 'meanwhile', { files: { 'other.js': 'x\n' } });
    repo.git('cherry-pick', `${base}..${seal}~1`);
    if (edits.policy) {
      repo.write('.sessionrc.yaml', edits.policy);
      repo.git('commit', '-q', '--amend', '-a', '--no-edit');
    }
    const change = repo.git('rev-parse', 'HEAD');
    repo.git('cherry-pick', seal);
    const landing = repo.git('rev-parse', 'HEAD');
    commit(repo, 'later', { files: { 'later.js': 'x\n' } });
    return { change, landing };
  }

  test('rebased: a change of policy in one of its commits counts from where the seal came', async () => {
    const { repo, key, root } = governed();
    const { landing } = rebased(repo, key);
    for (const options of [FRESH, {}, FRESH]) {
      expect(await effectivePolicy(await repo.open(), options)).toMatchObject({ sources: [root, landing], ignored: [] });
    }
  });

  test('rebased: not where the tag is foreign, the policy was edited on the way, or it had come to base before the session', async () => {
    const foreign = governed();
    const one = rebased(foreign.repo, makeSshKey(tempDir()));
    expect(await effectivePolicy(await foreign.repo.open(), FRESH)).toMatchObject({ source: foreign.root, ignored: [one.change] });
    const edited = governed();
    const two = rebased(edited.repo, edited.key, { policy: 'base_moved: ask\npresence: none\n' });
    expect(await effectivePolicy(await edited.repo.open(), FRESH)).toMatchObject({ source: edited.root, ignored: [two.change] });
    const before = governed();
    rebased(before.repo, before.key, { base: { '.sessionrc.yaml': 'presence: none\n' } });
    expect((await effectivePolicy(await before.repo.open(), FRESH)).source).toBe(before.root);
  });
});
