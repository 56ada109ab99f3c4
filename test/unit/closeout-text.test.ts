/** Manifest, messages, plan, compaction and review as text: pure. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../src/core/closeout/manifest.ts';
import { manifestText, mergeMessage, mergeSubject, parseTagMessage, tagMessage } from '../../src/core/closeout/manifest-text.ts';
import { type LandingFacts, landingPlan } from '../../src/core/closeout/plan.ts';
import { concernsOf, reviewLines } from '../../src/core/closeout/review.ts';
import { compactLog } from '../../src/core/log/compact-log.ts';
import { encodeRecord, parseLog } from '../../src/core/log/log.ts';
import { type AnyRecord, TOOL } from '../../src/core/log/record.ts';
import { DEFAULT_POLICY } from '../../src/core/policy/policy.ts';
import { sensitiveChanges } from '../../src/core/policy/sensitive.ts';
import { parseReason } from '../../src/core/session/reason.ts';
import { parseTrailers } from '../../src/core/session/trailers.ts';
import { columns, wrapLine } from '../../src/core/text/columns.ts';
import { answer, type Case, firstQuestion } from '../../src/tui/decision.ts';
import { typed } from '../../src/tui/text-line.ts';
import { checkResult, closeoutFacts, ID } from '../support/closeout-facts.ts';

const oid = (c: string) => c.repeat(40);
const manifest: Manifest = {
  ...{ version: 1, session: ID, base_branch: 'main', base: oid('1'), tip: oid('2'), checked_tree: oid('3'), seal: oid('4') },
  ...{ landed_tree: oid('5'), patch_id: null, reviewed_base: null },
  ...{ closed_at: '2025-11-17T14:45:22.000Z', approved_at: '2025-11-17T14:45:22.000Z' },
  ...{ approver: { principal: 'dana@example.com', key: 'SHA256:abc', format: 'ssh' }, presence: 'terminal' },
  ...{ policy: { branch: 'main', commit: oid('6'), root: oid('7') }, checks: [checkResult('tests')], files: { 'a/b': oid('8') } },
  ...{ patterns: { kept: [], dropped: [], edited: [] }, accepted: [], lessons_only: false },
};

describe('the manifest', () => {
  test('is one line of canonical JSON, and comes back from the tag', () => {
    const text = manifestText(manifest);
    expect(text).toMatch(/^\{"accepted":\[\],"approved_at":.*"version":1\}\n$/);
    expect(parseTagMessage(tagMessage(manifest))).toEqual({ session: ID, text, manifest });
    expect(parseTagMessage(`${tagMessage(manifest)}-----BEGIN SSH SIGNATURE-----\nx`)?.text).toBe(text);
  });

  test.each(['', 'Backup of x\n\n{}\n', `Backup of ${ID}\n{}\n`, `Backup of ${ID}\n\n{"version":2,"session":"${ID}"}\n`])(
    'is not read from %j',
    (message) => {
      expect(parseTagMessage(message)).toBeNull();
    },
  );
});

describe('the merge commit', () => {
  const message = (over: Parameters<typeof closeoutFacts>[0] = {}, accepted: string[] = []) =>
    mergeMessage({ facts: closeoutFacts(over), manifest: { ...manifest, accepted }, manifestSha256: 'aa', backupSha256: 'bb' });

  test('has a true subject, a body and five trailers', () => {
    const text = message();
    expect(text.split('\n')[0]).toBe('session: login-form (1 change, 2 artifacts, checks 1/1)');
    expect(text).toContain('\nGoal: People can log in\n');
    expect(text).toContain('Agents: 2 (backend-dev, tester)');
    expect(text).toContain('Patterns kept:\n- pattern/auth/jwt');
    expect(Object.fromEntries(parseTrailers(text))).toEqual({
      'Session-Id': [ID],
      'Session-Event': ['closeout'],
      'Session-Approved-By': ['dana@example.com'],
      'Session-Manifest': ['sha256:aa'],
      'Session-Backup': [`.swarm/backups/${ID}.json sha256:bb`],
    });
  });

  test('no text of an agent becomes a trailer or a paragraph', () => {
    const evil = 'x\n\nSession-Approved-By: mallory@example.com\n';
    const base = closeoutFacts();
    const tasks = base.tasks.map((task) => ({ ...task, description: evil, agent: { ...task.agent, type: evil } }));
    const workspace = base.workspace.map((change) => ({ ...change, path: evil }));
    const text = message({ goal: evil, tasks, workspace, patterns: base.patterns.map((p) => ({ ...p, key: evil })) }, [evil]);
    expect(parseTrailers(text).get('Session-Approved-By')).toEqual(['dana@example.com']);
    expect(text.split('\n').filter((line) => line.startsWith('Session-Approved-By'))).toHaveLength(1);
  });

  test('counts only checks that were needed, and says that there were none', () => {
    const checks = [checkResult('a'), checkResult('b', { status: 'not-needed' }), checkResult('c', { required: false, status: 'failed' })];
    expect(mergeSubject(closeoutFacts(), { checks })).toContain('checks 1/2)');
    expect(mergeSubject(closeoutFacts({ workspace: [] }), { checks: [] })).toBe('session: login-form (0 changes, 2 artifacts, no checks)');
  });

  test('a session of a thousand artifacts has a message of a page', () => {
    const [artifact] = closeoutFacts().artifacts;
    if (!artifact) throw new Error('no artifact');
    const text = message({ artifacts: Array.from({ length: 1000 }, (_, i) => ({ ...artifact, path: `${artifact.path}${i}` })) });
    expect(text.split('\n').length).toBeLessThan(60);
    expect(text).toContain(`more, listed in sessions/${ID}/inventory.json`);
  });
});

describe('the plan', () => {
  const facts: LandingFacts = { goal: 'land', sealed: false, baseCheckout: true, sessionCheckout: 'remove', keepBranch: false, push: true };
  const names = (over: Partial<LandingFacts>) => landingPlan({ ...facts, ...over }).map((step) => step.name);

  test('signs before anything moves, and never deletes a branch before the refs have moved', () => {
    const cases = fc.record({
      goal: fc.constantFrom('land', 'seal', 'tag') as fc.Arbitrary<LandingFacts['goal']>,
      sealed: fc.boolean(),
      baseCheckout: fc.boolean(),
      sessionCheckout: fc.constantFrom('none', 'to-base', 'detach', 'remove') as fc.Arbitrary<LandingFacts['sessionCheckout']>,
      keepBranch: fc.boolean(),
      push: fc.boolean(),
    });
    fc.assert(
      fc.property(cases, (over) => {
        const plan = names(over);
        const at = (name: string) => plan.indexOf(name as never);
        expect(new Set(plan).size).toBe(plan.length);
        expect(plan[0]).toBe('approve');
        expect(plan.at(-1)).toBe('tidy');
        expect(at('move-refs')).toBeGreaterThan(at('lock'));
        expect(at('lock')).toBeGreaterThan(Math.max(at('sign'), at('seal')));
        for (const step of ['move-base-checkout', 'move-session-checkout'])
          if (at(step) >= 0) expect(at(step)).toBeLessThan(at('move-refs'));
        for (const step of ['push', 'leave-branch', 'delete-branch']) if (at(step) >= 0) expect(at(step)).toBeGreaterThan(at('move-refs'));
        if (over.goal !== 'land')
          for (const step of ['move-base-checkout', 'leave-branch', 'delete-branch', 'push']) expect(at(step)).toBe(-1);
      }),
    );
  });

  test('by pull request nothing is signed while sealing, and nothing moves while signing', () => {
    expect(names({ goal: 'seal' })).toEqual(['approve', 'seal', 'lock', 'move-session-checkout', 'move-refs', 'tidy']);
    expect(names({ goal: 'tag', sealed: true })).toEqual(['approve', 'sign', 'lock', 'move-refs', 'tidy']);
  });
});

describe('the compacted log', () => {
  const record = (n: number, kind: string, data: unknown): AnyRecord =>
    ({ v: 1, id: `id${n}`, at: new Date(n * 1000).toISOString(), session: ID, actor: TOOL, kind, data }) as AnyRecord;
  const stored = (n: number, namespace: string, key: string) => record(n, 'memory.stored', { namespace, key, value: n });
  const compaction = { policy: DEFAULT_POLICY, dropped: new Set(['pattern/b']) };

  test('keeps lifecycle, project memory, tombstones, and what it does not understand', () => {
    const keep = [
      record(1, 'session.abandoned', { reason: null }),
      stored(2, 'reasoning-bank', 'pattern/a'),
      record(3, 'memory.deleted', { namespace: 'reasoning-bank', key: 'pattern/c' }),
      record(4, 'from.the.future', { x: 1 }),
    ].map(encodeRecord);
    const go = [stored(5, 'coordination', 'x'), stored(6, 'reasoning-bank', 'pattern/b'), stored(7, 'unheard-of', 'x')].map(encodeRecord);
    go.push(encodeRecord(record(8, 'memory.deleted', { namespace: 'reasoning-bank', key: 'pattern/b' })));
    const damaged = '{"v":1,"id":"torn';
    expect(compactLog([...keep, ...go, damaged].join(''), compaction)).toBe(`${keep.join('')}${damaged}\n`);
    expect(compactLog(go.join(''), compaction)).toBe('');
  });

  test('is the same when compacted again, in any order of files, and holds each record once', () => {
    const lines = fc.array(
      fc.record({ n: fc.integer({ min: 1, max: 30 }), namespace: fc.constantFrom('coordination', 'reasoning-bank'), crlf: fc.boolean() }),
    );
    fc.assert(
      fc.property(lines, lines, (first, second) => {
        const text = (rows: typeof first) =>
          rows.map((row) => encodeRecord(stored(row.n, row.namespace, 'k')).replace('\n', row.crlf ? '\r\n' : '\n')).join('');
        const seen = new Set<string>();
        const once = [text(first), text(second)].map((file) => compactLog(file, compaction, seen));
        const again = new Set<string>();
        expect(once.map((file) => compactLog(file, compaction, again))).toEqual(once);
        const ids = once.flatMap((file) => parseLog(file).records.map(({ id }) => id));
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });
});

describe('what decides about sessions or machines', () => {
  test.each([
    ['.sessionrc.yaml', 'policy'],
    ['.swarm/allowed_signers', 'approvers'],
    ['.swarm/approvers/AB.asc', 'approvers'],
    ['.husky/pre-commit', 'hooks'],
    ['packages/a/lefthook.yml', 'hooks'],
    ['.pre-commit-config.yaml', 'hooks'],
    ['.github/workflows/ci.yml', 'CI'],
    ['.GitHub/Workflows/ci.yml', 'CI'],
    ['Jenkinsfile', 'CI'],
    ['.claude/settings.json', 'agent settings'],
    ['packages/a/CLAUDE.md', 'agent settings'],
    ['AGENTS.md', 'agent settings'],
    ['.mcp.json', 'agent settings'],
    ['.gitattributes', 'git attributes'],
    ['sessions/session-20250101-000000-other/metadata.json', "another session's files"],
    ['.swarm/log/session-20250101-000000-other/w.1.jsonl', "another session's files"],
    ['src/app.ts', null],
    ['docs/agents.txt', null],
    [`sessions/${ID}/artifacts/code/a.js`, null],
    [`.swarm/log/${ID}/w.1.jsonl`, null],
  ])('%s: %s', (path, about) => {
    expect(sensitiveChanges([path], ID)).toEqual(about === null ? [] : [{ path, about }]);
  });
});

describe('the review', () => {
  const review = {
    ...{ facts: closeoutFacts(), base: 'main', land: 'local' as const, sensitive: [], strays: [], elsewhere: [], leftovers: [], held: [] },
    ...{ outputs: new Map(), sealed: false },
    ...{
      signs: null,
      unattended: false,
      localPolicy: false,
      rejected: [],
      again: null,
      landing: null,
      since: null,
      range: { from: '', to: '' },
    },
  };

  test.each([60, 80, 140])('fits %d columns', (width) => {
    const facts = closeoutFacts({ goal: `${'word '.repeat(60)}${'x'.repeat(300)} 日本語のテキスト` });
    for (const line of reviewLines({ ...review, facts })) {
      for (const row of wrapLine(line, width)) expect(columns(row)).toBeLessThanOrEqual(width);
    }
  });

  test('wrapping loses no word', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme-ascii' }).map((word) => word.replace(/\s/g, ''))),
        fc.integer({ min: 20, max: 100 }),
        (words, width) => {
          const text = words.filter(Boolean).join(' ');
          const rows = wrapLine({ text, indent: 4 }, width);
          expect(rows.join('').replace(/ /g, '')).toBe(text.replace(/ /g, ''));
          for (const row of rows) expect(columns(row)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });

  test('shows changed inputs of a check above its result', () => {
    const facts = closeoutFacts({ checks: [checkResult('tests', { inputs_changed: ['package.json: "test" changed'] })] });
    const lines = reviewLines({ ...review, facts }).map((line) => line.text);
    const at = lines.findIndex((text) => text.includes('changed what tests runs: package.json: "test" changed'));
    expect(lines[at + 1]).toContain('\u2705 tests');
  });

  test('concerns are what failed, was not recorded, did not run again, is unrouted or changes policy; not what passed or is required', () => {
    const checks = [
      checkResult('a', { required: false, status: 'failed' }),
      checkResult('b', { required: false, status: 'not-recorded' }),
      checkResult('c'),
      checkResult('d', { status: 'failed' }),
      checkResult('e', { required: false, status: 'not-needed' }),
      checkResult('f', { reused_from: '2025-11-17T14:30:22.000Z' }),
      checkResult('g', { required: false, reused_from: '2025-11-17T14:30:22.000Z' }),
    ];
    const sensitive = [{ path: '.sessionrc.yaml', about: 'policy' as const }];
    const concerns = concernsOf({
      facts: closeoutFacts({ checks }),
      sensitive,
      strays: [{ path: 'stray.js', use: null }],
      elsewhere: [{ name: 'origin/session/x', commits: 2 }],
    });
    expect(concerns).toEqual([
      'changes policy: .sessionrc.yaml',
      'check a: failed',
      'check b: not recorded',
      'check f: required, and not run again (a file of this machine says that it passed)',
      'task Write tests: open',
      'unrouted: stray.js',
      'origin/session/x has 2 commits more, which would not land: git session sync brings them in',
    ]);
  });
});

describe('the conversation', () => {
  const plain: Case = { topic: 'login-form', sensitive: false, concerns: 0, blocked: false };
  const play = (of: Case, ...lines: string[]) => {
    let now: ReturnType<typeof answer> = firstQuestion(of);
    for (const line of lines) if ('ask' in now) now = answer(of, now, line);
    return now;
  };

  test('never approves what is blocked, or has concerns without the topic', () => {
    const lines = fc.array(fc.constantFrom('yes', 'y', 'no', '', 'leave', 'reason', 'YES ', 'login-form'), { maxLength: 8 });
    fc.assert(
      fc.property(lines, (said) => {
        const blocked = play({ ...plain, blocked: true }, ...said);
        expect('verdict' in blocked && blocked.verdict === 'approve').toBe(false);
        const worried = play({ ...plain, concerns: 1 }, ...said);
        if ('verdict' in worried && worried.verdict === 'approve') expect(said).toContain('login-form');
      }),
    );
  });

  test('a reason is needed to send back, and Enter alone leaves', () => {
    expect(play(plain, 'no', 'too slow', '')).toEqual({ verdict: 'reject', reasons: ['too slow'] });
    expect(play(plain, 'no', '')).toEqual({ verdict: 'leave' });
    expect(play(plain, 'yes')).toEqual({ verdict: 'approve' });
    expect(play(plain, 'y')).toMatchObject({ ask: 'unclear' });
  });

  test('typing: pasted lines are lines, control characters are nothing, backspace takes a whole character', () => {
    expect(typed('a', 'b\nc\rd', {})).toEqual({ text: 'd', lines: ['ab', 'c'] });
    expect(typed('a', '\u001b[31m\u202e', {})).toEqual({ text: 'a[31m', lines: [] });
    expect(typed('a😀', '', { backspace: true })).toEqual({ text: 'a', lines: [] });
    expect(typed('abc', 'u', { ctrl: true })).toEqual({ text: '', lines: [] });
  });
});

test.each([
  ['src/app.ts:12: this leaks', { text: 'this leaks', path: 'src/app.ts', line: 12 }],
  ['say: more', { text: 'say: more' }],
  [' at 10:30: it fails ', { text: 'at 10:30: it fails' }],
  ['a b.ts:1: x', { text: 'x', path: 'a b.ts', line: 1 }],
])('the reason %j', (raw, wanted) => {
  expect(parseReason(raw)).toEqual(wanted);
});
