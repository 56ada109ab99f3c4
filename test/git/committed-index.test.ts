import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { copyIndexCommitted } from '../../src/git/committed-index.ts';
import { indexEntries, stagedAmong } from '../../src/git/entries.ts';
import { surelyHolds } from '../../src/git/index-proof.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';

const PATH = 'src/a.js';
const LATER = 'written after it was committed\n';

interface Case {
  /** What the commit makes of the file; null deletes it. */
  committed?: string | null;
  /** Before the commit is known, and before the index is made. */
  before?: (repo: TestRepo) => void;
  /** After it was hashed. */
  meanwhile?: (repo: TestRepo) => void;
  /** What `git status` says of it afterwards. */
  status: string;
}

const file = (repo: TestRepo) => join(repo.dir, PATH);
const CASES: Record<string, Case> = {
  'the file as it was committed': { status: '' },
  'a file that is new': { before: (repo) => repo.git('rm', '-q', '--cached', PATH), status: '' },
  'a file that somebody changes meanwhile': { meanwhile: (repo) => repo.write(PATH, LATER), status: ` M ${PATH}` },
  'a file that vanishes meanwhile': { meanwhile: (repo) => rmSync(file(repo)), status: ` D ${PATH}` },
  'a file that becomes a folder': {
    meanwhile: (repo) => {
      rmSync(file(repo));
      mkdirSync(file(repo));
      repo.write(`${PATH}/in.js`, LATER);
    },
    status: ` D ${PATH}`,
  },
  'a file that becomes executable': { meanwhile: (repo) => chmodSync(file(repo), 0o755), status: ` M ${PATH}` },
  'a file that is deleted': { committed: null, meanwhile: (repo) => rmSync(file(repo)), status: '' },
  'a deleted file that comes back': { committed: null, meanwhile: (repo) => repo.write(PATH, LATER), status: `?? ${PATH}` },
  'a file that is assumed unchanged': { before: (repo) => repo.git('update-index', '--assume-unchanged', PATH), status: '' },
  'a file outside a sparse checkout': { before: (repo) => repo.git('update-index', '--skip-worktree', PATH), status: '' },
  'a file announced with git add -N': {
    before: (repo) => {
      repo.git('rm', '-q', '--cached', PATH);
      repo.git('add', '-N', PATH);
    },
    status: '',
  },
};

describe.each(['plain', 'split', 'compressed'])(
  'a %s index after a commit holds what was committed, whatever the working tree does',
  (kind) => {
    test.each(Object.entries(CASES))('%s', async (_, { committed = 'committed\n', before, meanwhile, status }) => {
      const repo = makeRepo({ files: { [PATH]: '1\n', 'src/b.js': 'b\n' } });
      if (kind === 'split') repo.git('update-index', '--split-index');
      if (kind === 'compressed') repo.git('update-index', '--index-version', '4');
      before?.(repo);
      if (committed !== null) repo.write(PATH, committed);
      repo.write('src/b.js', 'staged\n');
      repo.git('add', 'src/b.js');
      const side = join(repo.dir, '.git/side');
      const onSide = (...args: string[]) =>
        execFileSync('git', args, { cwd: repo.dir, encoding: 'utf8', env: { ...process.env, GIT_INDEX_FILE: side } }).trimEnd();
      const oid = committed === null ? null : repo.git('hash-object', '-w', PATH);
      const tree = committed === null ? repo.git('rev-parse', 'HEAD^{tree}') : makeTree(repo, String(oid));
      const commit = committed === null ? withoutFile(repo) : repo.git('commit-tree', tree, '-p', 'HEAD', '-m', 'x');
      meanwhile?.(repo);
      await copyIndexCommitted(await repo.open(), side, [{ path: PATH, oid, mode: '100644' }]);
      expect(onSide('diff-index', '--cached', '--name-status', commit)).toBe('M\tsrc/b.js');
      // Not refreshed: what it does not know as unchanged, it would name.
      expect(onSide('diff-files', '--name-only')).toBe(status.startsWith(' ') ? PATH : '');
      repo.git('update-ref', 'HEAD', commit);
      expect(onSide('status', '--porcelain').split('\n').sort()).toEqual(['M  src/b.js', status].filter(Boolean).sort());
      expect(objectsWith(repo, LATER)).toBe('missing');
    });
  },
);

test.each(['sha1', 'sha256'])('an index is believed of what git says of it, and of nothing else (%s)', async (format) => {
  const repo = makeRepo();
  repo.git('init', '-q', `--object-format=${format}`, 'inner');
  const git = (...args: string[]) => execFileSync('git', ['-C', join(repo.dir, 'inner'), ...args], { encoding: 'utf8' }).trim();
  const long = `${'l'.repeat(250)}/${'m'.repeat(250)}/n.js`;
  for (const path of ['a.js', 'src/a.js', 'run.sh', long, 'skipped.js']) repo.write(`inner/${path}`, `${path}\n`);
  chmodSync(join(repo.dir, 'inner/run.sh'), 0o755);
  git('add', '.');
  repo.write('inner/later.js', 'later\n');
  git('add', '-N', 'later.js');
  git('update-index', '--skip-worktree', 'skipped.js');
  const index = join(repo.dir, 'inner/.git/index');
  const said = git('ls-files', '-s', '-z')
    .split('\0')
    .filter(Boolean)
    .map((row) => {
      const [mode, oid] = row.split(' ') as ['100644' | '100755', string];
      return { path: row.slice(row.indexOf('\t') + 1), oid, mode };
    });
  const plain = said.filter(({ path }) => path !== 'skipped.js' && path !== 'later.js');
  expect(plain).toHaveLength(4);
  expect(surelyHolds(index, plain)).toBe(true);
  // What has flags is left to git.
  for (const one of said.filter((row) => !plain.includes(row))) expect(surelyHolds(index, [one])).toBe(false);
  for (const [n, one] of plain.entries()) {
    const others = [
      { ...one, oid: plain[(n + 1) % plain.length]?.oid ?? '' },
      { ...one, mode: one.mode === '100644' ? ('100755' as const) : ('100644' as const) },
      { ...one, path: `x${one.path}` },
      { ...one, path: one.path.slice(1) },
      { ...one, path: `${one.path}x` },
      { ...one, oid: null },
    ];
    for (const other of others) expect(surelyHolds(index, [other])).toBe(false);
  }
});

test('many paths at once are answered from the whole index', async () => {
  const paths = Array.from({ length: 30 }, (_, n) => `src/f${n}.js`);
  const repo = makeRepo({ files: Object.fromEntries(paths.map((path) => [path, `${path}\n`])) });
  const opened = await repo.open();
  repo.write('src/f3.js', 'staged\n');
  repo.write('other.js', 'staged, and not asked for\n');
  repo.git('add', '.');
  repo.git('rm', '-q', '--cached', 'src/f4.js');
  expect([...(await stagedAmong(opened, 'HEAD', [...paths, 'none.js']))]).toEqual(['src/f3.js', 'src/f4.js']);
  const found = await indexEntries(opened, [...paths, 'none.js']);
  expect(found.size).toBe(31);
  expect([...found].filter(([, entry]) => entry === null).map(([path]) => path)).toEqual(['src/f4.js', 'none.js']);
  expect(found.get('src/f3.js')).toEqual({ oid: repo.git('rev-parse', ':src/f3.js'), mode: '100644' });
});

/** HEAD's tree with the file as that blob, made beside the index. */
function makeTree(repo: TestRepo, oid: string): string {
  return inScratch(repo, ['update-index', '--add', '--cacheinfo', `100644,${oid},${PATH}`]);
}

function withoutFile(repo: TestRepo): string {
  return repo.git('commit-tree', inScratch(repo, ['rm', '-q', '--cached', PATH]), '-p', 'HEAD', '-m', 'x');
}

function inScratch(repo: TestRepo, args: string[]): string {
  const env = { ...process.env, GIT_INDEX_FILE: join(repo.dir, '.git/scratch') };
  const git = (...words: string[]) => execFileSync('git', words, { cwd: repo.dir, encoding: 'utf8', env }).trim();
  git('read-tree', 'HEAD');
  git(...args);
  return git('write-tree');
}

function objectsWith(repo: TestRepo, content: string): string {
  const oid = execFileSync('git', ['hash-object', '--stdin'], { cwd: repo.dir, input: content, encoding: 'utf8' }).trim();
  const said = execFileSync('git', ['cat-file', '--batch-check'], { cwd: repo.dir, input: `${oid}\n`, encoding: 'utf8' }).trim();
  return said.replace(`${oid} `, '');
}
