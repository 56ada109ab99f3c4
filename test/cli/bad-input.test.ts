/** Bad input of every kind: its error and exit code, and refs, index, working tree, journal and configuration byte for byte as they were. */

import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { visible } from '../../src/core/text/text.ts';
import { copyOf, makeApprovedRepo, makeSession } from '../support/approved-repo.ts';
import { bytesOf, expectNothingLeft } from '../support/left-behind.ts';
import { CLI, makeRepo, run, TestRepo, tempDir } from '../support/repo.ts';
import { SOAKING } from '../support/soak.ts';

let open: TestRepo;
let id: string;

beforeAll(async () => {
  open = makeApprovedRepo('presence: none\n', { 'x.txt': 'one\n' }).repo;
  id = await makeSession(open);
  open.write('mine.txt', 'mine\n');
  open.git('add', 'mine.txt');
});

/** Every one is refused with the code and words; not a byte is another after any of them, and nothing is left in the end. */
async function refusesAll(repo: TestRepo, commands: string[][], code: number, says: RegExp): Promise<void> {
  const before = bytesOf(repo);
  for (const args of commands) {
    const ran = await repo.session(args);
    expect([args, ran.code, ran.err]).toEqual([args, code, expect.stringMatching(says)]);
    expect(ran.err.match(/^error: /gm), ran.err).toHaveLength(1);
    expect(bytesOf(repo), args.join(' ')).toEqual(before);
  }
}

const IN_SESSION = [
  ['hooks', 'pre-task', '--task-id', 't9', '--description', 'x'],
  ['hooks', 'post-edit', '--file', 'README.md', '--task-id', 't9'],
  ['hooks', 'post-task', '--task-id', 'task-1'],
  ['hooks', 'session-end'],
  ['memory', 'store', 'k', 'v'],
  ['adopt', 'x.txt'],
  ['check'],
  ['closeout', '--yes'],
  ['reject', '--reason', 'x'],
  ['abandon'],
];
const ANYWHERE = [['start', 'another-topic'], ...IN_SESSION, ['switch', '2026'], ['restore', '2026'], ['verify', '--all'], ['status']];

test('no repository, and a bare one', async () => {
  const none = new TestRepo(tempDir());
  await refusesAll(none, ANYWHERE, 1, /not a git repository[\s\S]*next: .*git init/);
  const bare = new TestRepo(join(tempDir(), 'bare.git'));
  open.git('clone', '-q', '--bare', '.', bare.dir);
  await refusesAll(bare, ANYWHERE, 1, /is bare[\s\S]*next: /);
  expectNothingLeft(bare);
});

test('a detached HEAD', async () => {
  const repo = copyOf(open);
  repo.git('switch', '-q', '--detach', 'main');
  await refusesAll(repo, [['start', 'another-topic']], 1, /HEAD is detached[\s\S]*next: .*--base/);
  await refusesAll(repo, IN_SESSION, 1, /No session is checked out here[\s\S]*next: .*git session start/);
  expectNothingLeft(repo);
});

test('in the middle of a merge, what would move branches or files waits', async () => {
  const repo = copyOf(open);
  const branch = repo.git('branch', '--show-current');
  repo.git('commit', '-q', '-m', 'mine');
  repo.git('switch', '-q', 'main');
  repo.commit('other', { 'README.md': 'other\n' });
  repo.git('switch', '-q', branch);
  expect(() => repo.git('merge', '-q', 'main')).toThrow();
  const moving = [['start', 'another-topic'], ['adopt', 'x.txt'], ['abandon'], ['closeout', '--yes'], ['closeout', '--prepare']];
  await refusesAll(repo, moving, 1, /A merge is in progress[\s\S]*next: Finish (the merge|it)/);
  await refusesAll(repo, [['check']], 1, /conflicts with main[\s\S]*README\.md[\s\S]*next: /);
  expectNothingLeft(repo);
});

test('a policy that cannot be read, by line and column', async () => {
  const repo = copyOf(open);
  const branch = repo.git('branch', '--show-current');
  repo.git('commit', '-q', '-m', 'mine');
  repo.git('switch', '-q', 'main');
  repo.write('.sessionrc.yaml', 'version: 1\nchecks: [\n');
  repo.git('commit', '-q', '-S', '-am', 'broken');
  repo.git('switch', '-q', branch);
  const deciding = [['start', 'another-topic'], ['check'], ['closeout', '--yes'], ['closeout', '--prepare'], ['reject', '--reason', 'x']];
  await refusesAll(repo, deciding, 1, /\.sessionrc\.yaml \([0-9a-f]+\):3:1: [\s\S]*next: /);
  expectNothingLeft(repo);
});

test('metadata that is none, and a session that does not exist', async () => {
  const repo = copyOf(open);
  const missing = [
    ['show', '1999'],
    ['switch', '1999'],
    ['closeout', '1999', '--yes'],
    ['verify', '1999'],
    ['restore', '1999'],
    ['abandon', '1999'],
  ];
  await refusesAll(repo, missing, 1, /There is no session[\s\S]*next: /);
  repo.write(`sessions/${id}/metadata.json`, '{ broken');
  repo.git('commit', '-q', '-m', 'broken', '--', 'sessions');
  await refusesAll(
    repo,
    IN_SESSION.filter(([verb]) => verb !== 'adopt'),
    1,
    /cannot be read[\s\S]*metadata\.json it is no JSON[\s\S]*next: /,
  );
  expectNothingLeft(repo);
});

test('a log and a journal with rubbish in them: counted, said, kept byte for byte, and everything else goes on', async () => {
  const repo = copyOf(open);
  const journal = join(repo.dir, '.git/git-session/journal', `${id}.jsonl`);
  const rubbish = Buffer.concat([Buffer.from([0xff, 0xfe, 0x00]), Buffer.from('{"v":1,"id":"half\n\u001b[2J not json\n[]\n')]);
  appendFileSync(journal, rubbish);
  const at = `.swarm/log/${id}`;
  writeFileSync(join(repo.dir, at, 'stranger.1.jsonl'), rubbish);
  repo.git('add', at);
  repo.git('commit', '-q', '-m', 'rubbish', '--', at);
  await repo.ok(['memory', 'store', 'after/rubbish', 'kept']);
  expect((await repo.ok(['memory', 'get', 'after/rubbish'])).out).toBe('kept\n');
  expect((await repo.ok(['memory', 'get', 'swarm/shared/api-contract'])).out).toBe('POST /login\n');
  const status = await repo.json(['status']);
  expect(status.records.bad).toBeGreaterThan(0);
  await repo.ok(['hooks', 'session-end']);
  expect(readFileSync(journal).includes(rubbish)).toBe(true);
  expect(readFileSync(join(repo.dir, at, 'stranger.1.jsonl'))).toEqual(rubbish);
  expect((await repo.session(['status'])).out).not.toContain('\u001b');
  expectNothingLeft(repo);
});

const HOSTILE = [
  '../../etc/passwd',
  '..',
  '-rf',
  '--help',
  '$(touch pwned)',
  '`touch pwned`',
  'a\nb',
  'a\u0000b',
  'a\u001b[2Jb',
  'a\u202eb',
  '\u200f',
  '\u{1f680}\u{1f680}',
  'x'.repeat(10_000),
  'refs/heads/main',
  'a..b',
  'a.lock',
  '@{0}',
  ' ',
  '',
];

test('hostile topics: refused in words, or made into a name that is safe everywhere', async () => {
  const repo = makeRepo();
  for (const topic of HOSTILE) {
    const before = bytesOf(repo);
    const ran = await repo.session(['start', '--topic-stdin', '--json'], { input: topic });
    if (ran.code === 0) {
      const { session } = JSON.parse(ran.out);
      expect(session.id).toMatch(/^session-\d{8}-\d{6}-[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(session.id.length).toBeLessThan(90);
    } else {
      expect([topic, ran.code, ran.err]).toEqual([topic, 2, expect.stringContaining('error: ')]);
      expect(ran.err).toBe(visible(ran.err, '\n'));
      expect(bytesOf(repo)).toEqual(before);
    }
  }
  expect(repo.has('pwned')).toBe(false);
  expectNothingLeft(repo);
});

test('hostile keys, tasks, files and ids reach no shell, no option and no other file', async () => {
  const repo = copyOf(open);
  for (const text of HOSTILE.filter((one) => !one.includes('\u0000') && one.trim() !== '')) {
    for (const args of [
      ['memory', 'store', '--', text, 'v'],
      ['memory', 'get', '--', text],
      ['hooks', 'pre-task', `--task-id=${text}`, '--description', 'x'],
      ['hooks', 'post-edit', `--file=${text}`],
      ['route', '--', text],
      ['show', '--', text],
      ['switch', '--', text],
      ['why', '--', text],
    ].slice(...(SOAKING ? [0] : [0, 4]))) {
      const ran = await repo.session(args);
      expect([args, [0, 1, 2].includes(ran.code), ran.err]).toEqual([args, true, expect.anything()]);
      expect(ran.err).toBe(visible(ran.err, '\n'));
      expect(ran.out).toBe(visible(ran.out, '\n'));
    }
  }
  expect(repo.has('pwned')).toBe(false);
  expect(repo.git('diff', '--cached', '--name-status')).toBe('A\tmine.txt');
  expectNothingLeft(repo);
});

test('an ordinary user who may not write is told so, and nothing changes', async ({ skip }) => {
  const repo = copyOf(open);
  const asRoot = process.getuid?.() === 0;
  if (asRoot && (await run('setpriv', ['--version'])).code !== 0) skip('this runs as root, and setpriv is not installed');
  // Root may write everywhere: nobody owns the repository, so that git trusts it, and no right to write.
  if (asRoot) await run('chown', ['-R', '65534:65534', repo.dir]);
  await run('chmod', ['-R', 'a-w', repo.dir]);
  await run('chmod', ['a+rx', join(repo.dir, '..')]);
  const before = bytesOf(repo);
  const env = {
    GIT_CONFIG_GLOBAL: '/dev/null',
    HOME: '/nonexistent',
    EMAIL: 'dana@example.com',
    GIT_AUTHOR_NAME: 'n',
    GIT_COMMITTER_NAME: 'n',
  };
  const as = asRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
  try {
    for (const args of [['start', 'read-only-place'], ...IN_SESSION.filter(([verb]) => verb !== 'adopt' && verb !== 'check')]) {
      const [file = '', ...line] = [...as, process.execPath, CLI, ...args];
      const ran = await run(file, line, { cwd: repo.dir, env });
      expect([args, ran.code, ran.err]).toEqual([args, 1, expect.stringMatching(/permission|cannot be written|not permitted|read-only/i)]);
      expect(bytesOf(repo)).toEqual(before);
    }
    for (const args of [['status'], ['show'], ['memory', 'get', 'swarm/shared/api-contract'], ['route', 'x.js']]) {
      const [file = '', ...line] = [...as, process.execPath, CLI, ...args];
      const ran = await run(file, line, { cwd: repo.dir, env });
      expect([args, ran.code, ran.err]).toEqual([args, expect.any(Number), expect.not.stringContaining('bug:')]);
      expect(bytesOf(repo)).toEqual(before);
    }
  } finally {
    await run('chmod', ['-R', 'u+w', repo.dir]);
    if (asRoot) await run('chown', ['-R', '0:0', repo.dir]);
  }
});
