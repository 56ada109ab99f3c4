/** Waiting for a key: told by the file system and by git, and never longer than asked. */

import { expect, test } from 'vitest';
import { encodeRecord } from '../../src/core/log/log.ts';
import type { AnyRecord, RecordDraft } from '../../src/core/log/record.ts';
import { DEFAULT_POLICY } from '../../src/core/policy/policy.ts';
import { asSessionId, type SessionId } from '../../src/core/session/session-id.ts';
import { waitFor } from '../../src/lifecycle/memory/wait.ts';
import type { Here } from '../../src/lifecycle/session/here.ts';
import { appendRecord } from '../../src/store/journal.ts';
import { makeRepo } from '../support/repo.ts';

const ID = asSessionId('session-20260101-000000-login-form') as SessionId;
const place = { namespace: 'coordination', key: 'k' };
const draft = (key: string): RecordDraft => ({
  kind: 'memory.stored',
  actor: { kind: 'agent', name: 'coder' },
  data: { namespace: 'coordination', key, value: 'v' },
});

async function waiting() {
  const repo = makeRepo();
  repo.git('switch', '-q', '-c', 'session/20260101-000000-login-form');
  const open = await repo.open();
  const tip = 'refs/heads/session/20260101-000000-login-form';
  const here: Here = { place: open, id: ID, tip, checkedOut: true, policy: DEFAULT_POLICY };
  return { repo, here, store: (key: string) => appendRecord(open.commonDir, ID, draft(key)) };
}

test('a key that is there is given at once; one that comes ends the wait, and others do not', async () => {
  const { here, store } = await waiting();
  const later = waitFor(here, place, 60_000);
  store('other');
  await Promise.resolve();
  store('k');
  expect(await later).toMatchObject({ key: 'k', value: 'v' });
  expect(await waitFor(here, place, 0)).toMatchObject({ key: 'k' });
});

test('what another clone brought with the branch ends it, too', async () => {
  const { repo, here } = await waiting();
  const later = waitFor(here, place, 60_000);
  const theirs = { v: 1, id: 'r', at: '2026-01-01T00:00:00.000Z', session: ID, ...draft('k') } as AnyRecord;
  repo.commit('from afar', { [`.swarm/log/${ID}/otherclone.1.jsonl`]: encodeRecord(theirs) });
  expect(await later).toMatchObject({ record: 'r' });
});

test('time and an abort end it with nothing', async () => {
  const { here } = await waiting();
  expect(await waitFor(here, place, 1)).toBeNull();
  const stop = new AbortController();
  const later = waitFor(here, place, 60_000, stop.signal);
  stop.abort();
  expect(await later).toBeNull();
});
