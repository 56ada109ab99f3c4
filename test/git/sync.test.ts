/** A session continued on two clones, both working: `git session sync` loses no record, whoever comes first, and bears a seal. */

import { chmodSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../src/cli/schemas/sync.ts';
import { joinOpen, joinSealed } from '../../src/core/log/join-logs.ts';
import { encodeRecord, parseLog } from '../../src/core/log/log.ts';
import type { AnyRecord } from '../../src/core/log/record.ts';
import { foldMemory } from '../../src/core/memory/memory.ts';
import { sessionPaths } from '../../src/core/session/metadata.ts';
import type { SessionId } from '../../src/core/session/session-id.ts';
import { requestCheckpoint } from '../../src/lifecycle/checkpoint/checkpoint.ts';
import { sessionRecords } from '../../src/lifecycle/session/records.ts';
import { currentSession } from '../../src/lifecycle/session/session.ts';
import { appendRecord, readJournal } from '../../src/store/journal.ts';
import { readQueue } from '../../src/store/queue.ts';
import { approvedRepo, sealSession, workOn } from '../support/landed.ts';
import { CLI, cloneOf, makeRepo, run, TestRepo, tempDir } from '../support/repo.ts';
import { reload, startSession } from '../support/started.ts';
import { signWith } from '../support/trust.ts';
import { DEV, workOf } from '../support/work.ts';

/** A remote and two clones that work on one session, made once; each test gets a copy. */
let scene: { dir: string; id: SessionId };

beforeAll(async () => {
  const { repo, key } = approvedRepo({ policy: 'land: { by: pr }\n' });
  const dir = tempDir();
  const [bare, one, two] = ['origin.git', 'one', 'two'].map((name) => join(dir, name)) as [string, string, string];
  await run('git', ['clone', '-q', '--bare', repo.dir, bare]);
  for (const clone of [one, two]) {
    await run('git', ['clone', '-q', bare, clone]);
    signWith(new TestRepo(clone), key);
  }
  const id = await workOn(new TestRepo(one), { topic: 'travelling' });
  await checkpoint(new TestRepo(one), 'begun');
  scene = { dir, id };
});

async function twoClones() {
  const dir = tempDir();
  cpSync(scene.dir, dir, { recursive: true });
  const [one, two] = ['one', 'two'].map((name) => new TestRepo(join(dir, name))) as [TestRepo, TestRepo];
  for (const clone of [one, two]) clone.git('remote', 'set-url', 'origin', join(dir, 'origin.git'));
  await push(one);
  await sync(two, scene.id);
  two.git('switch', '-q', (await reload(one, scene)).branch);
  return { one, two, id: scene.id };
}

const push = async (repo: TestRepo) => repo.git('push', '-q', 'origin', repo.git('branch', '--show-current'));

async function sync(repo: TestRepo, ...args: string[]) {
  const facts = await repo.json(['sync', ...args]);
  schema.parse(facts);
  return facts;
}

/** A file, a value and a checkpoint of an agent of this clone, as its hooks make them. */
async function checkpoint(at: TestRepo, name: string): Promise<void> {
  const repo = await at.open();
  const session = await currentSession(repo);
  if (!session) throw new Error('no session is checked out');
  const work = workOf(at, repo, session.id, session.branch);
  work.begin(name);
  at.write(fileOf(session.id, name), `${name}\n`);
  work.edited(name, fileOf(session.id, name));
  for (const key of [name, 'shared']) {
    const data = { namespace: 'coordination', key: `swarm/${key}`, value: name };
    appendRecord(repo.commonDir, session.id, { kind: 'memory.stored', actor: DEV, data });
  }
  work.end(name);
  expect(await requestCheckpoint(repo, session, { task: name, event: 'task-done', wait: true })).toMatchObject({ queued: false });
}

const fileOf = (id: SessionId, name: string) => `${sessionPaths(id).artifact('code')}/${name}.ts`;

/** Every value that the clone sees. */
async function expectValues(repo: TestRepo, id: SessionId, names: string[]): Promise<void> {
  const { records } = await sessionRecords(await repo.open(), await reload(repo, { id }));
  const seen = foldMemory(records, Date.now()).map((entry) => entry.key);
  expect(seen).toEqual(expect.arrayContaining(names.map((name) => `swarm/${name}`)));
  for (const name of names) expect(repo.read(fileOf(id, name))).toBe(`${name}\n`);
}

const idsIn = async (repo: TestRepo, id: SessionId) => {
  const { records } = await sessionRecords(await repo.open(), await reload(repo, { id }));
  return records.map((record) => record.id);
};
const journalOf = async (repo: TestRepo, id: SessionId) =>
  readJournal((await repo.open()).commonDir, id).records.map((record) => record.id);

test('both work and checkpoint: whoever comes first, nothing is lost, and both end on one tip', async () => {
  const { one, two, id } = await twoClones();
  for (const [first, second, round] of [
    [one, two, 'a'],
    [two, one, 'b'],
  ] as const) {
    await Promise.all([checkpoint(one, `one-${round}`), checkpoint(two, `two-${round}`)]);
    second.write('mine.txt', 'uncommitted\n');
    await push(first);
    const joined = await sync(second);
    expect(joined.branches).toMatchObject([{ how: 'joined', unsealed: false }]);
    expect(joined.push).toBe(`git push origin ${(await reload(second, { id })).branch}`);
    expect(second.git('status', '--porcelain')).toBe('?? mine.txt');
    await push(second);
    expect((await sync(first)).branches).toMatchObject([{ how: 'forward' }]);
    expect(first.git('rev-parse', 'HEAD')).toBe(second.git('rev-parse', 'HEAD'));
    expect((await sync(first)).branches).toMatchObject([{ how: 'same' }]);
    second.git('clean', '-qfd', 'mine.txt');
  }
  const all = new Set([...(await journalOf(one, id)), ...(await journalOf(two, id))]);
  // The same key on both sides: the same one wins here and there.
  const [memory] = await Promise.all([one, two].map((repo) => repo.json(['memory', 'list', '--namespace', 'coordination'])));
  expect(await two.json(['memory', 'list', '--namespace', 'coordination'])).toEqual(memory);
  expect(memory.entries.map((entry: { key: string }) => entry.key)).toContain('swarm/shared');
  for (const repo of [one, two]) {
    expect(new Set(await idsIn(repo, id))).toEqual(all);
    await expectValues(repo, id, ['begun', 'one-a', 'two-a', 'one-b', 'two-b']);
    expect(repo.git('status', '--porcelain')).toBe('');
    expect(repo.git('log', '-1', '--format=%(trailers:key=Session-Event,valueonly)').trim()).toBe('sync');
  }
  // Each goes on in its own file.
  await checkpoint(one, 'after');
  expect(one.git('status', '--porcelain')).toBe('');
});

test('the same file changed on both sides is named, and nothing moves', async () => {
  const { one, two } = await twoClones();
  one.commit('mine', { 'src/same.ts': 'one\n' });
  two.commit('theirs', { 'src/same.ts': 'two\n' });
  await push(one);
  const before = two.snapshot().replace(/# branch.ab.*|refs\/remotes.*/g, '');
  const ran = await two.session(['sync']);
  expect(ran.code).toBe(1);
  expect(ran.err).toMatch(/1 file changed on both sides[\s\S]*src\/same\.ts[\s\S]*git diff/);
  expect(two.snapshot().replace(/# branch.ab.*|refs\/remotes.*/g, '')).toBe(before);
  two.commit('alike', { 'src/same.ts': 'one\n' });
  expect((await sync(two)).branches).toMatchObject([{ how: 'joined' }]);
});

test('what waits for its commit comes along, and in the middle of a merge or with files in the way nothing moves', async () => {
  const { one, two, id } = await twoClones();
  one.commit('theirs', { 'src/theirs.ts': 'one\n' });
  await push(one);
  const merging = join(two.dir, '.git', 'MERGE_HEAD');
  writeFileSync(merging, `${two.git('rev-parse', 'main')}\n`);
  two.write(fileOf(id, 'queued'), 'queued\n');
  await two.ok(['hooks', 'post-edit', '--task-id', 'queued', '--file', fileOf(id, 'queued')]);
  await two.ok(['hooks', 'post-task', '--task-id', 'queued']);
  const tip = two.git('rev-parse', 'HEAD');
  const during = await two.session(['sync']);
  expect(during.code).toBe(1);
  expect(during.err).toMatch(/nothing was changed[\s\S]*A merge is in progress[\s\S]*Finish that/);
  expect(two.git('rev-parse', 'HEAD')).toBe(tip);
  rmSync(merging);
  two.write('src/theirs.ts', 'mine\n');
  const blocked = await two.session(['sync', '--no-fetch']);
  expect(blocked.err).toMatch(/in the way, so nothing was changed[\s\S]*src\/theirs\.ts/);
  expect(two.read('src/theirs.ts')).toBe('mine\n');
  expect(two.git('log', '--format=%s', `${tip}..`).split('\n')).toHaveLength(1);
  rmSync(join(two.dir, 'src/theirs.ts'));
  expect((await sync(two)).branches).toMatchObject([{ how: 'joined' }]);
  expect([two.read('src/theirs.ts'), two.git('status', '--porcelain')]).toEqual(['one\n', '']);
  expect(two.git('log', '--format=%(trailers:key=Session-Task,valueonly)')).toContain('queued');
});

test('a dry run says what would become of the branch, and moves nothing', async () => {
  const { one, two } = await twoClones();
  await checkpoint(one, 'theirs');
  await push(one);
  two.git('fetch', '-q');
  const before = two.snapshot();
  expect(await sync(two, '--dry-run')).toMatchObject({
    done: false,
    tip: two.git('rev-parse', 'HEAD'),
    branches: [{ how: 'forward' }],
    push: null,
  });
  await checkpoint(two, 'mine');
  const after = two.snapshot();
  const ran = await two.ok(['sync', '--dry-run', '--no-fetch']);
  expect(ran.out).toMatch(/would be brought together, with \d+ records of theirs/);
  expect(ran.err).toContain('Nothing was changed.');
  expect(two.snapshot()).toBe(after);
  expect(after).not.toBe(before);
});

test('what is queued while a sync or an undo holds the checkpoints is made by it', async () => {
  const { one, two, id } = await twoClones();
  await checkpoint(one, 'theirs');
  await push(one);
  const hooks = join(two.dir, '..', 'hooks');
  const whileMoving = (name: string) => {
    const file = fileOf(id, name);
    const self = `'${process.execPath}' '${CLI}'`;
    const once = `cd '${two.dir}'\nunset $(git rev-parse --local-env-vars)\necho late >'${file}'\n${self} hooks post-edit --file '${file}' --task-id ${name}\n${self} hooks post-task --task-id ${name}`;
    const moves = `[ "$1" = prepared ] && grep -q refs/heads/session/ && mkdir '${hooks}/${name}' 2>/dev/null`;
    two.write('../hooks/reference-transaction', `#!/bin/sh\nif ${moves}; then\n(\n${once}\n) >'${hooks}/said' 2>&1\nfi\nexit 0\n`);
    chmodSync(join(hooks, 'reference-transaction'), 0o755);
    two.git('config', 'core.hooksPath', hooks);
    return file;
  };
  const queue = async () => readQueue((await two.open()).commonDir).requests;
  const first = whileMoving('late');
  await sync(two);
  expect([await queue(), two.git('show', `HEAD:${first}`)]).toEqual([[], 'late']);
  const second = whileMoving('later');
  await two.ok(['undo', '--yes']);
  expect([await queue(), two.git('show', `HEAD:${second}`)]).toEqual([[], 'late']);
});

test('undo takes it back until it is pushed; one that was killed half-way is done by the next', async () => {
  const { one, two } = await twoClones();
  await Promise.all([checkpoint(one, 'one'), checkpoint(two, 'two')]);
  await push(one);
  const before = two.git('rev-parse', 'HEAD');
  await sync(two);
  expect((await two.json(['undo', '--yes'])).act).toBe('sync');
  expect([two.git('rev-parse', 'HEAD'), two.git('status', '--porcelain')]).toEqual([before, '']);
  await sync(two);
  // As a kill between the checkout and the branch leaves it.
  two.git('update-ref', 'HEAD', before);
  expect(two.git('status', '--porcelain')).not.toBe('');
  expect((await sync(two)).branches).toMatchObject([{ how: 'joined' }]);
  expect(two.git('status', '--porcelain')).toBe('');
  await push(two);
  expect((await two.session(['undo', '--yes'])).err).toMatch(/has been pushed/);
});

test('a closed or abandoned session, one that nobody pushed, and a remote that is gone', async () => {
  const { one, two, id } = await twoClones();
  await two.ok(['start', 'only-here']);
  expect((await two.session(['sync'])).err).toMatch(/No other clone's branch[\s\S]*git push origin session\//);
  await two.ok(['abandon', id]);
  expect((await two.session(['sync', id])).err).toMatch(/is abandoned in this clone[\s\S]*git session restore/);
  await two.ok(['restore', id]);
  one.commit('more', { 'src/more.ts': 'x\n' });
  await push(one);
  two.git('fetch', '-q');
  two.git('remote', 'set-url', 'origin', join(two.dir, 'gone'));
  const facts = await sync(two, id);
  expect(facts.notes).toEqual(['origin could not be reached; its branches are taken as they were fetched last.']);
  expect(facts.branches).toMatchObject([{ how: 'joined' }]);
});

describe('one side was sealed meanwhile', () => {
  test.each(['the seal is fetched', 'the seal is here'])('%s', async (where) => {
    const { one, two, id } = await twoClones();
    // Begun on the other clone before the seal, and gone on with after it.
    await checkpoint(two, 'before');
    await push(two);
    await sync(one);
    await sealSession(one, id, { approve: false });
    const seal = one.git('rev-parse', 'HEAD');
    await two.ok(['hooks', 'post-task', '--task-id', 'late', '--description', 'Came late', '--agent', 'dev', '--wait']);
    const here = where === 'the seal is here' ? one : two;
    const log = sessionPaths(id).log;
    const sealedLog = one.git('ls-tree', '-r', seal, '--', log);
    await push(here === one ? two : one);
    // A task alone is no reason to unseal it, and what the seal holds stays to the letter.
    expect((await sync(here)).branches).toMatchObject([{ how: 'joined', unsealed: false }]);
    expect(here.git('ls-tree', '-r', 'HEAD', '--', log).split('\n')).toEqual(expect.arrayContaining(sealedLog.split('\n')));
    expect((await here.json(['status'])).session.state).toBe('sealed');
    expect((await here.json(['show', id])).tasks.map((task: { task: string }) => task.task)).toContain('late');
    // Work is one.
    await push(here);
    const other = here === one ? two : one;
    await sync(other);
    await checkpoint(two, 'after');
    expect((await two.json(['status'])).session.state).toBe('active');
    await push(two);
    await sync(one);
    expect((await one.json(['status'])).session.state).toBe('active');
    const known = new Set(await idsIn(one, id));
    expect((await journalOf(two, id)).filter((record) => !known.has(record))).toEqual([]);
  });

  test('work that came in beside the seal makes the session active again', async () => {
    const { one, two, id } = await twoClones();
    await sealSession(one, id, { approve: false });
    await checkpoint(two, 'beside');
    await push(one);
    expect((await sync(two)).branches).toMatchObject([{ how: 'joined', unsealed: true }]);
    const { metadata } = await reload(two, { id });
    expect(metadata.status).toBe('active');
    expect((await two.json(['status'])).session.state).toBe('active');
    // What the seal had left out of the log is there again.
    await expectValues(two, id, ['begun', 'beside']);
    await sealSession(two, id, { approve: false });
    expect((await two.json(['status'])).session.state).toBe('sealed');
  });
});

test('joining logs loses nothing, doubles nothing and leaves a seal alone, whatever the two sides hold', () => {
  const id = 'session-20251117-143022-x' as SessionId;
  const line = (n: number) =>
    encodeRecord({
      v: 1,
      id: `r${n}`,
      at: `2025-11-17T14:30:22.${String(n).padStart(3, '0')}Z`,
      session: id,
      actor: { kind: 'tool', name: 't' },
      kind: 'session.resumed',
      data: { from: null },
    } as AnyRecord);
  const path = (writer: string, n = 1) => `${sessionPaths(id).log}/${writer}.${n}.jsonl`;
  const numbers = fc.uniqueArray(fc.nat(40), { maxLength: 12 });
  const sealed = fc.constantFrom(null, 'ours' as const, 'theirs' as const);
  const writers = fc.constantFrom('aaaa', 'bbbb');
  const idsOf = (files: Iterable<string>) => [...files].flatMap((text) => parseLog(text).records.map((record) => record.id));
  fc.assert(
    fc.property(numbers, numbers, numbers, sealed, writers, fc.boolean(), (base, left, right, seal, writer, drops) => {
      const own = (all: number[]) => all.filter((n) => !base.includes(n));
      const text = (...lists: number[][]) => lists.flat().map(line).join('');
      const fork = new Map([[path('aaaa'), text(base)]]);
      const only = own(left).filter((n) => !right.includes(n));
      const sideWith = (side: string, lines: number[], w: string) => {
        const files = new Map([[path('aaaa'), drops && seal === side ? text(base.slice(1)) : text(base)]]);
        const at = path(w);
        if (lines.length > 0) files.set(at, (files.get(at) ?? '') + text(lines));
        return files;
      };
      const sides = { ours: sideWith('ours', only, 'aaaa'), theirs: sideWith('theirs', own(right), writer) };
      const [kept, other] = seal === 'ours' ? [sides.ours, sides.theirs] : [sides.theirs, sides.ours];
      const joined = seal === null ? joinOpen(sides.ours, sides.theirs) : joinSealed(id, fork, kept, other);
      const ids = idsOf(joined.values());
      const expected = new Set([...own(left), ...own(right), ...(drops && seal ? base.slice(1) : base)].map((n) => `r${n}`));
      expect(new Set(ids)).toEqual(expected);
      expect(ids).toHaveLength(expected.size);
      if (seal) for (const [name, content] of sides[seal]) expect(joined.get(name)).toBe(content);
    }),
    { numRuns: 300 },
  );
});

test('memory that waits for a checkpoint travels too: both clones read the same', async () => {
  const { one, two } = await twoClones();
  await one.ok(['memory', 'store', 'swarm/rate', 'by one']);
  await sync(one);
  await push(one);
  await two.ok(['memory', 'store', 'swarm/other', 'by two']);
  await sync(two);
  await push(two);
  await sync(one);
  for (const clone of [one, two]) {
    expect((await clone.ok(['memory', 'get', 'swarm/rate'])).out).toBe('by one\n');
    expect((await clone.ok(['memory', 'get', 'swarm/other'])).out).toBe('by two\n');
  }
});

test('a clone of a checkout that was on the session takes it in by its whole id: the remote\u2019s HEAD is no base that it landed on', async () => {
  const repo = makeRepo();
  const session = await startSession(repo, 'checked-out-there');
  const clone = cloneOf(repo, '-b', 'main');
  expect(clone.git('symbolic-ref', 'refs/remotes/origin/HEAD')).toBe(`refs/remotes/origin/${session.branch}`);
  expect((await clone.json(['list'])).sessions).toEqual([]);
  await clone.ok(['sync', session.id]);
  expect(clone.git('rev-parse', session.branch)).toBe(repo.git('rev-parse', session.branch));
});
