/** What arrives on standard input and how: late, in pieces, too much of it, or without an end. The hook answers all the same. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { HOOK, recorded } from '../support/agent.ts';
import { aboutFile, refusedBecause } from '../support/client-payloads.ts';
import { makeRepo, type Ran, run, type TestRepo } from '../support/repo.ts';
import { startSession } from '../support/started.ts';

const ENDED = /ended (\d+)\n$/;

/** Runs the hook with a standard input that stays open: `pieces` are written one after another, and nobody ever ends it. */
async function heldOpen(repo: TestRepo, event: string, pieces: readonly string[], through: 'socket' | 'pipe' = 'socket'): Promise<Ran> {
  const call = [process.execPath, HOOK, 'agent', 'claude', event];
  // The pipe of a shell is one, what node gives its children is a socket: clients have either.
  const [file, args] =
    through === 'socket' ? [call[0] ?? '', call.slice(1)] : ['sh', ['-c', 'cat | { "$@"; echo "ended $?" >&2; }', 'sh', ...call]];
  const child = spawn(file, args, { cwd: repo.dir, detached: true });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    err += text;
  });
  child.stdin.on('error', () => {});
  for (const piece of pieces) await new Promise((done) => child.stdin.write(piece, done));
  if (through === 'pipe') {
    // The shell waits for its `cat`, which waits for us; what comes behind the hook says when it has ended.
    while (!ENDED.test(err)) await once(child.stderr, 'data');
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    return { code: Number(ENDED.exec(err)?.[1]), out, err: err.replace(ENDED, '') };
  }
  const [code] = await once(child, 'close');
  return { code, out, err };
}

test('a client that never ends its input is answered: at once where the payload is whole, after a silence where it is not', async () => {
  const repo = makeRepo();
  await startSession(repo, 'auth-system');
  const text = JSON.stringify(aboutFile('claude', repo.dir, 'stray.txt', 'before').payload);
  const big = JSON.stringify({ ...JSON.parse(text), more: 'x'.repeat(300_000) });
  const half = Math.floor(big.length / 2);
  const ran = await Promise.all([
    heldOpen(repo, 'PreToolUse', [text]),
    heldOpen(repo, 'PreToolUse', [`${text}\n`], 'pipe'),
    heldOpen(repo, 'PreToolUse', [big.slice(0, half), big.slice(half)]),
    heldOpen(repo, 'PreToolUse', [text.slice(0, -9)]),
    heldOpen(repo, 'PreToolUse', [text.slice(0, -9)], 'pipe'),
    heldOpen(repo, 'Stop', ['{']),
  ]);
  const why = ran.slice(0, 5).map(({ out }) => refusedBecause('claude', JSON.parse(out)));
  for (const reason of why.slice(0, 3)) expect(reason).toContain('stray.txt was not written');
  for (const reason of why.slice(3)) expect(reason).toContain('could not judge this call');
  expect(ran.map(({ code, err }) => [code, err])).toEqual(ran.map(() => [0, '']));
  expect(ran[5]?.out).toBe('');
});

test('an edit of 20 MB is recorded, and a prompt of 20 MB goes on', async () => {
  const repo = makeRepo();
  const { id } = await startSession(repo, 'auth-system');
  const file = `sessions/${id}/artifacts/code/big.js`;
  repo.write(file, '// big\n');
  const edit = aboutFile('claude', repo.dir, file, 'after').payload;
  const content = 'x'.repeat(20 << 20);
  const ask = (event: string, payload: object) =>
    run(process.execPath, [HOOK, 'agent', 'claude', event], { cwd: repo.dir, input: JSON.stringify(payload) });
  const big = { ...edit, tool_input: { file_path: join(repo.dir, file), content } };
  expect(await ask('PostToolUse', big)).toEqual({ code: 0, out: '', err: '' });
  expect(repo.read(`.git/git-session/journal/${id}.jsonl`)).toContain('big.js');
  const prompt = { ...recorded('claude', 'UserPromptSubmit-1'), cwd: repo.dir };
  // The second one is what a search for secrets takes longest for.
  for (const text of [content, 'token='.repeat(4 << 20)])
    expect(await ask('UserPromptSubmit', { ...prompt, prompt: text })).toMatchObject({ code: 0, err: '' });
});

test('a client that has gone before the answer costs nothing', async () => {
  const repo = makeRepo();
  await startSession(repo, 'auth-system');
  const child = spawn(process.execPath, [HOOK, 'agent', 'claude', 'PreToolUse'], { cwd: repo.dir });
  child.stdout.destroy();
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    err += text;
  });
  child.stdin.end(JSON.stringify(aboutFile('claude', repo.dir, 'stray.txt', 'before').payload));
  expect([await once(child, 'close'), err]).toEqual([[0, null], '']);
});
