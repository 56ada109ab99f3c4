/** What earlier versions of `init` wrote, kept since then: `init` brings it up to date in its place, and `uninstall` takes it out to the byte. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { signer, signWith } from '../support/approved-repo.ts';
import { makeRepo, makeSshKey, ROOT, run, TestRepo, tempDir } from '../support/repo.ts';

const OLDER = join(ROOT, 'test/fixtures/formats/older');
const AGENTS = ['claude', 'codex', 'gemini', 'copilot', 'opencode', 'cursor', 'generic'].flatMap((name) => ['--agent', name]);
const YES = ['init', '--yes', '--no-detect', '--presence', 'none'];

let key: string;
/** What this version's init makes of the same repository, by path. */
let fresh: Map<string, string>;

/** A clone of the repository as it was before any init. */
async function before(): Promise<TestRepo> {
  const dir = join(tempDir(), 'repo');
  await run('git', ['clone', '-q', '-b', 'before', join(OLDER, 'inits.bundle'), dir]);
  const repo = new TestRepo(dir);
  repo.git('switch', '-q', '-C', 'main', '--no-track');
  signWith(repo, key);
  return repo;
}

/** The same as an earlier init left it: its files, and its message, with an approver whose key is there. */
async function asLeftBy(init: string): Promise<TestRepo> {
  const repo = await before();
  repo.git('checkout', '-q', `origin/${init}`, '--', '.');
  repo.write('.swarm/allowed_signers', signer('dana@example.com', key));
  repo.git('add', '-A');
  const blob = repo.git('rev-parse', ':.swarm/allowed_signers');
  const message = repo.git('log', '-1', '--format=%B', `origin/${init}`).replace(/(allowed_signers \(\.\.)[0-9a-f]+/, `$1${blob}`);
  repo.git('commit', '-q', '-S', '-m', message);
  repo.git('remote', 'remove', 'origin');
  repo.git('branch', '-q', '-D', 'before');
  return repo;
}

const filesOf = (repo: TestRepo) =>
  new Map(
    repo
      .git('ls-files')
      .split('\n')
      .map((path) => [path, path.endsWith('settings.json') ? sorted(repo.read(path)) : repo.read(path)]),
  );

/** What is in settings, whatever the order of events and of the entries of one. */
function sorted(json: string): string {
  const { hooks, ...rest } = JSON.parse(json);
  const entries = Object.entries(hooks ?? {}).flatMap(([event, list]) => (list as object[]).map((one) => JSON.stringify([event, one])));
  return JSON.stringify([rest, entries.sort()], null, 2);
}

beforeAll(async () => {
  key = makeSshKey();
  const repo = await before();
  repo.git('remote', 'remove', 'origin');
  repo.git('branch', '-q', '-D', 'before');
  await repo.ok([...YES, '--signing-key', key, ...AGENTS]);
  fresh = filesOf(repo);
});

/** Of the first two no commit tells what package.json was: husky there may be the person's own. */
async function uninstalled(repo: TestRepo, init: string): Promise<void> {
  const first = repo.git('rev-list', '--max-parents=0', 'HEAD');
  await repo.ok(['uninstall', '--yes']);
  expect(repo.git('diff', '--name-only', first, 'HEAD')).toBe(init < 'init-3' ? 'package.json' : '');
  expect(repo.git('status', '--porcelain')).toBe('');
  expect(existsSync(join(repo.dir, '.git/git-session'))).toBe(false);
}

test.each(['init-1', 'init-2', 'init-3', 'init-4', 'init-5'])(
  '%s: init changes what this version writes otherwise, adds nothing twice, has then nothing to do, and uninstall takes all of it out',
  async (init) => {
    const repo = await asLeftBy(init);
    const policy = repo.read('.sessionrc.yaml');
    await repo.ok([...YES, ...AGENTS]);
    const now = filesOf(repo);
    expect([...now.keys()].sort()).toEqual([...fresh.keys()].sort());
    for (const [path, text] of now)
      if (path !== '.sessionrc.yaml' && path !== '.swarm/allowed_signers') expect(text, path).toBe(fresh.get(path));
    // A policy is people's to change; an earlier one is read.
    expect(repo.read('.sessionrc.yaml')).toBe(policy);
    expect((await repo.json([...YES, ...AGENTS])).files).toEqual([]);
    expect(repo.git('status', '--porcelain')).toBe('');
    await uninstalled(repo, init);
  },
);

test.each(['init-1', 'init-4'])('%s: uninstall takes out what was never brought up to date', async (init) => {
  const repo = await asLeftBy(init);
  await repo.ok(['status']);
  await uninstalled(repo, init);
});

/** A clone that an earlier `init --local` set up: settings, files and policy as it left them. */
function localLeftBy(sample: string): { repo: TestRepo; config: string; tree: string } {
  const repo = makeRepo({ files: { '.claude/settings.json': '{\n  "model": "opus"\n}\n' } });
  execFileSync('sh', ['-c', 'rm -rf .git/info'], { cwd: repo.dir });
  const text = readFileSync(join(OLDER, sample, 'set-up.json'), 'utf8')
    .replaceAll('/home/dana/repo', repo.dir)
    .replaceAll('/home/dana/.ssh/id_ed25519', key);
  const kept = JSON.parse(text) as {
    settings: { key: string; after: string }[];
    files: { path: string; before: string | null; after: string }[];
  };
  for (const { path, before } of kept.files) if (before !== null) repo.write(path.slice(repo.dir.length + 1), before);
  const was = { repo, config: repo.git('config', '--local', '--list'), tree: checksums(repo) };
  for (const { path, after } of kept.files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, after);
  }
  for (const setting of kept.settings) repo.git('config', setting.key, setting.after);
  repo.write('.git/git-session/set-up.json', text);
  repo.write(
    '.git/git-session/local/.sessionrc.yaml',
    readFileSync(join(OLDER, sample, 'sessionrc.yaml'), 'utf8').replace(/^presence: .*$/m, 'presence: none'),
  );
  repo.write('.git/git-session/local/.swarm/allowed_signers', signer('dana@example.com', key));
  return was;
}

/** Files of the checkout, and of the git dir that people may have written. */
const checksums = (repo: TestRepo) =>
  execFileSync(
    'sh',
    [
      '-c',
      'find . -path ./.git/git-session -prune -o -path ./.git/objects -prune -o -type f -print | grep -v "^./.git/[^/]*$" | sort | xargs cksum',
    ],
    { cwd: repo.dir, encoding: 'utf8' },
  );

describe.each(['local-1', 'local-2'])('%s', (sample) => {
  test('init --local brings the clone up to date, and uninstall puts it back to the byte', async () => {
    const { repo, config, tree } = localLeftBy(sample);
    const other = makeRepo({ files: { '.claude/settings.json': '{\n  "model": "opus"\n}\n' } });
    await other.ok(['init', '--local', '--yes', '--no-detect', '--signing-key', key, '--agent', 'claude']);
    await repo.ok(['init', '--local', '--yes', '--no-detect', '--agent', 'claude']);
    const own = '.claude/settings.local.json';
    expect(sorted(repo.read(own))).toBe(sorted(other.read(own)));
    expect(repo.read('.swarm/hook.sh')).toBe(other.read('.swarm/hook.sh'));
    expect(repo.git('status', '--porcelain')).toBe('');
    await repo.ok(['uninstall', '--local', '--yes']);
    expect(repo.git('config', '--local', '--list')).toBe(config);
    expect(checksums(repo)).toBe(tree);
  });
});
