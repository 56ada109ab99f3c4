/** The journal under many processes at once, and under `kill -9`. Plain node processes run the journal's own code. */

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asSessionId, type SessionId } from '../../src/core/session/session-id.ts';
import { readJournal } from '../../src/store/journal.ts';
import { privatePaths } from '../../src/store/paths.ts';
import { makeRepo, ROOT, tempDir } from '../support/repo.ts';
import { randomOf, SEED, soakSeconds } from '../support/soak.ts';
import { startWork } from '../support/work.ts';

const ID = asSessionId('session-20251117-143022-auth-system') as SessionId;
const SECONDS = soakSeconds(5);
const KILLS = 200;
/** Far more than a session writes; a soak of minutes would outgrow what one string can hold. */
const MOST_BYTES = 200 << 20;

const workerDir = mkdtempSync(join(tmpdir(), 'gs-worker-'));
const worker = join(workerDir, 'worker.cjs');
afterAll(() => rmSync(workerDir, { recursive: true, force: true }));

beforeAll(async () => {
  const entryPoints = [join(ROOT, 'test', 'support', 'journal-worker.ts')];
  await build({ entryPoints, outfile: worker, bundle: true, platform: 'node', format: 'cjs' });
});

function start(dir: string, name: string, count: number, id = ID) {
  const child = spawn(process.execPath, [worker, dir, id, name, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    out += piece;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  // A last line without its newline was never acknowledged whole.
  return { child, ended, acknowledged: () => out.split('\n').slice(0, -1) };
}

function keysIn(dir: string, id = ID): string[] {
  return readJournal(dir, id).records.map((record) => (record.kind === 'memory.stored' ? record.data.key : ''));
}

test('64 processes write 500 records each: none lost, none torn', async () => {
  const dir = tempDir();
  const codes = await Promise.all(Array.from({ length: 64 }, (_, n) => start(dir, `p${n}`, 500).ended));
  expect(new Set(codes)).toEqual(new Set([0]));
  const { records, bad, unknown, torn } = readJournal(dir, ID);
  expect({ bad, unknown, torn }).toEqual({ bad: [], unknown: [], torn: false });
  expect(new Set(keysIn(dir)).size).toBe(64 * 500);
  expect(new Set(records.map((record) => record.id)).size).toBe(64 * 500);
  // All of them made the clone's writer id at once, and agreed on one.
  expect(new Set(records.map((record) => record.id.split('.').at(-1))).size).toBe(1);
  for (const record of records) {
    if (record.kind === 'memory.stored') expect(String(record.data.value).startsWith(`${record.data.key.replace('/', ':')}:`)).toBe(true);
  }
});

test('a write that does not fit whole is no success, and harms nothing before or after it', async () => {
  const dir = tempDir();
  for (let n = 0; n < 5; n++) expect(await start(dir, `before${n}`, 1).ended).toBe(0);
  const path = privatePaths(dir).journal(ID);
  const { size } = statSync(path);
  // A limit on the file's size cuts a write short just as a full disk does.
  const limited = spawnSync('/usr/bin/env', ['prlimit', `--fsize=${size + 100}`, process.execPath, worker, dir, ID, 'limited', '1'], {
    encoding: 'utf8',
  });
  if (limited.status === 127 || limited.error) return console.log('not shown: this machine has no prlimit');
  expect([limited.status, limited.stderr]).toEqual([1, expect.stringMatching(/not written whole|could not be written/)]);
  expect(await start(dir, 'after', 1).ended).toBe(0);
  expect(keysIn(dir)).toEqual([0, 1, 2, 3, 4].map((n) => `before${n}/0`).concat('after/0'));
});

test(`kill -9 loses nothing that was acknowledged (seed ${SEED}, ${SECONDS} s)`, { timeout: (SECONDS + 90) * 1000 }, async () => {
  const repo = makeRepo();
  const { id, repo: opened } = await startWork(repo);
  const dir = opened.commonDir;
  const random = randomOf(SEED);
  const acknowledged: string[] = [];
  let kills = 0;
  const size = () => statSync(privatePaths(dir).journal(id), { throwIfNoEntry: false })?.size ?? 0;
  const until = Date.now() + SECONDS * 1000;
  const lane = async (lane: number) => {
    for (let n = 0; (Date.now() < until && size() < MOST_BYTES) || kills < KILLS; n++) {
      const writer = start(dir, `l${lane}n${n}`, 0, id);
      await new Promise((resolve) => setTimeout(resolve, 60 + random() * 120));
      writer.child.kill('SIGKILL');
      await writer.ended;
      kills++;
      acknowledged.push(...writer.acknowledged());
    }
  };
  await Promise.all([1, 2, 3, 4].map(lane));
  const found = new Set(keysIn(dir, id));
  expect(acknowledged.filter((key) => !found.has(key))).toEqual([]);
  expect(acknowledged.length).toBeGreaterThan(kills);
  // The next writer finds the journal usable, whatever it ends in.
  await repo.ok(['memory', 'store', 'after/the-kills', 'fine']);
  expect((await repo.ok(['memory', 'get', 'after/the-kills'])).out).toBe('fine\n');
  expect(readJournal(dir, id)).toMatchObject({ torn: false, unknown: [] });
  expect(kills).toBeGreaterThanOrEqual(KILLS);
  console.log(`seed ${SEED}: ${kills} kills, ${acknowledged.length} acknowledged, ${readJournal(dir, id).bad.length} torn lines`);
});
