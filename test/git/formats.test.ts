/** Files as version 1 wrote them, kept since then: they are read, judged and worked on. What a newer program wrote is told and kept. */

import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { connectedClients, planSetup, planTakeOut } from '../../src/agents/setup/index.ts';
import { withBlock, withoutBlock } from '../../src/core/hooks/hook-block.ts';
import { DEFAULT_POLICY } from '../../src/core/policy/policy.ts';
import type { SessionId } from '../../src/core/session/session-id.ts';
import { dirtyAtStart } from '../../src/lifecycle/start/dirty.ts';
import { hasConsent, keepConsent } from '../../src/store/consents.ts';
import { copyOf } from '../support/approved-repo.ts';
import { makeRepo, ROOT, run, TestRepo, tempDir } from '../support/repo.ts';

const SAMPLES = join(ROOT, 'test/fixtures/formats/v1');
const LANDED = 'session-20261125-064730-calculator-app';
const OPEN = 'session-20261125-064731-open-work';
const OPEN_BRANCH = 'session/20261125-064731-open-work';
const JOURNAL = `.git/git-session/journal/${OPEN}.jsonl`;

let sample: TestRepo;

/** A clone of the sample with the open session checked out and its journal in place. */
beforeAll(async () => {
  const dir = join(tempDir(), 'repo');
  await run('git', ['clone', '-q', '-b', 'main', join(SAMPLES, 'sessions.bundle'), dir]);
  sample = new TestRepo(dir);
  sample.git('switch', '-q', '-c', OPEN_BRANCH, `origin/${OPEN_BRANCH}`);
  sample.git('remote', 'remove', 'origin');
  mkdirSync(join(dir, JOURNAL, '..'), { recursive: true });
  copyFileSync(join(SAMPLES, 'journal.jsonl'), join(dir, JOURNAL));
  // The first command of a clone pins where its policy begins.
  await sample.ok(['config']);
});

describe('version 1', () => {
  test('a landed session verifies, and is told with its approver, checks and patterns', async () => {
    const repo = copyOf(sample);
    const verified = await repo.json(['verify', '--all']);
    expect([verified.verdict, verified.counts.verified, verified.findings]).toEqual(['verified', 1, []]);
    const shown = await repo.json(['show', LANDED]);
    expect(shown.session).toMatchObject({ state: 'closed', topic: 'calculator-app' });
    expect(shown.approval.approver).toBe('dana@example.com');
    expect((await repo.json(['log'])).entries).toMatchObject([{ id: LANDED, artifacts: 2, verdict: 'verified' }]);
    expect((await repo.json(['pattern', 'list'])).patterns.map(({ key }: { key: string }) => key)).toContain(
      'pattern/calculator-app/pure-functions',
    );
    expect((await repo.ok(['report', LANDED])).out).toContain('calculator-app');
  });

  test('an open session goes on where it stood, journal included', async () => {
    const repo = copyOf(sample);
    const status = await repo.json(['status']);
    expect(status.session.id).toBe(OPEN);
    expect(status.tasks.map(({ task, status }: { task: string; status: string }) => [task, status])).toEqual([
      ['build', 'completed'],
      ['later', 'open'],
    ]);
    expect(status.records.bad).toBe(0);
    expect((await repo.ok(['memory', 'get', 'phase'])).out).toBe('implementation\n');
    repo.write(`sessions/${OPEN}/artifacts/docs/NOTES.md`, '# Later\n');
    await repo.ok(['hooks', 'post-edit', '--file', `sessions/${OPEN}/artifacts/docs/NOTES.md`, '--task-id', 'later']);
    await repo.ok(['hooks', 'post-task', '--task-id', 'later', '--status', 'completed', '--wait']);
    expect(repo.git('show', '--stat', '--format=%s', 'HEAD')).toContain('NOTES.md');
    expect((await repo.json(['status'])).tasks.every(({ status }: { status: string }) => status === 'completed')).toBe(true);
  });
});

/** A private file of version 1 put where it belongs in this clone, which lies elsewhere than the one that it was written in. */
function put(repo: TestRepo, sample: string, at: string): void {
  const text = readFileSync(join(SAMPLES, 'private', sample), 'utf8').replaceAll('/home/dana/repo', repo.dir);
  repo.write(`.git/git-session/${at}`, text);
}

const WRITER = 'k7q2x0mvb4';

/** The writer's name in this clone: it is bound to the place of the git dir. */
function putWriter(repo: TestRepo): void {
  put(repo, 'writer.json', 'writer.json');
  const file = '.git/git-session/writer.json';
  repo.write(file, repo.read(file).replace('4711', String(statSync(join(repo.dir, '.git'), { bigint: true }).ino)));
}

describe('private state of version 1', () => {
  test('a queued checkpoint is committed by the next command', async () => {
    const repo = copyOf(sample);
    const [name = ''] = readdirSync(join(SAMPLES, 'private/queue'));
    put(repo, `queue/${name}`, `queue/${name}`);
    put(repo, 'journal.jsonl', `journal/${OPEN}.jsonl`);
    const notes = `sessions/${OPEN}/artifacts/docs/NOTES.md`;
    repo.write(notes, '# Later\n');
    repo.git('hash-object', '-w', notes);
    expect((await repo.json(['status'])).tasks.map(({ status }: { status: string }) => status)).toEqual(['completed', 'completed']);
    expect(repo.git('show', `HEAD:${notes}`)).toBe('# Later');
    expect(readdirSync(join(repo.dir, '.git/git-session/queue')).filter((file) => file.endsWith('.json'))).toEqual([]);
  });

  test('an act is undone', async () => {
    const repo = copyOf(sample);
    put(repo, 'acts.jsonl', 'acts.jsonl');
    await repo.ok(['undo', '--yes']);
    expect(repo.git('branch', '--show-current')).toBe('main');
  });

  test('what init set up in a clone is put back by uninstall', async () => {
    const repo = makeRepo();
    const before = repo.git('config', '--local', '--list');
    put(repo, 'set-up.json', 'set-up.json');
    const { settings } = JSON.parse(readFileSync(join(SAMPLES, 'private/set-up.json'), 'utf8'));
    for (const { key, after } of settings) repo.git('config', key, after);
    await repo.ok(['uninstall', '--local', '--yes']);
    expect(repo.git('config', '--local', '--list')).toBe(before);
  });

  test('the clone goes on writing under its name, and what a person agreed to holds', async () => {
    const repo = copyOf(sample);
    putWriter(repo);
    put(repo, 'consents.json', 'consents.json');
    const { commonDir } = await repo.open();
    expect([hasConsent(commonDir, 'npm ci'), hasConsent(commonDir, 'npm ci; rm x')]).toEqual([true, false]);
    await repo.ok(['hooks', 'post-task', '--task-id', 'later', '--status', 'completed', '--wait']);
    expect(repo.git('ls-tree', '-r', '--name-only', 'HEAD', `.swarm/log/${OPEN}`)).toContain(`/${WRITER}.1.jsonl`);
  });

  test('what was uncommitted at the start of a session is still the person\u2019s', async () => {
    const repo = copyOf(sample);
    put(repo, 'dirty.json', `sessions/${OPEN}.json`);
    expect([...dirtyAtStart(await repo.open(), OPEN as SessionId)]).toEqual([['dirty.txt', '6e5aa7ceca195942768e6e0997c3a0271b07fffc']]);
  });
});

describe('what version 1 wrote elsewhere', () => {
  test('exported memory is imported', async () => {
    const repo = makeRepo();
    await repo.ok(['start', 'next-work']);
    const file = join(SAMPLES, 'memory-export.jsonl');
    expect(await repo.json(['memory', 'import', file])).toMatchObject({ added: 4 });
    expect((await repo.ok(['memory', 'get', 'phase'])).out).toBe('implementation\n');
  });

  test('settings of an agent are brought up to date with no entry twice, and taken out whole', async () => {
    const read = async (path: string) => {
      const file = join(SAMPLES, 'agents', path);
      return existsSync(file) ? readFileSync(file, 'utf8') : null;
    };
    const path = '.claude/settings.json';
    expect(await connectedClients(read)).toEqual(['claude']);
    const { changes } = await planSetup(['claude'], read, DEFAULT_POLICY);
    const now = changes.find((change) => change.path === path)?.after ?? (await read(path)) ?? '';
    const fresh =
      (await planSetup(['claude'], async () => null, DEFAULT_POLICY)).changes.find((change) => change.path === path)?.after ?? '';
    /** What is in it, whatever its order. */
    const parts = (text: string) =>
      Object.entries(JSON.parse(text).hooks)
        .flatMap(([event, groups]) => (groups as object[]).map((group) => [event, group]))
        .map((part) => JSON.stringify(part))
        .sort();
    expect(parts(now)).toEqual(parts(fresh));
    expect(JSON.parse(now).model).toBe('opus');
    const out = (await planTakeOut(['claude'], read)).changes.find((change) => change.path === path);
    expect(out?.after).toBe('{\n  "model": "opus"\n}\n');
  });

  test('a block in a hook script of a person\u2019s own is replaced by this version\u2019s, and taken out byte for byte', () => {
    const text = readFileSync(join(SAMPLES, 'agents/pre-commit'), 'utf8');
    const mine = '#!/bin/sh\necho mine\n';
    expect(withoutBlock(text)).toBe(mine);
    expect(withBlock(text, 'pre-commit')).toBe(withBlock(mine, 'pre-commit'));
  });
});

describe('a newer version', () => {
  test('records are counted, said, and kept byte for byte by the next checkpoint', async () => {
    const repo = copyOf(sample);
    const line = JSON.stringify({ v: 2, id: 'zz.newer', at: '2026-11-25T06:50:00.000Z', session: OPEN, kind: 'task.dreamt', dream: ['?'] });
    writeFileSync(join(repo.dir, JOURNAL), `${line}\n`, { flag: 'a' });
    expect((await repo.json(['status'])).records).toMatchObject({ bad: 0, unknown: 1 });
    const { findings } = await repo.json(['doctor']);
    expect(findings).toContainEqual(
      expect.objectContaining({ probe: 'records', what: `1 record of ${OPEN} comes from a newer git-session` }),
    );
    await repo.ok(['hooks', 'post-task', '--task-id', 'later', '--status', 'completed', '--wait']);
    expect(repo.git('grep', '-h', 'task.dreamt', 'HEAD', '--', `.swarm/log/${OPEN}`)).toBe(line);
  });

  test('metadata: the session is named as unreadable, and why; nothing changes', async () => {
    const repo = copyOf(sample);
    const path = `sessions/${OPEN}/metadata.json`;
    repo.write(path, readFileSync(join(repo.dir, path), 'utf8').replace('"version": 1', '"version": 2'));
    repo.git('commit', '-qam', 'By a newer program');
    repo.git('switch', '-q', 'main');
    const before = repo.snapshot();
    const ran = await repo.ok(['status']);
    expect(ran.err).toContain(`${OPEN} cannot be read: in ${path} version is 2, and this program knows 1.`);
    const show = await repo.session(['switch', OPEN]);
    expect(show.code).toBe(1);
    expect(repo.snapshot()).toBe(before);
  });

  test('policy: line, column and the version that is known', async () => {
    const repo = copyOf(sample);
    repo.write('.sessionrc.yaml', 'version: 2\n');
    const ran = await repo.session(['config']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('.sessionrc.yaml:1:10: version: this program knows version 1')]);
  });

  test('a closeout that it began is left to it', async () => {
    const repo = copyOf(sample);
    repo.write(`.git/git-session/closeout/${OPEN}.json`, JSON.stringify({ version: 2, session: OPEN, step: 'approve' }));
    const before = repo.snapshot();
    const ran = await repo.session(['closeout', '--yes']);
    expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('A newer git-session began to close this session out')]);
    expect(repo.snapshot()).toBe(before);
  });

  test('a checkpoint that it was killed in is left to it: the plan stays, and what is asked for waits', async () => {
    const repo = copyOf(sample);
    const plan = JSON.stringify({ version: 2, branch: `refs/heads/${OPEN_BRANCH}`, moves: [] });
    repo.write('.git/git-session/drain/plan.json', plan);
    repo.write(`sessions/${OPEN}/artifacts/docs/NOTES.md`, '# Later\n');
    const before = repo.git('rev-parse', 'HEAD');
    const done = await repo.json(['hooks', 'post-task', '--task-id', 'later', '--status', 'completed']);
    expect(done).toMatchObject({ queued: true });
    expect([repo.git('rev-parse', 'HEAD'), repo.read('.git/git-session/drain/plan.json')]).toEqual([before, plan]);
    rmSync(join(repo.dir, '.git/git-session/drain/plan.json'));
    expect((await repo.json(['status'])).tasks.map(({ status }: { status: string }) => status)).toEqual(['completed', 'completed']);
  });

  test('private files: a queued checkpoint waits for it, an undo and an uninstall are left to it, and nothing changes', async () => {
    const repo = copyOf(sample);
    const [name = ''] = readdirSync(join(SAMPLES, 'private/queue'));
    const newer = (file: string) => repo.write(file, repo.read(file).replaceAll(/"(v|version)": ?1\b/g, '"$1":2'));
    put(repo, `queue/${name}`, `queue/${name}`);
    put(repo, 'acts.jsonl', 'acts.jsonl');
    put(repo, 'set-up.json', 'set-up.json');
    for (const file of [`queue/${name}`, 'acts.jsonl', 'set-up.json']) newer(`.git/git-session/${file}`);
    const before = [repo.snapshot(), repo.read('.git/git-session/set-up.json')];
    const undo = await repo.session(['undo', '--yes']);
    expect([undo.code, undo.err]).toEqual([1, expect.stringContaining('A newer git-session has worked in this clone')]);
    const uninstall = await repo.session(['uninstall', '--local', '--yes']);
    expect([uninstall.code, uninstall.err]).toEqual([1, expect.stringContaining('A newer git-session set this clone up')]);
    const { findings } = await repo.json(['doctor']);
    expect(findings).toContainEqual(expect.objectContaining({ what: '1 checkpoint was queued by a newer git-session' }));
    expect([repo.snapshot(), repo.read('.git/git-session/set-up.json')]).toEqual(before);
    expect(repo.has(`.git/git-session/queue/${name}`)).toBe(true);
  });

  test('the writer\u2019s name and what a person agreed to are left as they are', async () => {
    const repo = copyOf(sample);
    const writer = JSON.stringify({ version: 2, name: 'k7q2x0mvb4', of: { path: repo.dir } });
    const consents = JSON.stringify({ version: 2, consents: [{ command: 'npm ci', writer: WRITER, in: ['linked'] }] });
    repo.write('.git/git-session/writer.json', writer);
    repo.write('.git/git-session/consents.json', consents);
    const journal = repo.read(JOURNAL);
    for (const args of [
      ['memory', 'store', 'a', 'b'],
      ['hooks', 'post-task', '--task-id', 'later', '--status', 'completed', '--wait'],
    ]) {
      const ran = await repo.session(args);
      expect([ran.code, ran.err]).toEqual([1, expect.stringContaining('A newer git-session works in this clone')]);
    }
    const kept = () => [repo.read('.git/git-session/writer.json'), repo.read('.git/git-session/consents.json'), repo.read(JOURNAL)];
    expect(kept()).toEqual([writer, consents, journal]);
    putWriter(repo);
    const { commonDir } = await repo.open();
    expect(hasConsent(commonDir, 'npm ci')).toBe(false);
    keepConsent(commonDir, 'npm ci');
    expect(repo.read('.git/git-session/consents.json')).toBe(consents);
  });

  test('caches that it left, or that are none, are made anew: every answer is the same', async () => {
    const repo = copyOf(sample);
    const asked = [['verify', '--all'], ['log'], ['status'], ['pattern', 'list'], ['memory', 'search', 'pure functions'], ['list']];
    const answers = async () => {
      const said: string[] = [];
      for (const args of asked) said.push((await repo.ok([...args, '--json'])).out.replace(/"cached": ?\w+/g, ''));
      return said;
    };
    await answers();
    const first = await answers();
    const cache = join(repo.dir, '.git/git-session/cache');
    const files = () => readdirSync(cache, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files().length).toBeGreaterThan(3);
    const changes: ((text: string) => string)[] = [
      (text) => text.replace(/"version":1|\b1\n/g, (found) => found.replace('1', '2')).replace(/^\{/, '{"newer":[],'),
      () => '\u0000not whole',
    ];
    for (const change of changes) {
      for (const entry of files()) {
        const path = join(entry.parentPath, entry.name);
        writeFileSync(path, change(readFileSync(path, 'latin1')), 'latin1');
      }
      expect(await answers()).toEqual(first);
    }
  });
});
