/**
 * What a forge makes of an approved session, reproduced with real git: a bare remote, a clone that merges in the forge's name and signs nothing,
 * and the clone of who sealed it, which pulls and reconciles. Base is never written to.
 */

import { cpSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../src/cli/schemas/reconcile.ts';
import { schema as verifySchema } from '../../src/cli/schemas/verify.ts';
import { installHooks, planHooks, writeHookFiles } from '../../src/lifecycle/hooks/install.ts';
import { forgeRemote } from '../support/forge-programs.ts';
import { approvedRepo, sealSession, workOn } from '../support/landed.ts';
import { DIST, run, TestRepo, tempDir } from '../support/repo.ts';

let sealed: TestRepo;
let id: string;
let seal: string;
let branch: string;

const TEXT = Array.from({ length: 40 }, (_, n) => `line ${n}\n`);
const withLine = (n: number, text: string) => TEXT.map((line, i) => (i === n ? `${text}\n` : line)).join('');

beforeAll(async () => {
  const { repo } = approvedRepo({ policy: 'land:\n  by: pr\n', files: { 'lib.js': TEXT.join('') } });
  id = await workOn(repo, { files: { 'lib.js': withLine(20, 'session'), 'new.js': 'export {};\n' } });
  repo.commit('Second step', { 'second.js': 'export {};\n' });
  branch = repo.git('branch', '--show-current');
  ({ seal } = await sealSession(repo, id as never));
  sealed = repo;
});

interface Hosted {
  dev: TestRepo;
  /** Acts as the forge: on main, and pushes what it makes. */
  forge: TestRepo;
  pushed(): void;
}

/** Pushed branch and tag; `approved: false` leaves the tag out everywhere. */
function hosted(options: { approved?: boolean } = {}): Hosted {
  const dir = join(tempDir(), 'dev');
  cpSync(sealed.dir, dir, { recursive: true });
  const dev = new TestRepo(dir);
  if (options.approved === false) dev.git('tag', '-d', `backup/${id}`);
  const remote = forgeRemote(dev, null);
  dev.git('push', '-q', 'origin', branch, ...(options.approved === false ? [] : [`backup/${id}`]));
  const place = join(tempDir(), 'forge');
  dev.git('clone', '-q', remote, place);
  const forge = new TestRepo(place);
  for (const [key, value] of [
    ['user.name', 'Forge'],
    ['user.email', 'noreply@forge.example'],
  ])
    forge.git('config', key ?? '', value ?? '');
  forge.git('branch', '-q', branch, `origin/${branch}`);
  return { dev, forge, pushed: () => forge.git('push', '-q', 'origin', 'main') };
}

/** Pulls as a person does, and reconciles; base must be what the forge made of it. */
async function reconciled({ dev, pushed }: Hosted) {
  pushed();
  dev.git('fetch', '-q', '--tags', 'origin', 'main:main');
  const main = dev.git('rev-parse', 'main');
  const { sessions } = schema.parse(await dev.json(['reconcile']));
  expect([dev.git('rev-parse', 'main'), dev.git('status', '--porcelain')]).toEqual([main, '']);
  expect(sessions).toHaveLength(1);
  return sessions[0] as NonNullable<(typeof sessions)[0]>;
}

const merge = (forge: TestRepo) => forge.git('merge', '-q', '--no-ff', '-m', `Merge pull request #7 from acme/${branch}`, branch);
const squash = (forge: TestRepo, ...message: string[]) => {
  forge.git('merge', '-q', '--squash', branch);
  forge.git('commit', '-q', ...(message.length > 0 ? message.flatMap((text) => ['-m', text]) : ['--no-edit']));
};
/** Every commit again on top of main, as a forge's rebase does it, without signatures. */
const rebase = (forge: TestRepo) => {
  forge.git('switch', '-q', '--detach', branch);
  forge.git('rebase', '-q', '--no-gpg-sign', '--force-rebase', 'main');
  forge.git('switch', '-q', '-C', 'main');
  forge.git('branch', '-q', '--set-upstream-to=origin/main');
};
const both = (first: (forge: TestRepo) => void, second: (forge: TestRepo) => void) => (forge: TestRepo) => {
  first(forge);
  second(forge);
};
const sameFile = (forge: TestRepo) => forge.commit('Same file', { 'lib.js': withLine(2, 'base') });
const meanwhile = (forge: TestRepo) => forge.commit('Meanwhile', { 'other.js': 'export {};\n' });

describe('landed whole', () => {
  test.each<[string, string, (forge: TestRepo) => void]>([
    ['a merge commit', 'exact', merge],
    ['a squash with the default message', 'exact', (forge) => squash(forge)],
    ['a squash with an edited message', 'exact', (forge) => squash(forge, 'Calculator (#7)', 'Co-authored-by: Bot <bot@example.com>')],
    ['a rebase', 'exact', rebase],
    ['a merge commit on a base that had moved', 'as approved', both(meanwhile, merge)],
    ['a rebase on a base that had moved', 'as approved', both(meanwhile, rebase)],
    ['a squash beside another change of the same file', 'as approved', both(sameFile, squash)],
    ['a rebase beside another change of the same file', 'as approved', both(sameFile, rebase)],
    [
      'a merge after “update branch”',
      'updated',
      (forge) => {
        meanwhile(forge);
        forge.git('switch', '-q', branch);
        forge.git('merge', '-q', '--no-ff', '-m', `Merge branch 'main' into ${branch}`, 'main');
        forge.git('switch', '-q', 'main');
        merge(forge);
      },
    ],
  ])('%s: %s', async (_, verdict, act) => {
    const at = hosted();
    act(at.forge);
    const found = await reconciled(at);
    expect(found).toMatchObject({ found: 'landed', verdict, paths: [] });
    expect(found.notes.join('\n')).not.toContain('did not land');
    const { dev } = at;
    expect([dev.git('branch', '--show-current'), dev.git('branch', '--list', branch)]).toEqual(['main', '']);
    expect((await dev.session(['verify', id])).code).toBe(0);
    expect((await dev.json(['reconcile'])).sessions).toEqual([]);
  });

  test.each(['', ', and whose tidying was killed'])('a pattern that was stored after the seal stays, and is named%s', async (killed) => {
    const at = hosted();
    const { dev } = at;
    const journal = `.git/git-session/journal/${id}.jsonl`;
    await dev.ok(['memory', 'store', 'pattern/late', '{"approach":"late","success_rate":100,"reusable":true}']);
    await dev.ok(['memory', 'store', 'swarm/shared/late', 'of the session alone']);
    const before = dev.read(journal);
    if (killed) {
      mkdirSync(join(dev.dir, '.git/git-session/closed'), { recursive: true });
      renameSync(join(dev.dir, journal), join(dev.dir, `.git/git-session/closed/${id}.jsonl`));
    }
    merge(at.forge);
    const { notes } = await reconciled(at);
    expect(notes.join('\n')).toMatch(/1 record was written while it landed and did not land with it: .*journal/);
    expect(dev.read(journal)).toBe(before);
  });

  test('and the remote’s branch deleted', async () => {
    const at = hosted();
    squash(at.forge, 'Calculator (#7)');
    at.forge.git('push', '-q', 'origin', '--delete', branch);
    at.dev.git('fetch', '-q', '--prune', 'origin');
    expect(await reconciled(at)).toMatchObject({ verdict: 'exact' });
    expect(at.dev.git('branch', '--list', branch)).toBe('');
  });

  test('git pull in a checkout of base tells it by itself: the hook of post-merge', async () => {
    const { dev, forge, pushed } = hosted();
    const open = await dev.open();
    writeHookFiles(open, await planHooks(open));
    await installHooks(open);
    dev.write('.git/git-session/tool', `${process.execPath}\n${join(DIST, 'hook.cjs')}\n`);
    squash(forge, 'Calculator (#7)');
    pushed();
    dev.git('switch', '-q', 'main');
    const { out, err } = await run('git', ['pull', '--ff-only'], { cwd: dev.dir });
    const said = out + err;
    expect(said).toContain(`${id} has landed on main`);
    expect(said).toContain('exact');
  });
});

describe('landed otherwise', () => {
  const expected = async (at: Hosted, verdict: string, paths: string[], code = 4) => {
    const found = await reconciled(at);
    expect(found).toMatchObject({ verdict, paths });
    expect((await at.dev.session(['verify', id])).code).toBe(code);
    return found;
  };

  test('a squash in which somebody resolved a conflict: edited, and where', async () => {
    const at = hosted();
    at.forge.commit('Same line', { 'lib.js': withLine(20, 'base') });
    expect(() => at.forge.git('merge', '-q', '--squash', branch)).toThrow();
    at.forge.commit('Calculator (#7)', { 'lib.js': withLine(20, 'session and base') });
    const found = await expected(at, 'edited', ['lib.js']);
    expect(found.notes.join()).toContain('landed other content than was approved: lib.js');
  });

  test('a squash that brought a file more, and a rebase with a commit edited on the way: edited', async () => {
    const at = hosted();
    at.forge.git('merge', '-q', '--squash', branch);
    at.forge.commit('Calculator (#7)', { 'smuggled.js': 'evil();\n' });
    await expected(at, 'edited', ['smuggled.js']);

    const other = hosted();
    const [last = '', ...earlier] = other.forge.git('rev-list', `main..${branch}`).split('\n');
    other.forge.git('cherry-pick', ...earlier.reverse());
    other.forge.write('lib.js', withLine(2, 'evil').replace('line 20', 'session'));
    other.forge.git('commit', '-q', '-a', '--amend', '--no-edit');
    other.forge.git('cherry-pick', last);
    await expected(other, 'edited', ['lib.js']);
  });

  test('“commit suggestion” after the seal: changed after the seal, or edited once it is squashed', async () => {
    for (const [land, verdict] of [
      [merge, 'changed after the seal'],
      [(forge: TestRepo) => squash(forge, 'Calculator (#7)'), 'edited'],
    ] as const) {
      const at = hosted();
      at.forge.git('switch', '-q', branch);
      const commit = at.forge.commit('Apply suggestion', { 'lib.js': withLine(20, 'suggested') });
      at.forge.git('switch', '-q', 'main');
      land(at.forge);
      const found = await expected(at, verdict, ['lib.js']);
      if (land === merge) expect(found.notes.join()).toContain(`${commit.slice(0, 10)} (lib.js)`);
    }
  });

  test('one commit of it picked: partial, and the clone is left as it is', async () => {
    const at = hosted();
    at.forge.git('cherry-pick', at.forge.git('log', '-1', '--format=%H', '--grep=Second step', branch));
    const before = at.dev.git('rev-parse', branch);
    const found = await expected(at, 'partial', ['second.js']);
    expect(found).toMatchObject({ found: 'open', commit: null });
    expect([at.dev.git('branch', '--show-current'), at.dev.git('rev-parse', branch)]).toEqual([branch, before]);
    const report = verifySchema.parse(JSON.parse((await at.dev.session(['verify', id, '--json'])).out));
    expect(report.sessions[0]).toMatchObject({ verdict: 'unverified', landing: null });
  });

  test('reverted: named, with the commit that did it', async () => {
    const at = hosted();
    merge(at.forge);
    at.forge.git('revert', '--no-edit', '-m', '1', 'HEAD');
    const revert = at.forge.git('rev-parse', 'HEAD');
    const found = await expected(at, 'reverted', [], 0);
    expect(found.notes.join()).toContain(`${revert.slice(0, 10)} took it back`);
    expect(at.dev.git('branch', '--list', branch)).not.toBe('');
  });

  test('without an approval: unapproved; with a tag that is nobody’s: unverified', async () => {
    const at = hosted({ approved: false });
    squash(at.forge, 'Calculator (#7)');
    await expected(at, 'unapproved', []);
    expect(at.dev.git('branch', '--list', branch)).not.toBe('');

    const forged = hosted({ approved: false });
    forged.dev.git('tag', '-a', '-m', `Backup of ${id}`, `backup/${id}`, seal);
    merge(forged.forge);
    const found = await expected(forged, 'unverified', []);
    expect(found.notes.length).toBeGreaterThan(0);
  });

  test('a branch that went on: landed, and left to whoever works on it', async () => {
    const at = hosted();
    squash(at.forge, 'Calculator (#7)');
    const tip = at.dev.commit('Going on', { 'next.js': 'export {};\n' });
    const found = await reconciled(at);
    expect(found).toMatchObject({ found: 'landed', verdict: 'exact' });
    expect(found.notes.join()).toContain('commits after the seal that have not landed');
    expect([at.dev.git('branch', '--show-current'), at.dev.git('rev-parse', branch)]).toEqual([branch, tip]);
  });
});
