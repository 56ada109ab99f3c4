import { expect, test } from 'vitest';
import type { RecordDraft } from '../../src/core/log/record.ts';
import { asSessionId, type SessionId } from '../../src/core/session/session-id.ts';
import { editTree } from '../../src/git/objects.ts';
import type { Repo } from '../../src/git/run.ts';
import { logEdits } from '../../src/lifecycle/checkpoint/fold-log.ts';
import { logAt, sessionRecords } from '../../src/lifecycle/session/records.ts';
import { appendRecord } from '../../src/store/journal.ts';
import { writerId } from '../../src/store/writer.ts';
import { makeRepo } from '../support/repo.ts';

const ID = asSessionId('session-20251117-143022-auth-system') as SessionId;
const FOLDER = `.swarm/log/${ID}`;

function store(repo: Repo, key: string): void {
  const data = { namespace: 'coordination', key, value: key };
  appendRecord(repo.commonDir, ID, { kind: 'memory.stored', actor: { kind: 'agent', name: 'coder' }, data } as RecordDraft);
}

/** The tree of `tip` with the journal folded in. */
async function fold(repo: Repo, tip: string): Promise<string> {
  return editTree(repo, `${tip}^{tree}`, await logEdits(repo, ID, tip));
}

async function keysAt(repo: Repo, tree: string): Promise<string[]> {
  return (await logAt(repo, tree, ID)).parsed.records.map((r) => (r.kind === 'memory.stored' ? r.data.key : ''));
}

const metadata = (status: string) =>
  JSON.stringify({ version: 1, id: ID, topic: 'auth-system', status, created_at: '2025-11-17T14:30:22.000Z', branch: 'b', base: 'main' });

test('each fold adds only what the log at the tip does not hold, to one file of this writer', async () => {
  const repo = await makeRepo().open();
  expect(await logEdits(repo, ID, 'HEAD')).toEqual([]);
  store(repo, 'a');
  const one = await fold(repo, 'HEAD');
  store(repo, 'b');
  store(repo, 'c');
  const two = await fold(repo, one);
  expect(await logEdits(repo, ID, two)).toEqual([]);
  expect(await keysAt(repo, two)).toEqual(['a', 'b', 'c']);
  const { files } = await logAt(repo, two, ID);
  expect(files.map((f) => f.path)).toEqual([`${FOLDER}/${writerId(repo.commonDir)}.1.jsonl`]);
  // A branch that was reset in between gets everything again.
  expect(await keysAt(repo, await fold(repo, 'HEAD'))).toEqual(['a', 'b', 'c']);
});

test("another writer's file is never touched, and what it holds is not written twice", async () => {
  const test = makeRepo();
  const repo = await test.open();
  store(repo, 'a');
  const mine = (await logAt(repo, await fold(repo, 'HEAD'), ID)).files[0]?.text ?? '';
  test.commit('theirs', { [`${FOLDER}/other.7.jsonl`]: mine });
  store(repo, 'b');
  const tree = await fold(repo, 'HEAD');
  const { files } = await logAt(repo, tree, ID);
  expect(files.map((f) => f.path)).toEqual([`${FOLDER}/${writerId(repo.commonDir)}.1.jsonl`, `${FOLDER}/other.7.jsonl`].sort());
  expect(files.find((f) => f.path.includes('other'))?.text).toBe(mine);
  expect((await keysAt(repo, tree)).sort()).toEqual(['a', 'b']);
});

test('after a seal the next file begins', async () => {
  const test = makeRepo();
  const repo = await test.open();
  const writer = writerId(repo.commonDir);
  store(repo, 'a');
  const text = (await logAt(repo, await fold(repo, 'HEAD'), ID)).files[0]?.text ?? '';
  test.commit('seal', { [`${FOLDER}/${writer}.1.jsonl`]: text, [`sessions/${ID}/metadata.json`]: metadata('closed') });
  store(repo, 'b');
  const tree = await fold(repo, 'HEAD');
  expect((await logAt(repo, tree, ID)).files.map((f) => f.path)).toEqual([1, 2].map((n) => `${FOLDER}/${writer}.${n}.jsonl`));
  expect(await keysAt(repo, tree)).toEqual(['a', 'b']);
});

test('a damaged line of the own file stays byte for byte, is counted, and hides nothing behind it', async () => {
  const test = makeRepo();
  const repo = await test.open();
  const path = `${FOLDER}/${writerId(repo.commonDir)}.1.jsonl`;
  const damaged = Buffer.from([0xff, 0xfe, 0x7b]);
  store(repo, 'a');
  const { writeBlob } = await import('../../src/git/objects.ts');
  const tip = await editTree(repo, 'HEAD^{tree}', [{ path, oid: await writeBlob(repo, damaged) }]);
  const tree = await fold(repo, tip);
  const { readBlobBytes } = await import('../../src/git/objects.ts');
  const bytes = await readBlobBytes(repo, test.git('rev-parse', `${tree}:${path}`));
  expect(bytes.subarray(0, 4)).toEqual(Buffer.concat([damaged, Buffer.from('\n')]));
  expect(await sessionRecords(repo, { id: ID, tip: tree })).toMatchObject({ bad: 1, unknown: 0, records: [{ data: { key: 'a' } }] });
});

test('records of another session and of unknown kinds are counted, and unknown ones are folded too', async () => {
  const test = makeRepo();
  const repo = await test.open();
  const line = (fields: object) => `${JSON.stringify({ v: 1, id: 'x', at: '2025-01-01T00:00:00.000Z', session: ID, ...fields })}\n`;
  const { privatePaths } = await import('../../src/store/paths.ts');
  const { appendFileSync } = await import('node:fs');
  store(repo, 'a');
  appendFileSync(
    privatePaths(repo.commonDir).journal(ID),
    line({ id: 'u', kind: 'dream.dreamt' }) +
      line({ v: 9, id: 'w', kind: 'memory.stored' }) +
      line({
        id: 'o',
        kind: 'memory.deleted',
        session: 'session-20250101-000000-other',
        actor: { kind: 'tool', name: 't' },
        data: { namespace: 'n', key: 'k' },
      }),
  );
  const tree = await fold(repo, 'HEAD');
  const { parsed } = await logAt(repo, tree, ID);
  expect([parsed.records.length, parsed.unknown.map((r) => [r.v, r.id])]).toEqual([
    1,
    [
      [1, 'u'],
      [9, 'w'],
    ],
  ]);
  expect(await logEdits(repo, ID, tree)).toEqual([]);
  expect(await sessionRecords(repo, { id: ID, tip: tree })).toMatchObject({ bad: 1, unknown: 2 });
});
