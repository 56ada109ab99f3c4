/** Every way in which somebody could make a landing look approved, or change what was: `verify` names each. */

import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDiary } from '../../src/closeout/landed/diary.ts';
import { landingOf } from '../../src/closeout/landed/landings.ts';
import { whoApproved } from '../../src/closeout/landed/who-approved.ts';
import { type VerifyReport, verifyAll, verifySession } from '../../src/closeout/verify/index.ts';
import type { Manifest } from '../../src/core/closeout/manifest.ts';
import { manifestText } from '../../src/core/closeout/manifest-text.ts';
import { sessionPaths } from '../../src/core/session/metadata.ts';
import { fileJson } from '../../src/core/text/json.ts';
import { forge, manifestOf } from '../support/forge.ts';
import { approvedRepo, DANA, type LandedSession, landSession } from '../support/landed.ts';
import { makeSshKey, TestRepo, tempDir } from '../support/repo.ts';
import { approver, commit } from '../support/trust.ts';

interface Template {
  repo: TestRepo;
  key: string;
  /** Of somebody who is no approver. */
  eve: string;
  first: LandedSession;
  second: LandedSession;
}

let template: Template;

beforeAll(async () => {
  const { repo, key } = approvedRepo();
  const first = await landSession(repo, { topic: 'calculator-app', files: { 'lib.js': '1\n' } });
  const second = await landSession(repo, { topic: 'parser-rewrite' });
  template = { repo, key, eve: makeSshKey(tempDir(), 'eve', 'eve@example.com'), first, second };
});

/** The landed repository, copied. */
function copy(): Template {
  const dir = join(tempDir(), 'repo');
  cpSync(template.repo.dir, dir, { recursive: true });
  return { ...template, repo: new TestRepo(dir) };
}

async function verify(repo: TestRepo, { id }: LandedSession): Promise<VerifyReport> {
  return verifySession(await repo.open(), id);
}

const codes = (report: { findings: { level: string; code: string }[] }) =>
  report.findings.filter(({ level }) => level !== 'note').map(({ code }) => code);

/** Fails with at least these codes, and the session beside it is still verified. */
async function named(repo: TestRepo, session: LandedSession, ...wanted: string[]): Promise<VerifyReport> {
  const report = await verify(repo, session);
  expect(codes(report)).toEqual(expect.arrayContaining(wanted));
  expect(report.verdict).toBe('failed');
  const ran = await repo.session(['verify', session.id]);
  expect([ran.code, ran.out + ran.err]).toEqual([4, expect.stringContaining('failed')]);
  return report;
}

const said = (report: { findings: { what: string }[] }) => report.findings.map(({ what }) => what).join('\n');

describe('an honest landing', () => {
  it('verifies, also in a fresh clone that has nothing private, and from the cache', async () => {
    const { repo, first, second } = copy();
    expect(codes(await verify(repo, first))).toEqual([]);
    const all = await verifyAll(await repo.open());
    expect(all).toMatchObject({ verdict: 'verified', findings: [] });
    expect(all.sessions.map(({ id, cached }) => `${id} ${cached}`)).toEqual([`${first.id} true`, `${second.id} false`].sort().reverse());
    const clone = new TestRepo(join(tempDir(), 'clone'));
    repo.git('clone', '-q', repo.dir, clone.dir);
    const cloned = await verifyAll(await clone.open());
    expect(cloned).toMatchObject({ verdict: 'verified', findings: [] });
    expect(cloned.sessions[0]?.landing?.as).toBe('signed merge');
  });
});

describe('attacks on what earlier audits left', () => {
  it('no edited cache makes a forgery verified, in any command', async () => {
    const { repo, first } = copy();
    await verifyAll(await repo.open());
    const path = join(repo.dir, '.git/git-session/cache/verify.json');
    const oids = (session: LandedSession, merge: string) => [repo.git('rev-parse', session.tag), merge];
    const [oldTag = '', oldMerge = ''] = oids(first, first.merge);
    const forged = await forge(repo, first, { key: null, branch: 'evil' });
    repo.git('update-ref', 'refs/heads/main', forged.merge);
    repo.git('reset', '-q', '--hard');
    const [newTag = '', newMerge = ''] = oids(first, forged.merge);
    const edited = readFileSync(path, 'utf8').replaceAll(oldTag, newTag).replaceAll(oldMerge, newMerge);
    expect(edited).toContain(newTag);
    for (const text of [edited, 'rubbish', '{"version":1,"entries":{"x":{"version":1,"part":{}}}}']) {
      writeFileSync(path, text);
      expect((await verifyAll(await repo.open())).sessions.find(({ id }) => id === first.id)).toMatchObject({ verdict: 'failed' });
      writeFileSync(path, text);
      await named(repo, first, 'tag-unsigned', 'merge-signature');
      writeFileSync(path, text);
      const { entries } = await readDiary(await repo.open(), { name: 'main', tip: 'main' });
      expect(entries.find(({ id }) => id === first.id)).toMatchObject({ verdict: 'not checked' });
      const landing = await landingOf(await repo.open(), first.id, 'main');
      expect(landing && (await whoApproved(await repo.open(), landing, false))).toMatchObject({ verdict: 'not checked' });
      expect(landing && (await whoApproved(await repo.open(), landing, true))).toMatchObject({ verdict: 'failed' });
    }
  });

  it('an edited approver, or policy, in the private files decides nothing', async () => {
    const { repo, first, eve } = copy();
    await verifyAll(await repo.open());
    const root = repo.git('config', 'gitsession.policyRoot');
    const evil = commit(repo, 'me too', { files: { '.swarm/allowed_signers': approver(DANA, eve) }, key: eve });
    const entries = { [`tip ${evil}`]: { root, sources: [root, evil], ignored: [] }, [`${evil} ${root}`]: true };
    writeFileSync(join(repo.dir, '.git/git-session/cache/policy-steps.json'), JSON.stringify({ version: 1, entries }));
    const forged = await forge(repo, first, { key: eve, base: evil });
    await named(repo, forged, 'tag-signature');
    expect((await verifyAll(await repo.open())).verdict).toBe('failed');
  });

  it('without the cache the reports are the same; a single audit reads none', async () => {
    const { repo, first } = copy();
    const all = async (noCache: boolean) =>
      (await verifyAll(await repo.open(), { noCache })).sessions.map(({ cached: _, ...report }) => report);
    await verifyAll(await repo.open());
    expect(await all(false)).toEqual(await all(true));
    repo.commit('edited', { [sessionPaths(first.id).backup]: '{}\n' });
    expect(await all(false)).toEqual(await all(true));
    expect((await verify(repo, first)).cached).toBe(false);
  });
});

describe('attacks on the tag', () => {
  it('a forged tag: unsigned, or signed by somebody else', async () => {
    const { repo, first, eve } = copy();
    const name = first.tag.slice('refs/tags/'.length);
    repo.write('../message', `Backup of ${first.id}\n\n${manifestText(manifestOf(repo, first))}`);
    repo.git('tag', '-f', '-a', '--cleanup=verbatim', '-F', '../message', name, first.seal);
    await named(repo, first, 'tag-unsigned');
    repo.git('-c', `user.signingKey=${eve}`, 'tag', '-f', '-s', '--cleanup=verbatim', '-F', '../message', name, first.seal);
    expect(said(await named(repo, first, 'tag-signature'))).toContain("is not an approver's");
  });

  it('the tag moved: to a commit, to the tag of another session, to another seal, or deleted', async () => {
    const { repo, first, second } = copy();
    const other = repo.git('rev-parse', second.tag);
    repo.git('update-ref', first.tag, first.seal);
    await named(repo, first, 'tag-not-annotated');
    repo.git('update-ref', first.tag, other);
    await named(repo, first, 'tag-renamed', 'tag-other-session');
    repo.git('update-ref', '-d', first.tag);
    const report = await verify(repo, first);
    expect([report.verdict, codes(report)]).toEqual(['unverified', ['no-tag']]);
    expect((await verifyAll(await repo.open())).verdict).toBe('unverified');
  });

  it('the manifest edited, canonically or not, or of an unknown version', async () => {
    const { repo, first } = copy();
    const text = repo.git('cat-file', 'tag', first.tag);
    const put = (edited: string) => {
      repo.write('../tag', `${edited}\n`);
      repo.git('update-ref', first.tag, repo.git('hash-object', '-t', 'tag', '-w', '../tag'));
    };
    put(text.replace('"name":"tests","required":true', '"name":"tests","required":false'));
    await named(repo, first, 'tag-signature');
    put(text.replace('{"accepted":', '{ "accepted":'));
    await named(repo, first, 'manifest-not-canonical', 'tag-signature');
    put(text.replace('"presence":"none"', '"presence":"some"'));
    await named(repo, first, 'manifest-invalid');
    put(text.replace(/\{.*\}/, 'approved'));
    await named(repo, first, 'manifest-missing');
    put(text.replace('"version":1', '"version":2'));
    expect(codes(await verify(repo, first))).toContain('manifest-version');
  });
});

describe('attacks on who approved', () => {
  it('a signer who is no approver', async () => {
    const { repo, second, eve } = copy();
    const forged = await forge(repo, second, { key: eve, manifest: (m) => Object.assign(m.approver, { principal: 'eve@example.com' }) });
    await named(repo, forged, 'tag-signature', 'merge-signature');
  });

  it("an approver's key under another principal", async () => {
    const { repo, key, second } = copy();
    const forged = await forge(repo, second, { key, manifest: (m) => Object.assign(m.approver, { principal: 'boss@example.com' }) });
    expect(said(await named(repo, forged, 'tag-principal', 'merge-principal'))).toContain('signed by dana@example.com');
  });

  it('another key than the manifest names', async () => {
    const { repo, key, second } = copy();
    const forged = await forge(repo, second, { key, manifest: (m) => Object.assign(m.approver, { key: `SHA256:${'A'.repeat(43)}` }) });
    await named(repo, forged, 'tag-key', 'merge-key');
  });

  it('approvers replaced by a plain commit to the policy branch', async () => {
    const { repo, first, second, eve } = copy();
    repo.git('reset', '-q', '--hard', `${second.merge}^1`);
    const plain = commit(repo, 'New approvers', { files: { '.swarm/allowed_signers': approver('eve@example.com', eve) } });
    const forged = await forge(repo, second, {
      key: eve,
      manifest: (m) => {
        Object.assign(m.approver, {
          principal: 'eve@example.com',
          key: repo.git('-c', `alias.f=!ssh-keygen -lf ${eve}.pub`, 'f').split(' ')[1],
        });
        (m.policy as { commit: string }).commit = plain;
      },
      base: plain,
    });
    await named(repo, forged, 'tag-signature', 'merge-signature');
    const all = await verifyAll(await repo.open());
    expect(codes(all)).toContain('policy-ignored');
    expect(all.sessions.find(({ id }) => id === first.id)?.verdict).toBe('verified');
  });

  it('an approver who has left signs as if policy had not changed', async () => {
    const { repo, key, first } = copy();
    const heir = makeSshKey(tempDir(), 'heir', 'heir@example.com');
    repo.git('reset', '-q', '--hard', first.merge);
    commit(repo, 'Dana leaves', { files: { '.swarm/allowed_signers': approver('heir@example.com', heir) }, key });
    const left = repo.git('rev-parse', 'HEAD');
    expect((await verify(repo, first)).verdict).toBe('verified');
    const forged = await forge(repo, template.second, { key, base: left });
    await named(repo, forged, 'tag-signature', 'merge-signature');
  });

  it('an approver who has left back-dates a landing on a base from before, and somebody merges it', async () => {
    const { repo, key, second } = copy();
    const heir = makeSshKey(tempDir(), 'heir', 'heir@example.com');
    const old = `${second.merge}^1`;
    const before = repo.git('rev-parse', old);
    repo.git('reset', '-q', '--hard', before);
    commit(repo, 'Dana leaves', { files: { '.swarm/allowed_signers': approver('heir@example.com', heir) }, key });
    repo.git('branch', 'left');
    repo.git('branch', 'evil', before);
    const date = repo.git('log', '-1', '--format=%cI', second.merge);
    const forged = await forge(repo, second, { key, base: before, branch: 'evil', date });
    repo.git('switch', '-q', 'main');
    repo.git('reset', '-q', '--hard', 'left');
    repo.git('merge', '-q', '--no-ff', '--no-edit', 'evil');
    await named(repo, forged, 'tag-signature', 'merge-signature');
  });

  it('an expired key, and one that is back-dated to before it expired', async () => {
    const old = makeSshKey(tempDir(), 'old', 'old@example.com');
    const { repo } = approvedRepo({ signers: approver('old@example.com', old, 'valid-before="20240101"') });
    const session = await landSession(repo);
    const key = repo.git('-c', `alias.f=!ssh-keygen -lf ${old}.pub`, 'f').split(' ')[1] ?? '';
    const approves = (m: Manifest) => Object.assign(m.approver, { principal: 'old@example.com', key });
    await named(repo, await forge(repo, session, { key: old, manifest: approves }), 'tag-signature', 'merge-signature');
    const backdated = await forge(repo, session, { key: old, manifest: approves, date: '2023-06-01T12:00:00Z' });
    await named(repo, backdated, 'tag-signature', 'merge-signature');
  });

  it('a presence that policy does not admit', async () => {
    const { repo, key } = approvedRepo();
    const session = await landSession(repo);
    repo.git('reset', '-q', '--hard', `${session.merge}^1`);
    const strict = commit(repo, 'Ask for a person', { files: { '.sessionrc.yaml': 'version: 1\npresence: terminal\n' }, key });
    const forged = await forge(repo, session, {
      key,
      manifest: (m) => Object.assign(m, { base: strict, policy: { ...(m.policy as object), commit: strict } }),
    });
    await named(repo, forged, 'presence');
  });

  it('another root of the policy branch: pinned here, or stated by a stranger', async () => {
    const { repo, second } = copy();
    const root = repo.git('config', 'gitsession.policyRoot');
    const open = await repo.open();
    expect((await verifySession(open, second.id, { policyRoot: root.slice(0, 16) })).verdict).toBe('verified');
    await expect(verifySession(open, second.id, { policyRoot: `${root.startsWith('0') ? 1 : 0}${root.slice(1)}` })).rejects.toMatchObject({
      exitCode: 4,
    });
    await expect(verifySession(open, second.id, { policyRoot: root.slice(0, 5) })).rejects.toMatchObject({ exitCode: 4 });

    // The same tree under a root of Eve's own.
    const { repo: eves } = approvedRepo();
    repo.git('fetch', '-q', eves.dir, 'main');
    repo.git('reset', '-q', '--hard', 'FETCH_HEAD');
    await expect(verifyAll(await repo.open())).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('does not begin where'),
    });
  });
});

describe('attacks on what was approved', () => {
  it('a seal that touches other paths, though the approver signed it', async () => {
    const { repo, key, second } = copy();
    const forged = await forge(repo, second, { key, seal: { 'lib.js': 'evil()\n', 'sessions/extra.txt': 'x\n' } });
    expect(said(await named(repo, forged, 'seal-paths', 'tree-unchecked'))).toContain('lib.js (changed), sessions/extra.txt (added)');
  });

  it('a seal on another tip, or with files that the manifest does not name', async () => {
    const { repo, key, second } = copy();
    const stale = await forge(repo, second, {
      key,
      manifest: (m) => Object.assign(m, { tip: `${m.tip}`, closed_at: '2020-01-01T00:00:00.000Z' }),
    });
    await named(repo, stale, 'metadata', 'document-head');
    const log = `${sessionPaths(second.id).log}/stranger.1.jsonl`;
    const more = await forge(repo, stale, { key, seal: { [log]: '{}\n' }, manifest: (m) => void delete m.files[log] });
    await named(repo, more, 'seal-unnamed');
  });

  it('backup and inventory that tell another story than the tree, sealed and signed', async () => {
    const { repo, key, second } = copy();
    const at = sessionPaths(second.id);
    const inventory = JSON.parse(repo.git('show', `${second.seal}:${at.inventory}`));
    inventory.artifacts[0].size = 1;
    inventory.artifacts.pop();
    const forged = await forge(repo, second, { key, seal: { [at.inventory]: fileJson(inventory) } });
    const report = await named(repo, forged, 'inventory', 'backup', 'metrics');
    expect(said(report)).toContain('Artifacts of the session are missing from the inventory');
    const backup = JSON.parse(repo.git('show', `${second.seal}:${at.backup}`));
    backup.agents[0].status = 'failed';
    backup.memory_snapshot['reasoning-bank'].pop();
    await named(repo, await forge(repo, second, { key, seal: { [at.backup]: fileJson(backup) } }), 'backup', 'memory');
    await named(repo, await forge(repo, second, { key, seal: { [at.backup]: '[]\n' } }), 'document-invalid');
  });

  it('a check record forged in the log', async () => {
    const { repo, key, second } = copy();
    const { files } = manifestOf(repo, second);
    const log = Object.keys(files).find((path) => path.endsWith('.jsonl')) ?? '';
    const text = repo.git('show', `${second.seal}:${log}`);
    const forged = await forge(repo, second, {
      key,
      seal: { [log]: `${text.replace(/("name":"tests","status":)"passed"/, '$1"failed"')}\n` },
    });
    expect(said(await named(repo, forged, 'check-record'))).toContain('it says failed, the manifest passed');
    const byAgent = text.replace(
      /"actor":\{"kind":"tool","name":"git-session"\},("kind":"check.ran")/,
      '"actor":{"kind":"agent","name":"tester"},$1',
    );
    expect(byAgent).not.toBe(text);
    await named(repo, await forge(repo, second, { key, seal: { [log]: `${byAgent}\n` } }), 'check-record-actor');
    const without = (kind: string) =>
      `${text
        .split('\n')
        .filter((line) => !line.includes(`"${kind}"`))
        .join('\n')}\n`;
    await named(repo, await forge(repo, second, { key, seal: { [log]: without('task.finished') } }), 'tasks');
    await named(repo, await forge(repo, second, { key, seal: { [log]: without('session.started') } }), 'record-lost');
  });

  it('a required check that was left out, failed, ran elsewhere, or was called not needed', async () => {
    const { repo, key, second } = copy();
    const edit = async (change: (check: { status: string; tree: string }) => void) =>
      forge(repo, second, {
        key,
        manifest: (m) => {
          for (const check of m.checks) if (check.name === 'tests') change(check);
        },
      });
    await named(
      repo,
      await forge(repo, second, {
        key,
        manifest: (m) =>
          void m.checks.splice(
            m.checks.findIndex(({ name }) => name === 'tests'),
            1,
          ),
      }),
      'check-missing',
    );
    await named(repo, await edit((check) => Object.assign(check, { status: 'failed' })), 'check-not-passed', 'check-record');
    await named(repo, await edit((check) => Object.assign(check, { tree: second.seal })), 'check-tree');
    await named(repo, await edit((check) => Object.assign(check, { status: 'not-needed' })), 'check-needed');
  });

  it('trees that no merge gives', async () => {
    const { repo, key, second } = copy();
    const tree = repo.git('rev-parse', `${second.seal}^{tree}`);
    await named(
      repo,
      await forge(repo, second, { key, manifest: (m) => Object.assign(m, { checked_tree: tree }) }),
      'checked-tree',
      'check-tree',
    );
    const evil = commit(repo, 'evil', { files: { 'lib.js': 'evil()\n' } });
    await named(
      repo,
      await forge(repo, second, { key, manifest: (m) => Object.assign(m, { landed_tree: repo.git('rev-parse', `${evil}^{tree}`) }) }),
      'landed-tree',
      'tree-unchecked',
    );
  });
});

describe('attacks on the landing', () => {
  it('a merge made by hand that imitates ours', async () => {
    const { repo, second } = copy();
    const message = repo.git('log', '-1', '--format=%B', second.merge);
    repo.git('reset', '-q', '--hard', `${second.merge}^1`);
    repo.git('merge', '-q', '--no-ff', '-m', message, second.seal);
    expect(repo.git('rev-parse', 'HEAD^{tree}')).toBe(repo.git('rev-parse', `${second.merge}^{tree}`));
    expect(said(await named(repo, second, 'merge-signature'))).toContain('it is not signed');
    repo.git('reset', '-q', '--hard', `${second.merge}^1`);
    repo.git('merge', '-q', '--squash', second.seal);
    repo.git('commit', '-q', '-m', message);
    await named(repo, second, 'merge-not-signed-merge');
  });

  it('a commit that says it closes a session and lands none', async () => {
    const { repo, second } = copy();
    repo.commit(
      `session: parser-rewrite (9 changes, checks 4/4)\n\nSession-Id: ${second.id}\nSession-Event: closeout\nSession-Approved-By: ${DANA}`,
      {
        'lib.js': 'evil()\n',
      },
    );
    const all = await verifyAll(await repo.open());
    expect(all.sessions.every(({ verdict }) => verdict === 'verified')).toBe(true);
    expect([all.verdict, codes(all)]).toEqual(['failed', ['imitation']]);
  });

  it('trailers forged into the merge, and parents swapped', async () => {
    const { repo, key, second } = copy();
    const twice = await forge(repo, second, { key, message: (text) => `${text.trimEnd()}\nSession-Approved-By: boss@example.com` });
    expect(said(await named(repo, twice, 'merge-trailer'))).toContain('"dana@example.com", "boss@example.com"');
    const swapped = repo.git('commit-tree', '-S', '-p', second.seal, '-p', `${second.merge}^1`, '-m', 'x', `${second.merge}^{tree}`);
    repo.git('update-ref', 'refs/heads/main', swapped);
    expect((await verify(repo, second)).verdict).toBe('failed');
  });

  it('files of the session edited, removed or added on base afterwards', async () => {
    const { repo, first, second } = copy();
    const at = sessionPaths(first.id);
    const edit = repo.commit('tidy up', { [at.backup]: '{}\n', [at.inventory]: '{}\n', [at.metrics]: '{}\n' });
    const report = await named(repo, first, 'edited-since');
    expect(said(report)).toContain(`${at.backup} (by ${edit.slice(0, 10)})`);
    repo.git('reset', '-q', '--hard', 'HEAD^');
    repo.git('rm', '-q', at.summary);
    repo.commit('drop', { [`${at.log}/stranger.1.jsonl`]: '{}\n' });
    await named(repo, first, 'removed-since', 'unsealed-log');
    expect((await verify(repo, second)).verdict).toBe('verified');
    repo.commit('more', { '.swarm/log/session-20200101-000000-never-landed/x.1.jsonl': '{}\n' });
    expect(codes(await verifyAll(await repo.open()))).toContain('unsealed-log');
  });

  it('a revert is told and is no fault; an open session merged by hand is unverified', async () => {
    const { repo, first, second } = copy();
    repo.git('revert', '--no-edit', '-m', '1', second.merge);
    const report = await verify(repo, second);
    expect([report.verdict, report.landing?.now]).toEqual(['verified', 'reverted']);
    expect(said(report)).toContain(`${repo.git('rev-parse', 'HEAD').slice(0, 10)} reverted or removed them`);
    expect((await verify(repo, first)).verdict).toBe('verified');
    const { startWork } = await import('../support/work.ts');
    const open = await startWork(repo, 'never-closed');
    repo.git('switch', '-q', 'main');
    repo.git('merge', '-q', '--no-ff', '-m', 'merge', open.ref);
    const all = await verifyAll(await repo.open());
    expect(all.sessions.find(({ id }) => id === open.id)).toMatchObject({ verdict: 'unverified', findings: [{ code: 'not-closed' }] });
  });

  it('replaced objects do not deceive', async () => {
    const { repo, first } = copy();
    const evil = repo.commit('evil', { 'x.txt': 'x\n' });
    repo.git('replace', first.seal, evil);
    expect((await verify(repo, first)).verdict).toBe('verified');
  });

  it('a landing on another branch that comes to the policy branch later is found and judged', async () => {
    const { repo, key } = approvedRepo();
    repo.git('switch', '-q', '-c', 'develop');
    const session = await landSession(repo);
    repo.git('switch', '-q', 'main');
    repo.commit('meanwhile', { 'm.txt': 'm\n' });
    repo.git('-c', `user.signingKey=${key}`, 'merge', '-q', '--no-ff', '-m', 'release', 'develop');
    expect(codes(await verify(repo, session))).toEqual([]);
    expect((await verifyAll(await repo.open())).verdict).toBe('verified');
    const backup = sessionPaths(session.id).backup;
    repo.commit('tidy up main', { [backup]: '{}\n' });
    await named(repo, session, 'edited-since');
    repo.git('reset', '-q', '--hard', 'HEAD^');
    repo.git('branch', '-q', '-D', 'develop');
    const report = await verify(repo, session);
    expect([report.verdict, report.landing?.commit]).toEqual(['verified', repo.git('rev-parse', 'main')]);
  });
});
