import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeRepo, makeSshKey, type TestRepo } from '../support/repo.ts';

const WORDS = 'Write a calculator';
const KEY = 'pattern/calculator-app/pure-functions';

/** Keys that are offered to a new task, and how many processes of git that took. */
async function offered(repo: TestRepo, task: string): Promise<{ keys: string[]; processes: number }> {
  const trace = join(repo.dir, '.git', `trace-${task}`);
  mkdirSync(trace);
  // As an agent says it: the name of a person would be one more question to git.
  const env = { GIT_TRACE2_EVENT: trace, GIT_SESSION_AGENT: 'backend-dev' };
  const out = await repo.json(['hooks', 'pre-task', '--task-id', task, '--description', WORDS], { env });
  return { keys: (out.patterns as { key: string }[]).map((pattern) => pattern.key), processes: readdirSync(trace).length };
}

/** A file of the cache with another content, and the digest that says it is whole. */
function forged(file: string, edit: (body: string) => string): string {
  const end = file.indexOf('\n');
  const body = edit(file.slice(end + 1));
  expect(body).not.toBe(file.slice(end + 1));
  return `${file.slice(0, end).replace(/\w+$/, createHash('sha256').update(body).digest('hex'))}\n${body}`;
}

describe('offering patterns to a task', () => {
  let repo: TestRepo;
  let cache: string;

  beforeAll(async () => {
    repo = makeRepo();
    await repo.ok(['init', '--yes', '--signing-key', makeSshKey(), '--presence', 'none', '--no-detect']);
    await repo.ok(['start', 'first-calculator']);
    await repo.ok(['memory', 'store', KEY, '{"approach":"pure functions make a calculator easy to test"}']);
    await repo.ok(['closeout', '--yes']);
    await repo.ok(['start', 'second-calculator']);
    cache = join(repo.dir, '.git/git-session/cache/offers');
  });

  test('costs one process once it is known, also after a checkpoint', async () => {
    expect((await offered(repo, 'cold')).keys).toEqual([KEY]);
    expect(await offered(repo, 'warm')).toEqual({ keys: [KEY], processes: 1 });
    await repo.ok(['hooks', 'post-task', '--task-id', 'warm', '--wait']);
    expect(await offered(repo, 'later')).toEqual({ keys: [KEY], processes: 1 });
  });

  test('a deleted or damaged cache gives the same answer', async () => {
    rmSync(cache);
    expect((await offered(repo, 'gone')).keys).toEqual([KEY]);
    const good = readFileSync(cache, 'utf8');
    const other = forged(good, (body) => body.replace('{', '['));
    for (const [n, text] of ['', 'rubbish', '{"version":1}', good.slice(0, -40), good.replace('"bank"', '"bunk"'), other].entries()) {
      writeFileSync(cache, text);
      expect((await offered(repo, `damaged-${n}`)).keys).toEqual([KEY]);
    }
    const index = join(repo.dir, '.git/git-session/cache/fit');
    rmSync(index);
    expect((await offered(repo, 'no-index')).keys).toEqual([KEY]);
    writeFileSync(index, readFileSync(index, 'utf8').slice(0, -40));
    expect((await offered(repo, 'torn-index')).keys).toEqual([KEY]);
    expect(await offered(repo, 'index-again')).toEqual({ keys: [KEY], processes: 1 });
  });

  test('an edited cache offers nothing that was not approved, and no other text than was', async () => {
    const good = readFileSync(cache, 'utf8');
    const told = await repo.json(['hooks', 'pre-task', '--task-id', 'told', '--description', WORDS]);
    const forge = (edit: (body: string) => string) => writeFileSync(cache, forged(good, edit));
    forge((body) => body.replace(/"of":\d+/, '"of":99'));
    const again = await repo.json(['hooks', 'pre-task', '--task-id', 'again', '--description', WORDS]);
    expect(again.patterns).toEqual(told.patterns);
    forge((body) => body.replaceAll(KEY, 'pattern/calculator/evil'));
    expect((await offered(repo, 'other-key')).keys).toEqual([KEY]);
    // A tag that nobody signed in the place of the approval: neither the cache nor anything else offers it.
    const log = good.split('\n').find((line) => line.startsWith('session-')) ?? '';
    const { id: session, tree, files } = JSON.parse(log.slice(log.indexOf(' '))) as { id: string; tree: string; files: [string, string][] };
    const blob = files[0]?.[1] ?? '';
    const ref = `refs/tags/backup/${session}`;
    const tag = repo.git('rev-parse', ref);
    repo.git('update-ref', ref, repo.git('rev-parse', `${tag}^{commit}`));
    writeFileSync(cache, good);
    expect((await offered(repo, 'unsigned')).keys).toEqual([]);
    repo.git('update-ref', ref, tag);
    expect((await offered(repo, 'signed-again')).keys).toEqual([KEY]);
    // Another blob, another tree, another session, another root of policy: found out.
    const foreign = repo.git('rev-parse', 'HEAD:sessions');
    const hint = join(repo.dir, '.git/git-session/cache/policy-line.json');
    for (const [n, change] of [
      () => forge((body) => body.replaceAll(blob, repo.git('rev-parse', 'HEAD:.sessionrc.yaml'))),
      () => forge((body) => body.replaceAll(tree, foreign)),
      () => forge((body) => body.replaceAll(session, session.replace('first', 'other'))),
      () => writeFileSync(hint, JSON.stringify({ sources: [repo.git('commit-tree', '-m', 'x', 'HEAD^{tree}')] })),
    ].entries()) {
      change();
      expect(await offered(repo, `forged-${n}`), `${n}`).toMatchObject({ keys: [KEY] });
    }
  });

  test('a withdrawn tag, and a pattern that this session replaced, are seen at once', async () => {
    const tag = repo.git('for-each-ref', '--format=%(refname)', 'refs/tags/backup').trim();
    const oid = repo.git('rev-parse', tag).trim();
    repo.git('update-ref', '-d', tag);
    expect((await offered(repo, 'withdrawn')).keys).toEqual([]);
    repo.git('update-ref', tag, oid);
    expect((await offered(repo, 'returned')).keys).toEqual([KEY]);
    await repo.ok(['memory', 'store', KEY, 'better']);
    expect((await offered(repo, 'replaced')).keys).toEqual([]);
  });

  test('of a large log the bytes are kept, and count only where they are the blob that was approved', async () => {
    const large = makeRepo();
    await large.ok(['init', '--yes', '--signing-key', makeSshKey(), '--presence', 'none', '--no-detect']);
    await large.ok(['start', 'first-calculator']);
    await large.ok(['memory', 'store', KEY, '{"approach":"pure functions make a calculator easy to test"}']);
    for (const n of [1, 2, 3]) await large.ok(['memory', 'store', `reasoning-bank/note/${n}`, 'x'.repeat(30_000)]);
    await large.ok(['closeout', '--yes']);
    await large.ok(['start', 'second-calculator']);
    await offered(large, 'cold');
    const told = await large.json(['hooks', 'pre-task', '--task-id', 'told', '--description', WORDS]);
    const folder = join(large.dir, '.git/git-session/cache/logs');
    const [oid = '', ...more] = readdirSync(folder);
    expect(more).toEqual([]);
    expect(large.git('hash-object', '--no-filters', join(folder, oid))).toBe(oid);
    const good = readFileSync(join(folder, oid), 'utf8');
    for (const [n, text] of ['', good.slice(0, -1), good.replace('pure functions', 'evil functions'), 'x'.repeat(good.length)].entries()) {
      writeFileSync(join(folder, oid), text);
      const again = await large.json(['hooks', 'pre-task', '--task-id', `kept-${n}`, '--description', WORDS]);
      expect(again.patterns).toEqual(told.patterns);
    }
    rmSync(folder, { recursive: true });
    expect(await offered(large, 'gone')).toEqual({ keys: [KEY], processes: 1 });
    expect(readdirSync(folder)).toEqual([oid]);
  });
});
