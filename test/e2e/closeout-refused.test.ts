/** What keeps a session from being approved: said before anything else is asked, and nothing has moved afterwards. */

import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { installHooks, planHooks, writeHookFiles } from '../../src/lifecycle/hooks/install.ts';
import { copyOf, makeApprovedRepo, makeSession, signer, signWith } from '../support/approved-repo.ts';
import { commitInEditor } from '../support/editor.ts';
import { expectNothingLeft } from '../support/left-behind.ts';
import { makeSshKey, type Ran, TestRepo } from '../support/repo.ts';

let open: TestRepo;
/** The same with a policy that asks for a person. */
let asking: TestRepo;
let id: string;
let branch: string;

beforeAll(async () => {
  open = makeApprovedRepo(
    'presence: none\nchecks:\n  list:\n    - { name: never, run: "exit 1", required: true, paths: ["broken.txt"] }\n',
  ).repo;
  id = await makeSession(open);
  branch = open.git('branch', '--show-current');
  asking = copyOf(open);
  asking.git('switch', '-q', 'main');
  asking.write('.sessionrc.yaml', 'version: 1\n');
  asking.git('commit', '-q', '-S', '-am', 'Ask a person');
  asking.git('switch', '-q', branch);
});

/** Refuses, and leaves refs, index, files and configuration as they were. */
async function refused(repo: TestRepo, args: string[], env: Record<string, string> = {}): Promise<Ran> {
  const before = repo.snapshot();
  const ran = await repo.session(args, { env });
  expect(repo.snapshot()).toBe(before);
  expectNothingLeft(repo);
  return ran;
}

describe('not approved', () => {
  test('without a key', async () => {
    const repo = copyOf(open);
    repo.git('config', '--unset', 'user.signingKey');
    const ran = await refused(repo, ['closeout', '--yes']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('There is no key to sign with.')]);
    expect(ran.out).not.toContain('Approve closeout?');
  });

  test('with a key that is no approver\u2019s', async () => {
    const repo = copyOf(open);
    signWith(repo, makeSshKey());
    const ran = await refused(repo, ['closeout', '--yes']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('Your key is not an approver')]);
  });

  test('with a key that is listed for somebody else', async () => {
    const repo = copyOf(open);
    repo.git('config', 'user.email', 'mallory@example.com');
    const ran = await refused(repo, ['closeout', '--yes']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('Your key is listed for dana@example.com')]);
  });

  test('with a key that only the session names as an approver\u2019s', async () => {
    const repo = copyOf(open);
    const key = makeSshKey();
    repo.write('.swarm/allowed_signers', repo.read('.swarm/allowed_signers') + signer('dana@example.com', key));
    repo.git('commit', '-qam', 'Name myself');
    signWith(repo, key);
    const ran = await refused(repo, ['closeout', '--yes']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('Your key is not an approver')]);
  });

  test('where policy was replaced by a commit that no approver signed', async () => {
    const repo = copyOf(asking);
    repo.git('switch', '-q', 'main');
    repo.write('.sessionrc.yaml', 'version: 1\npresence: none\n');
    repo.git('commit', '-qam', 'Ask nobody');
    repo.git('switch', '-q', branch);
    const ran = await refused(repo, ['closeout', '--yes']);
    expect(ran.code).toBe(3);
  });

  test('without a terminal: the review is printed, exit 3', async () => {
    const ran = await refused(asking, ['closeout']);
    expect([ran.code, ran.out]).toEqual([3, expect.stringContaining('Closeout of login-form')]);
    const yes = await refused(asking, ['closeout', '--yes']);
    expect([yes.code, yes.err]).toEqual([3, expect.stringContaining('A person decides this')]);
  });

  test('in the environment of an agent', async () => {
    const ran = await refused(asking, ['closeout'], { CLAUDECODE: '1' });
    expect([ran.code, ran.err]).toEqual([3, expect.stringContaining('Claude Code')]);
  });

  test('where policy asks for nobody, but nobody said yes', async () => {
    const ran = await refused(open, ['closeout']);
    expect([ran.code, ran.err]).toEqual([3, expect.stringContaining('Nobody answered.')]);
  });

  test('while a required check fails: the review shows it', async () => {
    const repo = copyOf(open);
    repo.commit('break it', { 'broken.txt': 'x\n' });
    const ran = await refused(repo, ['closeout', '--yes']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('Required checks have not passed: never.')]);
    expect(ran.out).toContain('\u274c never');
  });

  test('where it conflicts with base', async () => {
    const repo = copyOf(open);
    repo.git('switch', '-q', 'main');
    repo.commit('another', { 'README.md': '# other\n' });
    repo.git('switch', '-q', branch);
    const ran = await refused(repo, ['closeout', '--yes']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('The session conflicts with main.\nREADME.md')]);
  });

  test('where the name of the tag is taken', async () => {
    const repo = copyOf(open);
    repo.git('tag', `backup/${id}`, 'main');
    const ran = await refused(repo, ['closeout', '--yes']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining(`The tag backup/${id} exists already.`)]);
  });

  test('where base is behind what it tracks', async () => {
    const repo = copyOf(open);
    repo.git('clone', '-q', '--bare', '.', '../origin.git');
    repo.git('remote', 'add', 'origin', '../origin.git');
    repo.git('switch', '-q', 'main');
    repo.commit('elsewhere', { 'elsewhere.txt': 'x\n' });
    repo.git('push', '-q', '-u', 'origin', 'main');
    repo.git('switch', '-q', branch);
    repo.git('update-ref', 'refs/heads/main', 'main~1');
    const ran = await refused(repo, ['closeout', '--yes']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('main is 1 commit behind origin/main, as last fetched.')]);
  });

  test('by the only author, where policy denies that', async () => {
    const { repo } = makeApprovedRepo('presence: none\napprovals:\n  self: deny\n');
    await repo.ok(['start', 'own-work-only']);
    repo.commit('work', { 'README.md': '# mine\n' });
    const ran = await refused(repo, ['closeout', '--yes']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('approvals.self: deny')]);
  });

  test('in a repository that was never set up', async () => {
    const repo = new TestRepo(copyOf(open).dir);
    repo.git('update-ref', 'refs/heads/main', 'main~1');
    repo.git('config', '--remove-section', 'gitsession');
    const ran = await repo.session(['closeout', '--yes']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('Nobody has said yet who may approve here.')]);
  });
});

describe('a judge of one\u2019s own', () => {
  /** A branch whose policy names the agent's key and asks for nobody; `from`: the commit it builds on, or a history of its own. */
  function ownJudge(repo: TestRepo, key: string, from: string | null): string {
    repo.git('switch', '-q', ...(from ? ['-c', 'agentbase', from] : ['--orphan', 'agentbase']));
    repo.write('.sessionrc.yaml', 'version: 1\npresence: none\n');
    repo.write('.swarm/allowed_signers', signer('dana@example.com', key));
    repo.git('add', '-f', '.sessionrc.yaml', '.swarm/allowed_signers');
    repo.git('commit', '-q', '-m', 'My own judge');
    return repo.git('rev-parse', 'HEAD');
  }

  /** The two lines that make this clone read its policy there. */
  function believe(repo: TestRepo, root: string): void {
    repo.git('config', 'gitsession.policyBranch', 'agentbase');
    repo.git('config', 'gitsession.policyRoot', root);
  }

  test('on a base branch of its own history is not asked, with or without the configuration', async () => {
    const repo = copyOf(asking);
    const key = makeSshKey();
    signWith(repo, key);
    const root = ownJudge(repo, key, null);
    await repo.ok(['start', 'agent-work']);
    repo.commit('work', { 'work.txt': 'x\n' });
    const ran = await refused(repo, ['closeout', '--yes']);
    expect([ran.code, ran.err]).toEqual([4, expect.stringContaining('agentbase holds another policy')]);
    believe(repo, root);
    for (const args of [
      ['closeout', '--yes'],
      ['closeout', '--prepare'],
      ['verify', '--all'],
    ]) {
      const again = await refused(repo, args);
      expect([args, again.code, again.err]).toEqual([args, 4, expect.stringContaining('main holds another policy')]);
      expect(again.out + again.err).not.toMatch(/git config|verified/);
    }
  });

  test('which policy would admit, is still not the base\u2019s own', async () => {
    const repo = copyOf(open);
    const key = makeSshKey();
    ownJudge(repo, key, null);
    await repo.ok(['start', 'agent-work']);
    repo.commit('work', { 'work.txt': 'x\n' });
    const ran = await refused(repo, ['closeout', '--yes']);
    expect([ran.code, ran.err]).toEqual([4, expect.stringContaining('agentbase holds another policy')]);
  });

  test('on a base branch made from main, with or without the configuration', async () => {
    const repo = copyOf(asking);
    const key = makeSshKey();
    signWith(repo, key);
    const root = ownJudge(repo, key, 'main');
    await repo.ok(['start', 'agent-work']);
    repo.commit('work', { 'work.txt': 'x\n' });
    expect((await refused(repo, ['closeout', '--yes'])).code).toBe(3);
    repo.git('config', 'gitsession.policyBranch', 'agentbase');
    expect((await refused(repo, ['closeout', '--yes'])).code).toBe(3);
    believe(repo, root);
    expect((await refused(repo, ['closeout', '--yes'])).code).toBe(4);
  });

  test('put in place by configuration does not land on the real main', async () => {
    const repo = copyOf(asking);
    const key = makeSshKey();
    const root = ownJudge(repo, key, null);
    repo.git('switch', '-q', branch);
    signWith(repo, key);
    believe(repo, root);
    const ran = await refused(repo, ['closeout', '--yes']);
    expect([ran.code, ran.err]).toEqual([4, expect.stringContaining('main holds another policy')]);
    // Nor does it where the pin alone is missing, or where the branch that is named does not exist.
    repo.git('config', '--unset', 'gitsession.policyRoot');
    expect((await refused(repo, ['closeout', '--yes'])).code).toBe(4);
    repo.git('config', 'gitsession.policyBranch', 'nowhere');
    expect((await refused(repo, ['closeout', '--yes'])).code).not.toBe(0);
  });

  test('may be no older policy of the same beginning', async () => {
    const repo = copyOf(asking);
    repo.git('branch', 'agentbase', 'main~1');
    repo.git('config', 'gitsession.policyBranch', 'agentbase');
    const ran = await refused(repo, ['closeout', '--yes']);
    expect([ran.code, ran.err]).toEqual([4, expect.stringContaining('main holds a later policy')]);
  });
});

describe('a rejection', () => {
  test('needs a person too, and takes nothing back without one', async () => {
    const { state } = (await asking.json(['show', id])).session;
    const ran = await refused(asking, ['reject', '--reason', 'nope']);
    expect([ran.code, ran.err]).toEqual([3, expect.stringContaining('A person decides this')]);
    const agent = await refused(asking, ['reject', '--reason', 'nope'], { CLAUDECODE: '1' });
    expect([agent.code, agent.err]).toEqual([3, expect.stringContaining('Claude Code')]);
    expect((await asking.json(['show', id])).session.state).toBe(state);
  });

  test('is admitted where policy asks for nobody', async () => {
    const repo = copyOf(open);
    await repo.ok(['closeout', '--prepare']);
    await repo.ok(['reject', '--reason', 'nope'], { env: { CLAUDECODE: '1' } });
    expect((await repo.json(['show', id])).session.state).toBe('active');
  });
});

describe('a file in the way', () => {
  test('of base\u2019s checkout keeps everything where it is, and running again after moving it lands', async () => {
    const repo = copyOf(open);
    repo.commit('a new file', { 'sessions/notes.txt': 'theirs\n' });
    repo.git('switch', '-q', 'main');
    repo.git('worktree', 'add', '-q', '../linked', branch);
    repo.write('README.md', '# mine, not committed\n');
    const linked = new TestRepo(join(repo.dir, '..', 'linked'));
    const before = [repo.snapshot(), linked.snapshot()];
    const ran = await linked.session(['closeout', '--yes']);
    expect([ran.code, ran.err]).toEqual([
      1,
      expect.stringContaining(`Uncommitted files in ${repo.dir} are in the way, so nothing was moved.\nREADME.md`),
    ]);
    expect([repo.snapshot(), linked.snapshot()]).toEqual(before);
    expect(repo.read('README.md')).toBe('# mine, not committed\n');
    repo.git('restore', 'README.md');
    await linked.ok(['closeout', '--yes']);
    expect(repo.read('README.md')).toContain('Now with a login.');
    expect(repo.git('status', '--porcelain')).toBe('');
  });
});

test('while a person\u2019s commit has its editor open; the commit succeeds, and then the session lands with it', async () => {
  const repo = copyOf(open);
  const git = await repo.open();
  writeHookFiles(git, await planHooks(git));
  await installHooks(git);
  repo.commit('hooks');
  repo.write('mine.txt', 'mine\n');
  repo.git('add', 'mine.txt');
  const commit = await commitInEditor(repo);
  const ran = await refused(repo, ['closeout', '--yes']);
  expect([ran.code, ran.err]).toEqual([1, expect.stringContaining(`A commit is being made in ${repo.dir}.`)]);
  expect(await commit.finish('mine')).toBe(0);
  expect(repo.git('show', '--name-status', '--format=')).toBe('A\tmine.txt');
  await repo.ok(['closeout', '--yes']);
  expect(repo.git('show', 'main:mine.txt')).toBe('mine');
  expectNothingLeft(repo);
});
