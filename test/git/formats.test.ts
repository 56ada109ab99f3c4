/** Files as version 1 wrote them, kept since then: they are read, judged and worked on. What a newer program wrote is told and kept. */

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { copyOf } from '../support/approved-repo.ts';
import { ROOT, run, TestRepo, tempDir } from '../support/repo.ts';

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
});
