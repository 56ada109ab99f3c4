import { describe, expect, test } from 'vitest';
import { tagMessage } from '../../src/core/closeout/manifest-text.ts';
import { approvedLogs } from '../../src/trust/approved.ts';
import { makeRepo, makeSshKey, type TestRepo } from '../support/repo.ts';
import { approver, commit } from '../support/trust.ts';

const ID = 'session-20260101-000000-login-form';
const OTHER = 'session-20260102-000000-other-work';

function governed(policy = 'land: local\n') {
  const repo = makeRepo();
  const key = makeSshKey();
  commit(repo, 'policy', { files: { '.sessionrc.yaml': policy, '.swarm/allowed_signers': approver('dana@example.com', key) } });
  return { repo, key };
}

/** Lands a session's log on main by an unsigned merge; with a key, its seal is tagged. */
function land(repo: TestRepo, id: string, key: string | null, named = id): { seal: string; log: string } {
  const branch = `session/${id.slice(8)}`;
  const log = `.swarm/log/${id}/w1.1.jsonl`;
  repo.git('checkout', '-q', '-b', branch);
  const metadata = { version: 1, id, topic: 't', branch, base: 'main', created_at: '2026-01-01T00:00:00.000Z', status: 'closed' };
  const seal = commit(repo, 'seal', { files: { [log]: `{"id":"${id}"}\n`, [`sessions/${id}/metadata.json`]: JSON.stringify(metadata) } });
  if (key) {
    repo.write('../message', tagMessage({ version: 1, session: named, seal } as never));
    repo.git('-c', 'gpg.format=ssh', '-c', `user.signingKey=${key}`, 'tag', '-s', '--cleanup=verbatim', '-F', '../message', `backup/${id}`);
  }
  repo.git('checkout', '-q', 'main');
  repo.git('merge', '-q', '--no-ff', '-m', 'land', branch);
  return { seal, log };
}

const ids = async (repo: TestRepo, options = {}) => (await approvedLogs(await repo.open(), 'HEAD', options)).map(({ id }) => id as string);

describe('approved logs', () => {
  test('those of a seal whose tag an approver signed', async () => {
    const { repo, key } = governed();
    const { log } = land(repo, ID, key);
    land(repo, OTHER, null);
    const [found, ...more] = await approvedLogs(await repo.open(), 'HEAD');
    expect(more).toEqual([]);
    expect(found).toMatchObject({
      id: ID,
      files: [{ path: log, oid: repo.git('rev-parse', `HEAD:${log}`) }],
      tag: repo.git('rev-parse', `backup/${ID}`),
    });
  });

  test('not by a foreign key, another session\u2019s tag, or on a branch without a policy', async () => {
    const one = governed();
    land(one.repo, ID, makeSshKey());
    expect(await ids(one.repo)).toEqual([]);
    const two = governed();
    land(two.repo, ID, two.key, OTHER);
    expect(await ids(two.repo)).toEqual([]);
    const three = makeRepo();
    land(three, ID, makeSshKey());
    expect(await ids(three)).toEqual([]);
  });

  test('lines and files added afterwards are not approved with it; a revert un-learns it', async () => {
    const { repo, key } = governed();
    const { log } = land(repo, ID, key);
    const extra = `.swarm/log/${ID}/evil.1.jsonl`;
    commit(repo, 'more', { files: { [extra]: '{}\n' } });
    expect((await approvedLogs(await repo.open(), 'HEAD'))[0]?.files.map(({ path }) => path)).toEqual([log]);
    commit(repo, 'changed', { files: { [log]: '{"id":"forged"}\n' } });
    expect(await ids(repo)).toEqual([]);
    repo.git('revert', '--no-edit', 'HEAD');
    expect(await ids(repo)).toEqual([ID]);
    repo.git('revert', '--no-edit', '-m', '1', 'HEAD~3');
    expect(await ids(repo)).toEqual([]);
  });

  test('hooks get what this process can check itself, and nothing that a file says', async () => {
    const { repo, key } = governed();
    land(repo, ID, key);
    land(repo, OTHER, null);
    repo.git('tag', '-a', '-m', 'x', `backup/${OTHER}`, 'HEAD^2');
    expect(await ids(repo, { quick: true })).toEqual([ID]);
    const entries: Record<string, unknown> = {};
    const tag = repo.git('rev-parse', `backup/${OTHER}`);
    const sealed = { seal: repo.git('rev-parse', 'HEAD^2'), tree: repo.git('rev-parse', `HEAD:.swarm/log/${OTHER}`) };
    for (const commit of repo.git('rev-list', 'HEAD').split('\n')) entries[`${tag} ${OTHER} ${commit}`] = sealed;
    repo.write('.git/git-session/cache/approved.json', JSON.stringify({ version: 1, entries }));
    expect(await ids(repo)).toEqual([ID]);
    expect(await ids(repo, { quick: true })).toEqual([ID]);
  });

  test('an approver whom only an edited cache puts in force approves nothing', async () => {
    const { repo, key } = governed();
    land(repo, ID, key);
    const eve = makeSshKey();
    const root = repo.git('rev-list', '--max-parents=0', 'main');
    const evil = commit(repo, 'me too', { files: { '.swarm/allowed_signers': approver('eve@example.com', eve) }, key: eve });
    land(repo, OTHER, eve);
    await ids(repo);
    const policy = repo.git('log', '--format=%H', '-1', '--', '.sessionrc.yaml');
    const tip = repo.git('rev-parse', 'main');
    const steps = { root: policy, sources: [policy, evil], ignored: [] };
    const entries = { [`tip ${tip}`]: steps, [`${evil} ${policy}`]: true, [`${evil} ${root}`]: true };
    repo.write('.git/git-session/cache/policy-steps.json', JSON.stringify({ version: 1, entries }));
    expect(await ids(repo)).toEqual([ID]);
  });

  test('a key that only ssh-keygen can judge approves, though not for hooks', async () => {
    const repo = makeRepo();
    const key = makeSshKey();
    const line = approver('dana@example.com', key, 'valid-after="20000101"');
    commit(repo, 'policy', { files: { '.sessionrc.yaml': 'land: local\n', '.swarm/allowed_signers': line } });
    land(repo, ID, key);
    expect(await ids(repo)).toEqual([ID]);
    expect(await ids(repo, { quick: true })).toEqual([]);
  });

  test('what an approver approved stays when they leave; what they sign afterwards does not count', async () => {
    const { repo, key } = governed();
    land(repo, ID, key);
    const next = makeSshKey();
    commit(repo, 'hand over', { files: { '.swarm/allowed_signers': approver('next@example.com', next) }, key });
    land(repo, OTHER, key);
    expect(await ids(repo)).toEqual([ID]);
  });

  test('memory.trust: landed admits what was merged without an approval', async () => {
    const { repo } = governed('memory:\n  trust: landed\n');
    land(repo, ID, null);
    expect(await approvedLogs(await repo.open(), 'HEAD')).toMatchObject([{ id: ID, tag: null }]);
  });
});
