import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/core/closeout/manifest.ts';
import type { AnyRecord } from '../../src/core/log/record.ts';
import type { CheckPolicy, CheckResult } from '../../src/core/policy/policy.ts';
import type { SessionId } from '../../src/core/session/session-id.ts';
import { judgeCheckRecords, judgeChecks } from '../../src/core/verify/checks.ts';
import { type Finding, type Level, listed, verdictOf } from '../../src/core/verify/finding.ts';
import { isGood, landingVerdict } from '../../src/core/verify/landing-verdict.ts';
import { judgeForge } from '../../src/core/verify/merge.ts';
import { changedSince, judgeNow } from '../../src/core/verify/now.ts';
import { judgePresence } from '../../src/core/verify/presence.ts';
import { isSealPath } from '../../src/core/verify/seal.ts';
import { judgeSignature } from '../../src/core/verify/signature.ts';

const ID = 'session-20261122-101500-calculator-app' as SessionId;
const TREE = 'b'.repeat(40);
const codes = (findings: Finding[]) => findings.map(({ code }) => code);

function result(name: string, more: Partial<CheckResult> = {}): CheckResult {
  return {
    ...{ name, source: 'policy' as const, required: true, status: 'passed' as const, detail: '', tree: TREE, exit_code: 0, duration_ms: 1 },
    ...{ coverage: null, tests: null, log_sha256: null, inputs_changed: [], reused_from: null, ...more },
  };
}

const SECRETS = result('secrets', { source: 'built-in' });

const manifest = (checks: CheckResult[], more: Partial<Manifest> = {}) =>
  ({ session: ID, checked_tree: TREE, checks, presence: 'terminal', ...more }) as unknown as Manifest;

const policy = (name: string, more: Partial<CheckPolicy> = {}) => ({ name, required: true, paths: [], ...more }) as unknown as CheckPolicy;

describe('verdicts', () => {
  it('are the worst of the findings', () => {
    const level = fc.constantFrom<Level>('failed', 'unverified', 'note');
    fc.assert(
      fc.property(fc.array(level), (levels) => {
        const verdict = verdictOf(levels.map((one) => ({ level: one, code: 'x', what: 'y' })));
        expect(verdict).toBe(levels.includes('failed') ? 'failed' : levels.includes('unverified') ? 'unverified' : 'verified');
      }),
    );
  });

  it('name a few and count the rest', () => {
    expect(listed(['a'])).toBe('a');
    expect(listed(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toBe('a, b, c, d, e and 2 more');
  });
});

describe('checks', () => {
  const judge = (checks: CheckResult[], list: CheckPolicy[], changed: string[] | null = ['src/a.js']) =>
    codes(judgeChecks({ manifest: manifest([SECRETS, ...checks]), policy: list, changed }));

  it('include the one for secrets, whatever policy says, and as a required one', () => {
    const alone = (...checks: CheckResult[]) => codes(judgeChecks({ manifest: manifest(checks), policy: [], changed: [] }));
    expect(alone(SECRETS)).toEqual([]);
    expect(alone()).toEqual(['check-missing']);
    expect(alone(result('secrets'))).toEqual(['check-missing']);
    expect(alone({ ...SECRETS, required: false })).toEqual(['check-missing']);
    expect(alone({ ...SECRETS, status: 'failed' })).toEqual(['check-not-passed']);
    expect(alone({ ...SECRETS, status: 'not-run' })).toEqual(['check-not-passed']);
  });

  it('that policy requires are there, passed, and ran on the checked tree', () => {
    expect(judge([result('tests')], [policy('tests')])).toEqual([]);
    expect(judge([], [policy('tests')])).toEqual(['check-missing']);
    expect(judge([], [policy('tests', { required: false })])).toEqual([]);
    expect(judge([result('tests', { source: 'built-in' })], [policy('tests')])).toEqual(['check-missing']);
    expect(judge([result('tests'), result('tests')], [policy('tests')])).toEqual(['check-twice']);
    expect(judge([result('tests', { tree: 'c'.repeat(40) })], [policy('tests')])).toEqual(['check-tree']);
    for (const status of ['failed', 'timed-out', 'not-recorded', 'not-run'] as const) {
      expect(judge([result('tests', { status })], [policy('tests')])).toEqual(['check-not-passed']);
      // What the manifest calls not required is required where policy says so.
      expect(judge([result('tests', { status, required: false })], [policy('tests')])).toEqual(['check-not-passed']);
      expect(judge([result('tests', { status })], [policy('tests', { required: false })])).toEqual([]);
    }
  });

  it('are not needed only where the session touched none of their paths', () => {
    const not = [result('web', { status: 'not-needed' })];
    expect(judge(not, [policy('web', { paths: ['web/**'] })])).toEqual([]);
    expect(judge(not, [policy('web', { paths: ['src/**'] })])).toEqual(['check-needed']);
    expect(judge(not, [policy('web')])).toEqual(['check-needed']);
    expect(judge(not, [policy('web')], [])).toEqual([]);
  });

  it('agree with the last record of each on that tree, written by the tool', () => {
    const ran = (more: object, actor = 'tool') =>
      ({
        kind: 'check.ran',
        actor: { kind: actor, name: 'x' },
        data: { name: 'tests', tree: TREE, status: 'passed', exit_code: 0, duration_ms: 1, ...more },
      }) as unknown as AnyRecord;
    const judge = (records: AnyRecord[], checks = [result('tests')], strict = true) =>
      codes(judgeCheckRecords(manifest(checks), records, strict));
    expect(judge([ran({})])).toEqual([]);
    expect(judge([ran({ status: 'failed' }), ran({})])).toEqual([]);
    expect(judge([ran({}), ran({ status: 'failed' })])).toEqual(['check-record']);
    expect(judge([ran({ tree: 'c'.repeat(40), status: 'failed' }), ran({})])).toEqual([]);
    expect(judge([ran({ coverage: 80 })])).toEqual(['check-record']);
    expect(judge([ran({ tests: 3, failed: 0 })], [result('tests', { tests: { total: 3, passed: 3, failed: 0, skipped: 0 } })])).toEqual([]);
    expect(judge([ran({}, 'agent')])).toEqual(['check-record-actor']);
    expect(judge([ran({ name: 'lint' }), ran({})])).toEqual(['check-record']);
    expect(judge([])).toEqual(['check-unrecorded']);
    expect(judge([], [result('tests')], false)).toEqual([]);
    expect(judge([], [result('tests', { status: 'not-needed' })])).toEqual([]);
  });
});

describe('what became of a landing', () => {
  const sealed = new Map([
    ['a', '1'],
    ['b', '2'],
  ]);
  const judge = (current: [string, string][], by: [string, string][] = []) =>
    judgeNow({ base: 'main', sealed, current: new Map(current), changedBy: new Map(by) });

  it('is landed, reverted, edited, thinned out or added to', () => {
    expect(judge([...sealed])).toEqual({ state: 'landed', findings: [] });
    expect(judge([], [['a', 'c'.repeat(40)]])).toMatchObject({
      state: 'reverted',
      findings: [{ level: 'note', what: expect.stringContaining('cccccccccc reverted') }],
    });
    expect(
      judge([
        ['a', '9'],
        ['b', '2'],
      ]),
    ).toMatchObject({ state: 'landed', findings: [{ code: 'edited-since' }] });
    expect(judge([['b', '2']])).toMatchObject({ state: 'landed', findings: [{ code: 'removed-since' }] });
    expect(judge([...sealed, ['c', '3']])).toMatchObject({ findings: [{ code: 'unsealed-log' }] });
    expect(changedSince({ sealed, current: new Map([['a', '1']]) })).toEqual(['b']);
  });
});

describe('the verdict on a landing', () => {
  const audited = (more: object) => ({
    ...{ tag: 'refs/tags/backup/x', approvals: { needed: 1, principals: ['dana@example.com'] }, findings: [] },
    ...{ landing: { as: 'exact' as const, now: 'landed' as const } },
    ...more,
  });
  it.each([
    ['exact', {}],
    ['reverted', { landing: { as: 'exact', now: 'reverted' } }],
    ['unapproved', { tag: null, landing: { as: null, now: 'landed' }, approvals: { needed: 1, principals: [] } }],
    ['unapproved', { approvals: { needed: 2, principals: ['dana@example.com'] } }],
    ['edited', { landing: { as: 'edited', now: 'landed' }, findings: [{ level: 'failed', code: 'landing-edited', what: '' }] }],
    ['unverified', { findings: [{ level: 'failed', code: 'tag-signature', what: '' }] }],
    ['unverified', { landing: { as: null, now: 'landed' } }],
    ['as approved', { landing: { as: 'as approved', now: 'landed' }, findings: [{ level: 'note', code: 'unattended', what: '' }] }],
  ] as const)('is %s', (verdict, more) => {
    expect(landingVerdict(audited(more) as never)).toBe(verdict);
    expect(isGood(verdict)).toBe(['exact', 'as approved'].includes(verdict));
  });
});

describe('smaller judgements', () => {
  it('a forge may land where policy says so, and only what was approved', () => {
    const judge = (more: object) => judgeForge({ commit: TREE, tree: '1', landedTree: '1', edited: [], after: [], allowed: true, ...more });
    expect(judge({})).toEqual({ as: 'exact', paths: [], findings: [] });
    expect(judge({ tree: '2' })).toEqual({ as: 'as approved', paths: [], findings: [] });
    expect(judge({ tree: '2', edited: ['x'] })).toMatchObject({ as: 'edited', paths: ['x'], findings: [{ code: 'landing-edited' }] });
    const [update, change] = [
      { commit: TREE, paths: [] },
      { commit: TREE, paths: ['x'] },
    ];
    expect(judge({ tree: '2', after: [update] })).toEqual({ as: 'updated', paths: [], findings: [] });
    const changed = judge({ tree: '2', after: [update, change], edited: ['x'] });
    expect(changed).toMatchObject({ as: 'changed after the seal', paths: ['x'], findings: [{ code: 'changed-after-seal' }] });
    expect(judge({ tree: '2', after: [change], edited: ['x', 'y'] })).toMatchObject({ as: 'edited', paths: ['x', 'y'] });
    expect(judge({ after: [change] })).toMatchObject({ as: 'exact', findings: [] });
    expect(judge({ allowed: false })).toMatchObject({ as: 'exact', findings: [{ code: 'merge-not-signed-merge' }] });
  });

  it('a stricter presence than policy asks for is fine, a laxer one is not', () => {
    const order = ['none', 'prompt', 'terminal', 'security-key'] as const;
    for (const [i, asked] of order.entries()) {
      for (const [j, given] of order.entries()) {
        const found = codes(judgePresence(manifest([], { presence: given }), asked, 'sk-ssh-ed25519@openssh.com'));
        expect(found.includes('presence')).toBe(j < i);
        expect(found.includes('unattended')).toBe(given === 'none');
      }
    }
    expect(codes(judgePresence(manifest([], { presence: 'security-key' }), 'terminal', 'ssh-ed25519'))).toEqual(['presence-key']);
  });

  it('a good signature is compared with the approver, name and key', () => {
    const approver = { principal: 'dana@example.com', key: 'K', format: 'ssh' as const };
    const judge = (more: object) =>
      codes(judgeSignature('The tag', 'tag', { ok: true, principal: 'dana@example.com', key: 'K', why: '', ...more }, approver));
    expect(judge({})).toEqual([]);
    expect(judge({ ok: false })).toEqual(['tag-signature']);
    expect(judge({ principal: 'eve@example.com' })).toEqual(['tag-principal']);
    expect(judge({ principal: null, key: 'L' })).toEqual(['tag-principal', 'tag-key']);
  });

  it('a seal writes its own files only', () => {
    for (const path of ['metadata.json', 'session-summary.md', 'metrics.json', 'inventory.json'])
      expect(isSealPath(ID, `sessions/${ID}/${path}`)).toBe(true);
    expect(isSealPath(ID, `.swarm/log/${ID}/w.1.jsonl`)).toBe(true);
    expect(isSealPath(ID, `.swarm/backups/${ID}.json`)).toBe(true);
    for (const path of [
      `sessions/${ID}/artifacts/code/a.js`,
      `.swarm/log/${ID}x/w.1.jsonl`,
      `.swarm/allowed_signers`,
      `.swarm/log/${ID}`,
      'src/a.js',
    ]) {
      expect(isSealPath(ID, path)).toBe(false);
    }
  });
});
