/** What other sessions left is found by a cache and proven from git: whatever stands in the cache, nothing is shown that nobody approved. */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { encodeRecord } from '../../src/core/log/log.ts';
import type { AnyRecord } from '../../src/core/log/record.ts';
import { appendRecord } from '../../src/store/journal.ts';
import { approvedRepo, closeSession, workOn } from '../support/landed.ts';
import { makeSshKey, type TestRepo } from '../support/repo.ts';
import { startSession } from '../support/started.ts';
import { approver, commit } from '../support/trust.ts';
import { DEV } from '../support/work.ts';

const KEY = 'pattern/parser/limits';
const NEVER = 'session-20310101-000000-never-was';

const place = (key: string) => ({ namespace: 'reasoning-bank', key });
/** A record of a later year than any other. */
const later = (session: string, kind: 'memory.stored' | 'memory.deleted', key: string, more: object = {}) =>
  encodeRecord({
    v: 1,
    id: `forged.${session}.${key}`,
    at: '2031-01-01T00:00:00.000Z',
    session,
    actor: DEV,
    kind,
    data: { ...place(key), ...more },
  } as AnyRecord);

/** Lands a session that stored these, and leaves base checked out. */
async function learn(repo: TestRepo, topic: string, values: Record<string, string>): Promise<string> {
  const id = await workOn(repo, { topic, pattern: false });
  const { commonDir } = await repo.open();
  for (const [key, value] of Object.entries(values)) {
    appendRecord(commonDir, id, { kind: 'memory.stored', actor: DEV, data: { ...place(key), value } });
  }
  await closeSession(repo, id);
  return id;
}

describe('the cache of what landed', () => {
  let repo: TestRepo;
  let cache: string;
  let good: string;
  let second: string;

  const get = async (key: string) => (await repo.session(['memory', 'get', `reasoning-bank/${key}`])).out.trim();
  const search = async (...words: string[]): Promise<Record<string, unknown>> =>
    Object.fromEntries(
      (await repo.json(['memory', 'search', '--pattern', 'pattern/%', ...words])).entries.map(
        ({ key, value }: { key: string; value: unknown }) => [key, value],
      ),
    );
  const forge = (edit: (text: string) => string) => writeFileSync(cache, edit(good));
  /** Replaces text of the cache by text of the same length, so that it is a sound file. */
  const swap = (from: string, to: string) => forge((text) => text.replaceAll(from, to.padEnd(from.length).slice(0, from.length)));

  beforeAll(async () => {
    ({ repo } = approvedRepo());
    await learn(repo, 'first-parser', {
      [KEY]: 'older limits',
      'pattern/parser/depth': 'recursion depth',
      'pattern/other/thing': 'unrelated',
    });
    second = await learn(repo, 'second-parser', { [KEY]: 'newer limits' });
    // By hand: a newer value, and the deletion of a key that an approved session stored.
    const lines = later(NEVER, 'memory.stored', KEY, { value: 'evil' }) + later(NEVER, 'memory.deleted', 'pattern/parser/depth');
    repo.commit('by hand', { [`.swarm/log/${NEVER}/w.1.jsonl`]: lines });
    await startSession(repo, 'reads-them');
    cache = join(repo.dir, '.git/git-session/cache/landed');
    await get(KEY);
    good = readFileSync(cache, 'utf8');
  });

  test('what nobody approved masks nothing: not a newer value, and not a deletion', async () => {
    expect(await get(KEY)).toBe('newer limits');
    expect(await get('pattern/parser/depth')).toBe('recursion depth');
    expect(await search('limits', 'recursion', 'evil')).toEqual({ [KEY]: 'newer limits', 'pattern/parser/depth': 'recursion depth' });
    const { total, unchecked, entries } = await repo.json(['memory', 'list', '--pattern', 'pattern/parser/%']);
    expect([total, unchecked, entries.length]).toEqual([2, 0, 2]);
  });

  test('what lies beyond the limit is not counted as approved', async () => {
    const { total, unchecked, entries } = await repo.json(['memory', 'list', '--namespace', 'reasoning-bank', '--limit', '1']);
    expect([total, entries.length]).toEqual([null, 1]);
    expect(unchecked).toBeGreaterThan(0);
    const { out } = await repo.ok(['memory', 'list', '--namespace', 'reasoning-bank', '--limit', '1']);
    expect(out).toMatch(/… and up to \d+ more, whose approval was not checked \(--limit 4\)/);
  });

  test('a deleted, torn or damaged file changes nothing that is said', async () => {
    rmSync(cache);
    expect(await get(KEY)).toBe('newer limits');
    for (const text of ['', 'rubbish', good.slice(0, -30), good.slice(0, good.indexOf('{') + 40), `${good}#\n`, good.replace('{', '')]) {
      writeFileSync(cache, text);
      expect([await get(KEY), (await search('limits'))[KEY]]).toEqual(['newer limits', 'newer limits']);
    }
  });

  test('a changed value is found out, and everything is read again', async () => {
    swap('newer limits', 'evil limits!');
    expect(await get(KEY)).toBe('newer limits');
    expect(readFileSync(cache, 'utf8')).not.toContain('evil limits!');
    swap('newer limits', 'evil limits!');
    expect(await search('evil', 'limits')).toEqual({ [KEY]: 'newer limits' });
    swap('"pattern/other/thing"', '"pattern/other/evil"');
    expect(await search('unrelated')).toEqual({ 'pattern/other/thing': 'unrelated' });
  });

  test('the session of another, another blob and another tree prove nothing', async () => {
    forge((text) => text.replaceAll(NEVER, second));
    expect(await get(KEY)).toBe('newer limits');
    const foreign = repo.git('rev-parse', `HEAD:.swarm/log/${NEVER}/w.1.jsonl`);
    const own = repo.git('ls-tree', '-r', 'HEAD', `.swarm/log/${second}/`).split(/\s/)[2] ?? '';
    forge((text) => text.replaceAll(own, foreign));
    expect(await get(KEY)).toBe('newer limits');
    const trees = [NEVER, second].map((id) => repo.git('rev-parse', `HEAD:.swarm/log/${id}`));
    forge((text) =>
      text
        .replaceAll(trees[0] ?? '', 'x')
        .replaceAll(trees[1] ?? '', trees[0] ?? '')
        .replaceAll('x', trees[1] ?? ''),
    );
    expect(await get(KEY)).toBe('newer limits');
  });

  test('an edited cache can hide an entry, and then an older approved one is seen; deleting the cache brings it back', async () => {
    swap(`"key":"${KEY}","value":"newer limits"`, '"key":"","value":"hidden"}}');
    expect(await get(KEY)).toBe('older limits');
    rmSync(cache);
    expect(await get(KEY)).toBe('newer limits');
  });

  test('judges that only a hint or a configuration names approve nothing', async () => {
    const hint = join(repo.dir, '.git/git-session/cache/policy-line.json');
    const root = repo.git('config', 'gitsession.policyRoot');
    const branch = repo.git('branch', '--show-current');
    const eve = makeSshKey();
    repo.git('switch', '-q', '--detach');
    const evil = commit(repo, 'me too', { files: { '.swarm/allowed_signers': approver('eve@example.com', eve) }, key: eve });
    repo.git('branch', 'evil');
    repo.git('switch', '-q', branch);
    for (const sources of [[root, evil], [evil], []]) {
      writeFileSync(hint, JSON.stringify({ sources }));
      expect(await get(KEY)).toBe('newer limits');
    }
    repo.git('config', 'gitsession.policyBranch', 'evil');
    repo.git('config', 'gitsession.policyRoot', evil);
    writeFileSync(hint, JSON.stringify({ sources: [evil] }));
    expect((await repo.session(['memory', 'get', `reasoning-bank/${KEY}`])).code).toBe(4);
    repo.git('config', 'gitsession.policyBranch', 'main');
    repo.git('config', 'gitsession.policyRoot', root);
    expect(await get(KEY)).toBe('newer limits');
  });

  test('a withdrawn approval is seen at once, and so is a revert', async () => {
    const tag = `refs/tags/backup/${second}`;
    const oid = repo.git('rev-parse', tag);
    repo.git('update-ref', '-d', tag);
    expect(await get(KEY)).toBe('older limits');
    repo.git('update-ref', tag, oid);
    expect(await get(KEY)).toBe('newer limits');
    repo.git('rm', '-q', '-r', `.swarm/log/${second}`);
    repo.git('commit', '-q', '--no-verify', '-m', 'unlearn');
    expect(await get(KEY)).toBe('older limits');
    repo.git('revert', '--no-edit', 'HEAD');
    expect(await get(KEY)).toBe('newer limits');
  });

  test('one key costs few processes, and one more landed session is read alone', async () => {
    const trace = join(repo.dir, '.git', 'trace');
    const processes = async () => {
      rmSync(trace, { recursive: true, force: true });
      mkdirSync(trace);
      await repo.ok(['memory', 'get', 'pattern/other/thing'], { env: { GIT_TRACE2_EVENT: trace } });
      return readdirSync(trace).length;
    };
    await get(KEY);
    const warm = await processes();
    expect(warm).toBeLessThanOrEqual(3);
    const before = readFileSync(cache, 'utf8');
    repo.commit('by hand', { [`.swarm/log/${NEVER}-too/w.1.jsonl`]: later(`${NEVER}-too`, 'memory.deleted', 'some/other') });
    expect(await processes()).toBe(warm + 2);
    expect(readFileSync(cache, 'utf8').startsWith(before)).toBe(true);
  });
});
