/** Links that an agent put into its session lead nowhere, and its control characters reach no terminal. */

import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { schema as listSchema } from '../../src/cli/schemas/list.ts';
import { copyOf, makeApprovedRepo, makeSession } from '../support/approved-repo.ts';
import { programAtTerminal } from '../support/pty.ts';
import { CLI, run, type TestRepo } from '../support/repo.ts';

let open: TestRepo;
let id: string;

beforeAll(async () => {
  open = makeApprovedRepo().repo;
  id = await makeSession(open);
});

describe('a link', () => {
  test('in place of a draft is replaced, and what it points at stays', async () => {
    const repo = copyOf(open);
    const outside = join(repo.dir, '..', 'outside.txt');
    writeFileSync(outside, 'mine\n');
    const draft = join(repo.dir, `sessions/${id}/session-summary.md`);
    symlinkSync(outside, draft);
    await repo.ok(['hooks', 'session-end']);
    expect(readFileSync(outside, 'utf8')).toBe('mine\n');
    expect([lstatSync(draft).isFile(), readFileSync(draft, 'utf8')]).toEqual([true, expect.stringContaining('## Session Summary')]);
    expect(readdirSync(join(repo.dir, `sessions/${id}`)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('in place of the session folder is refused by session-end, and adopt does not follow one either', async () => {
    const repo = copyOf(open);
    const outside = join(repo.dir, '..', 'outside');
    const folder = join(repo.dir, `sessions/${id}`);
    renameSync(folder, outside);
    symlinkSync(outside, folder);
    const before = readdirSync(outside).sort();
    const ended = await repo.session(['hooks', 'session-end']);
    expect([ended.code, ended.err]).toEqual([1, expect.stringContaining('is no folder of this working tree')]);
    repo.write('helper.js', 'x\n');
    const adopted = await repo.session(['adopt', 'helper.js']);
    expect(adopted.code).not.toBe(0);
    expect(repo.read('helper.js')).toBe('x\n');
    expect(readdirSync(outside).sort()).toEqual(before);
  });

  test('in place of an artifact folder takes no file', async () => {
    const repo = copyOf(open);
    const outside = join(repo.dir, '..', 'outside');
    const scripts = join(repo.dir, `sessions/${id}/artifacts/scripts`);
    mkdirSync(outside);
    if (existsSync(scripts)) renameSync(scripts, join(repo.dir, '..', 'scripts'));
    symlinkSync(outside, scripts);
    repo.write('helper.sh', 'x\n');
    const adopted = await repo.session(['adopt', 'helper.sh']);
    expect([adopted.code, adopted.err]).toEqual([1, expect.stringContaining('is no folder of this working tree')]);
    expect([repo.read('helper.sh'), readdirSync(outside)]).toEqual(['x\n', []]);
  });
});

test.each([
  ['a base that is no branch', { base: 'main~3' }, 'base is "main~3"'],
  ['another version', { version: 99 }, 'version is 99'],
])('a session with %s is named, with the cause', async (_, change, cause) => {
  const repo = copyOf(open);
  const path = `sessions/${id}/metadata.json`;
  repo.write(path, JSON.stringify({ ...JSON.parse(repo.read(path)), ...change }));
  repo.git('-c', 'core.hooksPath=/dev/null', 'commit', '-q', '-m', 'Edit', '--', path);
  const listed = await repo.session(['list']);
  expect([listed.code, listed.err]).toEqual([0, expect.stringContaining(`${id} cannot be read: in ${path} ${cause}`)]);
  expect(listed.out).not.toContain('No sessions yet');
  expect(listSchema.parse(await repo.json(['list'])).unreadable).toMatchObject([{ id }]);
  expect((await repo.json(['status'])).notes).toContainEqual(expect.stringContaining(cause));
  for (const args of [['show'], ['show', id]]) {
    const shown = await repo.session(args);
    expect([shown.code, shown.err]).toEqual([1, expect.stringContaining(cause)]);
  }
});

test('a value is printed as stored in a pipe, and made visible at a terminal', async () => {
  const repo = copyOf(open);
  await repo.ok(['memory', 'store', 'swarm/shared/bell', 'a\u0007\u009bb\nc\t']);
  expect((await repo.session(['memory', 'get', 'swarm/shared/bell'])).out).toBe('a\u0007\u009bb\nc\t\n');
  const terminal = programAtTerminal(process.execPath, [CLI, 'memory', 'get', 'swarm/shared/bell'], repo.dir);
  await terminal.exit;
  expect(terminal.text()).toContain('a^G\\u{9b}b\nc');
});

test('a pipe that is named like a log file of another clone is not read: memory is stored and heard of', async () => {
  const repo = copyOf(open);
  await run('mkfifo', [join(repo.dir, `.swarm/log/${id}/0000.1.jsonl`)]);
  await repo.ok(['memory', 'store', 'swarm/shared/pipe', 'kept']);
  expect((await repo.ok(['memory', 'get', 'swarm/shared/pipe'])).out).toContain('kept');
  const told = await repo.session(['memory', 'search', 'kept']);
  expect([told.code, told.out]).toEqual([0, expect.stringContaining('swarm/shared/pipe')]);
}, 20_000);
