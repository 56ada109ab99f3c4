/** Sessions that somebody else's machine merged: judged by what was signed, not by who pressed the button. */

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { type VerifyReport, verifyAll, verifySession } from '../../src/closeout/verify/index.ts';
import type { SessionId } from '../../src/core/session/session-id.ts';
import { approvedRepo, approveSession, sealSession, workOn } from '../support/landed.ts';
import { makeSshKey, TestRepo, tempDir } from '../support/repo.ts';
import { approver } from '../support/trust.ts';

interface Sealed {
  repo: TestRepo;
  id: SessionId;
  seal: string;
  /** Private key of a second approver. */
  second: string;
}

let template: Sealed;

beforeAll(async () => {
  const second = makeSshKey(tempDir(), 'second', 'second@example.com');
  const { repo } = approvedRepo({
    policy: 'land:\n  by: pr\n',
    files: { 'lib.js': 'one\n' },
    signers: approver('second@example.com', second),
  });
  const id = await workOn(repo, { files: { 'lib.js': 'one\ntwo\n' } });
  const { seal } = await sealSession(repo, id);
  repo.git('switch', '-q', 'main');
  template = { repo, id, seal, second };
});

function copy(): Sealed {
  const dir = join(tempDir(), 'repo');
  cpSync(template.repo.dir, dir, { recursive: true });
  return { ...template, repo: new TestRepo(dir) };
}

const faults = ({ findings }: VerifyReport) => findings.filter(({ level }) => level !== 'note').map(({ code }) => code);
const verify = async ({ repo, id }: Sealed) => verifySession(await repo.open(), id);

it('sealed and approved, and not landed yet: verified, and said so', async () => {
  const report = await verify(copy());
  expect([report.verdict, report.landing, faults(report)]).toEqual(['verified', null, []]);
  expect(report.findings.map(({ code }) => code)).toContain('not-landed');
});

it('merged, squashed or rebased as it was: exact', async () => {
  const merged = copy();
  merged.repo.git('merge', '-q', '--no-ff', '-m', 'Merge pull request #1', merged.seal);
  const report = await verify(merged);
  expect([report.verdict, report.landing?.as, faults(report)]).toEqual(['verified', 'exact', []]);

  const squashed = copy();
  squashed.repo.git('merge', '-q', '--squash', squashed.seal);
  squashed.repo.git('commit', '-q', '-m', 'Calculator (#1)');
  expect((await verify(squashed)).landing?.as).toBe('exact');

  const rebased = copy();
  rebased.repo.git('cherry-pick', `main..${rebased.seal}`);
  expect([(await verify(rebased)).verdict, (await verify(rebased)).landing?.as]).toEqual(['verified', 'exact']);
  expect((await verifyAll(await rebased.repo.open())).verdict).toBe('verified');
});

it('base had moved on: as approved; other content than was signed: edited, and named', async () => {
  const moved = copy();
  moved.repo.commit('meanwhile', { 'other.txt': 'x\n' });
  moved.repo.git('merge', '-q', '--squash', moved.seal);
  moved.repo.git('commit', '-q', '-m', 'Calculator (#1)');
  const report = await verify(moved);
  expect([report.verdict, report.landing?.as]).toEqual(['verified', 'as approved']);

  const edited = copy();
  edited.repo.git('merge', '-q', '--squash', edited.seal);
  edited.repo.commit('Calculator (#1), touched up', { 'lib.js': 'one\nevil\n' });
  const bad = await verify(edited);
  expect([bad.verdict, bad.landing?.as, faults(bad)]).toEqual(['failed', 'edited', ['landing-edited']]);
  expect(bad.findings.map(({ what }) => what).join()).toContain('lib.js');
});

it('base had moved before the approval and again before the landing: judged in a fresh clone, where no commit has the approved trees', async () => {
  const { repo, id, seal } = copy();
  repo.git('tag', '-d', `backup/${id}`);
  repo.commit('meanwhile', { 'other.txt': 'x\n' });
  await approveSession(repo, id);
  repo.commit('and again', { 'third.txt': 'x\n' });
  repo.git('merge', '-q', '--squash', seal);
  repo.git('commit', '-q', '-m', 'Calculator (#1)');
  const dir = join(tempDir(), 'fresh');
  repo.git('clone', '-q', `file://${repo.dir}`, dir);
  const report = await verify({ ...template, repo: new TestRepo(dir), id });
  expect([report.verdict, report.landing?.as, faults(report)]).toEqual(['verified', 'as approved', []]);
});

it('landed without an approval: unverified, unless policy trusts landings, and then counted', async () => {
  const { repo } = approvedRepo({ policy: 'land:\n  by: pr\nmemory:\n  trust: landed\n' });
  const id = await workOn(repo);
  const { seal } = await sealSession(repo, id, { approve: false });
  repo.git('switch', '-q', 'main');
  repo.git('merge', '-q', '--no-ff', '-m', 'Merge', seal);
  const report = await verifySession(await repo.open(), id);
  expect([report.verdict, faults(report)]).toEqual(['unverified', ['no-tag']]);
  expect(await verifyAll(await repo.open())).toMatchObject({ verdict: 'unverified', acceptsUnsigned: true });
});

it('several approvers: further tags on the same seal count by principal, others are named', async () => {
  const sealed = copy();
  const { repo, id, seal, second } = sealed;
  repo.git('config', 'user.signingKey', second);
  repo.git('config', 'user.email', 'second@example.com');
  await approveSession(repo, id);
  const both = { needed: 1, principals: ['dana@example.com', 'second@example.com'] };
  expect(await verify(sealed)).toMatchObject({ verdict: 'verified', approvals: both });
  expect((await verify(sealed)).approvals).toEqual(both);

  // Signed well, and not about this: another manifest, another commit, another name, another person.
  const name = repo.git('tag', '--list', `approval/${id}/*`);
  const said =
    repo.git('for-each-ref', '--format=%(contents:subject)%0a%0a%(contents:body)', `refs/tags/${name}`).split('\n-----')[0] ?? '';
  const tag = (key: string, at: string, text: string, target = seal) => {
    repo.write('../message', `${text.trimEnd()}\n`);
    repo.git('-c', `user.signingKey=${key}`, 'tag', '-f', '-s', '--cleanup=verbatim', '-F', '../message', at, target);
  };
  tag(second, `approval/${id}/same`, said);
  repo.git('tag', '-d', name);
  expect((await verify(sealed)).approvals).toEqual(both);
  tag(second, `approval/${id}/same`, said.replace(/sha256:[0-9a-f]{8}/, 'sha256:00000000'));
  tag(second, `approval/${id}/elsewhere`, said, `${seal}^`);
  tag(makeSshKey(tempDir(), 'eve'), `approval/${id}/eve`, said);
  repo.git('update-ref', `refs/tags/approval/${id}/renamed`, `refs/tags/approval/${id}/same`);
  const bad = await verify(sealed);
  expect(faults(bad)).toEqual(['approval-tag', 'approval-tag', 'approval-tag', 'approval-tag']);
  expect(bad.approvals.principals).toEqual(['dana@example.com']);
});

it('fewer approvals than policy asks for', async () => {
  const { repo } = approvedRepo({ policy: 'land:\n  by: pr\napprovals:\n  count: 2\n' });
  const id = await workOn(repo);
  const { seal } = await sealSession(repo, id);
  repo.git('switch', '-q', 'main');
  const waiting = await verifySession(await repo.open(), id);
  expect([waiting.verdict, waiting.approvals]).toEqual(['verified', { needed: 2, principals: ['dana@example.com'] }]);
  repo.git('merge', '-q', '--no-ff', '-m', 'Merge', seal);
  expect(faults(await verifySession(await repo.open(), id))).toEqual(['approvals']);
});
