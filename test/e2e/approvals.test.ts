/** Several approvers in clones of their own: who signs first, who is added, whose approval counts. */

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { schema } from '../../src/cli/schemas/closeout.ts';
import { copyOf, makeApprovedRepo, makeSession, signer, signWith } from '../support/approved-repo.ts';
import { forgeRemote } from '../support/forge-programs.ts';
import { makeSshKey, TestRepo, tempDir } from '../support/repo.ts';

const [DANA, EVE, FAY] = ['dana@example.com', 'eve@example.com', 'fay@example.com'];
const keys = new Map<string, string>();
let sealed: TestRepo;
let id: string;
let branch: string;

beforeAll(async () => {
  const { repo, key } = makeApprovedRepo('presence: none\nland: { by: pr }\napprovals: { count: 2, self: deny }\n');
  keys.set(DANA, key);
  for (const name of [EVE, FAY]) keys.set(name, makeSshKey(tempDir(), 'id', name));
  const more = [EVE, FAY].map((name) => signer(name, keys.get(name) ?? '')).join('');
  repo.write('.swarm/allowed_signers', repo.read('.swarm/allowed_signers') + more);
  repo.git('commit', '-q', '-S', '-am', 'More approvers');
  id = await makeSession(repo);
  branch = repo.git('branch', '--show-current');
  await repo.ok(['closeout', '--yes']);
  sealed = repo;
});

/** The sealed session at a remote, and clones of it in which these people sign. */
function clones<const Names extends string[]>(...names: Names): { [K in keyof Names]: TestRepo } & { length: number } {
  const repo = copyOf(sealed);
  const remote = forgeRemote(repo, null);
  repo.git('push', '-q', 'origin', branch);
  const made = names.map((name) => {
    const dir = join(tempDir(), 'clone');
    repo.git('clone', '-q', remote, dir);
    const clone = new TestRepo(dir);
    signWith(clone, keys.get(name) ?? '');
    clone.git('config', 'user.email', name);
    return clone;
  });
  return made as never;
}

const approvals = async (repo: TestRepo) => {
  const ran = await repo.session(['verify', id, '--json']);
  return { code: ran.code, ...JSON.parse(ran.out).sessions[0].approvals };
};

/** Exit code, verdict and faults of a request that would land this commit. */
const request = async (repo: TestRepo, commit: string) => {
  const ran = await repo.session(['verify', id, '--request', commit, '--json']);
  const [{ verdict, findings }] = JSON.parse(ran.out).sessions;
  const faults = (findings as { level: string; code: string }[]).filter(({ level }) => level !== 'note');
  return [ran.code, verdict, ...faults.map(({ code }) => code)];
};

test('two approvers at once: the second push is refused, and becomes a further approval of the same manifest', async () => {
  const [eve, fay] = clones(EVE, FAY);
  await eve.ok(['approve', id, '--yes']);
  await fay.ok(['approve', id, '--yes']);
  expect(schema.parse(await eve.json(['approve', id, '--push', '--yes']))).toMatchObject({ tag: `backup/${id}`, push: null });
  // As plain git has it.
  expect(() => fay.git('push', '-q', 'origin', `backup/${id}`)).toThrow(/already exists|rejected/);
  const mine = fay.git('rev-parse', `backup/${id}`);
  expect(await request(eve, `origin/${branch}`)).toEqual([4, 'unverified', 'approvals']);
  const facts = schema.parse(await fay.json(['approve', id, '--push', '--yes']));
  expect(facts).toMatchObject({ state: 'sealed', tag: expect.stringMatching(`^approval/${id}/`), seal: sealed.git('rev-parse', branch) });
  expect(facts.notes.join()).toContain(`${EVE} had approved first`);
  expect(fay.git('rev-parse', `backup/${id}`)).toBe(eve.git('rev-parse', `backup/${id}`));
  expect(fay.git('for-each-ref', '--format=%(objectname)', 'refs/git-session/trash')).toBe(mine);
  expect(fay.git('for-each-ref', 'refs/git-session/theirs')).toBe('');
  // Once more: it is there.
  expect((await fay.json(['approve', id, '--push', '--yes'])).tag).toBe(facts.tag);

  const [stranger] = clones(EVE);
  stranger.git('remote', 'set-url', 'origin', fay.git('remote', 'get-url', 'origin'));
  stranger.git('fetch', '-q', '--tags', 'origin');
  expect(await approvals(stranger)).toEqual({ code: 0, needed: 2, principals: [EVE, FAY] });
  // The request: the seal itself, with a merge of base on top, and something else.
  expect(await request(stranger, `origin/${branch}`)).toEqual([0, 'verified']);
  stranger.commit('Meanwhile', { 'other.txt': 'x\n' });
  stranger.git('switch', '-q', branch);
  stranger.git('merge', '-q', '--no-ff', '--no-edit', 'main');
  expect(await request(stranger, 'HEAD')).toEqual([0, 'verified']);
  stranger.commit('Suggestion', { 'README.md': 'x\n' });
  expect(await request(stranger, 'HEAD')).toEqual([4, 'failed', 'changed-after-seal']);
  expect(await request(stranger, 'main')).toEqual([4, 'failed', 'not-the-seal']);
  stranger.git('switch', '-q', 'main');
  expect((await stranger.json(['show', id])).approval).toMatchObject({ approver: EVE, also_by: [FAY] });
  stranger.git('merge', '-q', '--no-ff', '-m', 'Merge pull request #7', `backup/${id}`);
  expect((await stranger.json(['log', '--base', 'main'])).entries[0].approvers).toEqual([EVE, FAY]);
});

test('approve --push in one go, while somebody else was faster', async () => {
  const [eve, fay] = clones(EVE, FAY);
  await eve.ok(['approve', id, '--push', '--yes']);
  const { tag } = await fay.json(['approve', id, '--push', '--yes']);
  expect(tag).toMatch(`approval/${id}/`);
  expect(eve.git('ls-remote', '--tags', 'origin')).toContain(tag);
  // An agent pushes nothing, though all is signed.
  fay.git('config', 'gitsession.presence', 'terminal');
  const before = fay.snapshot();
  expect((await fay.session(['approve', id, '--push', '--yes'], { env: { CLAUDECODE: '1' } })).code).toBe(3);
  expect(fay.snapshot()).toBe(before);
});

test('a tag of another seal at the remote is nobody’s approval of this one', async () => {
  const [eve, fay] = clones(EVE, FAY);
  await fay.ok(['approve', id, '--yes']);
  eve.git('tag', '-s', '-m', 'not this', `backup/${id}`, `origin/${branch}~1`);
  eve.git('push', '-q', 'origin', `backup/${id}`);
  const before = fay.snapshot();
  const ran = await fay.session(['approve', id, '--push', '--yes']);
  expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('of another seal')]);
  expect(fay.snapshot()).toBe(before);
});

test('one’s own work: refused at the approval, and not counted where somebody signed it by hand', async () => {
  const [dana, eve] = clones(DANA, EVE);
  const own = await dana.session(['approve', id, '--yes']);
  expect([own.code, own.err]).toEqual([1, expect.stringContaining('approvals.self: deny')]);
  await eve.ok(['approve', id, '--push', '--yes']);
  const [fay] = clones(FAY);
  fay.git('remote', 'set-url', 'origin', eve.git('remote', 'get-url', 'origin'));
  fay.git('fetch', '-q', '--tags', 'origin');
  const { tag } = await fay.json(['approve', id, '--yes']);
  expect(await approvals(fay)).toEqual({ code: 0, needed: 2, principals: [EVE, FAY] });
  const said = fay.git('for-each-ref', '--format=%(contents:subject)%0a%0a%(contents:body)', `refs/tags/${tag}`).split('\n-----')[0] ?? '';
  const print = (name: string) => execFileSync('ssh-keygen', ['-lf', keys.get(name) ?? ''], { encoding: 'utf8' }).split(' ')[1] ?? '';
  fay.write('../message', `${said.trimEnd().replaceAll(FAY, DANA).replaceAll(print(FAY), print(DANA))}\n`);
  const name = `approval/${id}/by-hand`;
  const key = `user.signingKey=${keys.get(DANA)}`;
  fay.git('-c', key, '-c', `user.email=${DANA}`, 'tag', '-s', '--cleanup=verbatim', '-F', '../message', name, `backup/${id}^{commit}`);
  expect(await approvals(fay)).toEqual({ code: 4, needed: 2, principals: [EVE, FAY] });
  expect((await fay.session(['verify', id])).out).toContain(`${DANA} approved work that is all their own`);
});
