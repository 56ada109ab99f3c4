/** Where something of ours fails, a write that could not be judged is refused, in every client's own words, with the reason and what to do; everything else goes on. */

import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CLIENTS, type ClientName } from '../../src/agents/index.ts';
import { HOOK } from '../support/agent.ts';
import { makeApprovedRepo } from '../support/approved-repo.ts';
import { aboutFile, checkForm, refusedBecause, type Sent } from '../support/client-payloads.ts';
import { DIST, makeRepo, makeSshKey, type RunOptions, run, type TestRepo, tempDir } from '../support/repo.ts';
import { startSession } from '../support/started.ts';

const NAMES = Object.keys(CLIENTS) as ClientName[];

type Ask = (sent: Sent, options?: RunOptions & { hook?: string }) => Promise<string | null>;

/** Asks the hook of the build and returns why it refuses; fails the test where the client's turn would break. */
function asker(repo: TestRepo, client: ClientName): Ask {
  return async ({ event, payload }, { hook = HOOK, input = JSON.stringify(payload), ...options } = {}) => {
    const ran = await run(process.execPath, [hook, 'agent', client, event], { cwd: repo.dir, input, ...options });
    expect(ran, event).toMatchObject({ code: 0, err: '' });
    checkForm(client, event, ran.out);
    return refusedBecause(client, ran.out === '' ? null : JSON.parse(ran.out));
  };
}

const WHY = (why: string) =>
  new RegExp(`could not judge this call, so it was not made; nothing has changed\\. Why: .*${why}.*git session doctor`);

const COMPILED = '.git/git-session/cache/policy.json';

/** What may be wrong with ours, and the reason that is told. */
const FAILURES: [what: string, why: string, breakIt: (repo: TestRepo) => RunOptions & { hook?: string; mend?: () => void }][] = [
  [
    'the compiled policy cannot be read',
    'compiled policy',
    (repo) => {
      repo.write(COMPILED, '{"commit":"x","policy":{"version":1,"bra');
      return { mend: () => rmSync(join(repo.dir, COMPILED)) };
    },
  ],
  [
    'the compiled policy is of a newer program',
    'compiled policy',
    (repo) => {
      repo.write(COMPILED, '{"commit":"x","policy":{"version":2,"branch":{},"routing":{}}}');
      return { mend: () => rmSync(join(repo.dir, COMPILED)) };
    },
  ],
  [
    'HEAD is broken',
    'which branch is checked out',
    (repo) => {
      const head = repo.read('.git/HEAD');
      repo.write('.git/HEAD', '');
      return { mend: () => repo.write('.git/HEAD', head) };
    },
  ],
  ['git is gone', 'git cat-file', () => ({ env: { PATH: '/nowhere' } })],
  ['a part of the program is gone', 'Cannot find module', () => ({ hook: buildWithout('gate.cjs', (path) => rmSync(path)) })],
  [
    'a part of the program is broken',
    'Unexpected',
    () => ({ hook: buildWithout('gate.cjs', (path) => writeFileSync(path, 'module.exports = {')) }),
  ],
];

/** A copy of the hooks' bundles with something done to one of them; the path of its entry. */
function buildWithout(name: string, change: (path: string) => void): string {
  const dir = tempDir('gs-build-');
  for (const file of readdirSync(DIST).filter((file) => /\.(cjs|mjs)$/.test(file))) cpSync(join(DIST, file), join(dir, file));
  change(join(dir, name));
  return join(dir, 'hook.cjs');
}

describe.each(NAMES)('%s', (client) => {
  test('the gate refuses on its own failure, says why and what to do, and judges again once that is mended', async () => {
    const repo = makeRepo();
    await startSession(repo, 'auth-system');
    const ask = asker(repo, client);
    // At the root, tracked: whether it is, git has to be asked.
    const write = aboutFile(client, repo.dir, 'README.md', 'before');
    expect(await ask(write)).toBeNull();
    for (const [what, why, breakIt] of FAILURES) {
      const { mend, ...how } = breakIt(repo);
      expect(await ask(write, how), what).toMatch(WHY(why));
      mend?.();
    }
    const how = { hook: buildWithout('gate.cjs', (path) => rmSync(path)) };
    for (const what of ['looks', 'after'] as const) expect(await ask(aboutFile(client, repo.dir, 'README.md', what), how)).toBeNull();
    expect(await ask(write)).toBeNull();
    expect(await ask(aboutFile(client, repo.dir, 'stray.txt', 'before'))).toContain('stray.txt was not written');
  });

  test('a write whose payload is not understood is refused; in a repository without sessions it is not', async () => {
    const repo = makeRepo();
    const ask = asker(repo, client);
    const { event, payload } = aboutFile(client, repo.dir, 'README.md', 'before');
    const whole = JSON.stringify(payload);
    const without = (...names: string[]) => JSON.stringify(payload, (key, value) => (names.includes(key) ? undefined : value));
    const inputs = [
      '',
      whole.slice(0, -40),
      without('session_id', 'sessionId', 'conversation_id'),
      without('cwd', 'workspace_roots'),
      without('tool_name', 'toolName'),
      whole.replaceAll(/"(tool_name|toolName)":"\w+"/g, '"$1":7'),
      JSON.stringify({ ...payload, hook_event_name: 'Other' }),
      // The same for every client.
      ...(client === 'claude' ? ['null', '[]', `[${whole}]`, '"x"', `${whole}x`] : []),
    ];
    expect(await ask({ event, payload }, { input: '' })).toBeNull();
    await startSession(repo, 'auth-system');
    const refusals = await Promise.all(inputs.map((input) => ask({ event, payload }, { input })));
    for (const [i, why] of refusals.entries()) expect(why, inputs[i]).toMatch(WHY('the payload'));
    // Named, but not what it writes.
    expect(await ask({ event, payload }, { input: without('tool_input', 'toolArgs') })).toBe('The call names no file.');
    // A mark of the order of bytes is none of the payload.
    expect(await ask({ event, payload }, { input: `\ufeff${whole}` })).toBeNull();
  });
});

test('a redirected call whose input cannot be written back is refused', async () => {
  const { repo } = makeApprovedRepo('presence: none\nrouting:\n  redirect: true\n');
  await repo.ok(['start', 'auth-system']);
  const write = aboutFile('claude', repo.dir, 'user-guide.md', 'before');
  const ask = asker(repo, 'claude');
  expect(await ask(write)).toBeNull();
  const deep = `"more":${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  const input = JSON.stringify(write.payload).replace('"content":', `${deep},"content":`);
  expect(await ask(write, { input })).toMatch(WHY('call stack'));
});

test('private state that cannot be written costs the gate nothing: it goes on judging', async () => {
  const repo = makeRepo();
  const { id } = await startSession(repo, 'auth-system');
  rmSync(join(repo.dir, '.git/git-session/journal'), { recursive: true });
  repo.write('.git/git-session/journal', 'in the way');
  mkdirSync(join(repo.dir, '.git/git-session/errors.jsonl'));
  for (const client of NAMES) {
    const ask = asker(repo, client);
    expect(await ask(aboutFile(client, repo.dir, `sessions/${id}/artifacts/code/a.js`, 'before'))).toBeNull();
    expect(await ask(aboutFile(client, repo.dir, 'stray.txt', 'before'))).toContain('stray.txt was not written');
    expect(await ask(aboutFile(client, repo.dir, `sessions/${id}/artifacts/code/a.js`, 'after'))).toBeNull();
  }
});

test('what the compiled policy was broken by, the next command mends', async () => {
  const repo = makeRepo();
  await repo.ok(['init', '--yes', '--no-detect', '--no-agent', '--presence', 'none', '--signing-key', makeSshKey()]);
  await startSession(repo, 'auth-system');
  repo.write(COMPILED, '{"commit":');
  const ask = asker(repo, 'claude');
  const write = aboutFile('claude', repo.dir, 'README.md', 'before');
  expect(await ask(write)).toMatch(WHY('compiled policy'));
  await repo.ok(['status']);
  expect(await ask(write)).toBeNull();
});
