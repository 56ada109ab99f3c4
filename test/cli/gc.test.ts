/** `git session gc`: it says what would go, and only what is held elsewhere or old goes. */

import { describe, expect, test } from 'vitest';
import { schema } from '../../src/cli/schemas/gc.ts';
import { judgeTrash, type TrashItem } from '../../src/core/trash.ts';
import { makeApprovedRepo } from '../support/approved-repo.ts';
import { makeRepo, run, type TestRepo } from '../support/repo.ts';
import { startSession } from '../support/started.ts';

const TRASH = 'refs/git-session/trash/';
const DAY = 24 * 60 * 60 * 1000;
const ago = (days: number) => new Date(Date.now() - days * DAY).toISOString();

async function gc(repo: TestRepo, ...args: string[]) {
  const facts = await repo.json(['gc', ...args]);
  schema.parse(facts);
  return facts;
}

const verdicts = (facts: { trash: { ref: string; goes: boolean; why: string }[] }) =>
  Object.fromEntries(facts.trash.map(({ ref, goes, why }) => [ref.replace(TRASH, ''), `${goes ? 'goes' : 'stays'}: ${why}`]));

/** A ref in the trash, moved there so many days ago, holding a commit of its own or one that is given. */
async function dropped(repo: TestRepo, name: string, days: number, commit?: string): Promise<string> {
  const oid = commit ?? repo.git('commit-tree', '-m', `dropped ${name}`, 'main^{tree}');
  const env = { GIT_COMMITTER_DATE: ago(days) };
  await run('git', ['update-ref', '--create-reflog', '-m', 'test', `${TRASH}${name}`, oid], { cwd: repo.dir, env });
  return oid;
}

describe('gc', () => {
  test('where no terminal folds it a line is a line', async () => {
    const repo = makeRepo();
    const name = `undone/${'long-name-'.repeat(8)}/1`;
    await dropped(repo, name, 61);
    const { out } = await repo.ok(['gc', '--dry-run']);
    expect(out.split('\n').slice(0, 2)).toEqual([
      `goes   ${name} (past its retention)`,
      expect.stringMatching(`^ {7}dropped ${name}; since .* 61 days; 1 commit only here$`),
    ]);
  });

  test('shows what would go, and removes what is old or held by a branch; the objects of the rest stay', async () => {
    const repo = makeRepo();
    const old = await dropped(repo, 'undone/a/1', 61);
    const young = await dropped(repo, 'undone/b/1', 59);
    await dropped(repo, 'undone/c/1', 1, repo.git('rev-parse', 'main'));
    repo.git('update-ref', `${TRASH}undone/d/1`, old);
    await dropped(repo, 'undone/e/1', 70, repo.git('rev-parse', 'main'));
    const before = repo.snapshot();
    const expected = {
      'undone/a/1': 'goes: past its retention',
      'undone/b/1': 'stays: not old enough',
      'undone/c/1': 'stays: not old enough',
      'undone/d/1': 'stays: age not recorded',
      'undone/e/1': 'goes: held elsewhere',
    };
    const dry = await gc(repo, '--dry-run');
    expect([verdicts(dry), dry.done, repo.snapshot()]).toEqual([expected, false, before]);
    expect(dry.trash[0]).toMatchObject({
      subject: 'dropped undone/a/1',
      commits_only_here: 1,
      since: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      days: 61,
    });
    const { out } = await repo.ok(['gc', '--dry-run']);
    expect(out).toMatch(
      /^goes {3}undone\/a\/1 \(past its retention\)\n {7}dropped undone\/a\/1; since \d{4}-\d\d-\d\d, 61 days; 1 commit only here\n/,
    );

    const asked = await repo.session(['gc']);
    expect([asked.code, repo.snapshot()]).toEqual([3, before]);

    const done = await gc(repo, '--yes');
    expect([verdicts(done), done.done]).toEqual([expected, true]);
    const left = repo.git('for-each-ref', '--format=%(refname) %(objectname)', TRASH).split('\n');
    expect(left.map((row) => row.replace(TRASH, ''))).toEqual([
      `undone/b/1 ${young}`,
      `undone/c/1 ${repo.git('rev-parse', 'main')}`,
      `undone/d/1 ${old}`,
    ]);
    expect(await gc(repo, '--yes')).toMatchObject({ done: false });
    expect(verdicts(await gc(repo, '--dry-run', '--keep-days', '0'))).toMatchObject({ 'undone/d/1': 'goes: past its retention' });
  });

  test('an abandoned session keeps its way back until it is old, though a branch holds its commits', async () => {
    const repo = makeRepo();
    const session = await startSession(repo, 'given-up');
    const { trash } = await repo.json(['abandon']);
    repo.git('branch', 'mine', trash);
    expect(verdicts(await gc(repo, '--yes'))).toEqual({ [session.id]: 'stays: not old enough' });
    await repo.ok(['restore', session.id]);
    await dropped(repo, `${session.id}.seal.1`, 400);
    expect(verdicts(await gc(repo, '--yes', '--keep-days', '0'))).toEqual({ [`${session.id}.seal.1`]: 'stays: session open' });
  });

  test('what a worktree held says nothing of when it was removed: without a reflog its age is not recorded', async () => {
    const repo = makeRepo();
    const { id } = await startSession(repo, 'held');
    repo.git('switch', '-q', 'main');
    repo.git('branch', '-q', '-D', `session/${id.slice('session-'.length)}`);
    for (const word of ['worktree', 'reflog']) {
      const oid = repo.git('commit-tree', '-m', word, 'main^{tree}');
      repo.git('update-ref', `${TRASH}${id}.${word}.1`, oid);
    }
    const dates = Object.fromEntries(
      (await gc(repo, '--dry-run')).trash.map(({ ref, since }: TrashItem) => [ref.replace(`${TRASH}${id}`, ''), since]),
    );
    expect(dates).toEqual({ '.worktree.1': null, '.reflog.1': null });
  });

  test('its retention is a setting of policy, which a person lengthens in one clone; no option undercuts either', async () => {
    const { repo } = makeApprovedRepo('trash: {keep_days: 30}\n');
    await dropped(repo, 'undone/a/1', 29);
    await dropped(repo, 'undone/b/1', 45);
    const goes = async (...args: string[]) => {
      const { keep_days, trash } = await gc(repo, '--dry-run', ...args);
      return [keep_days, trash.filter(({ goes }: { goes: boolean }) => goes).map(({ ref }: { ref: string }) => ref.replace(TRASH, ''))];
    };
    expect(await goes()).toEqual([30, ['undone/b/1']]);
    expect(await goes('--keep-days', '60')).toEqual([60, []]);
    repo.git('config', 'gitsession.trashKeepDays', '5');
    expect(await goes()).toEqual([30, ['undone/b/1']]);
    repo.git('config', 'gitsession.trashKeepDays', '50');
    expect(await goes()).toEqual([50, []]);
    expect((await repo.json(['config', 'trash.keep_days'])).settings[0]).toMatchObject({ value: 50, source: 'personal' });
    const before = repo.snapshot();
    const ran = await repo.session(['gc', '--yes', '--keep-days', '0']);
    expect(ran.err).toMatch(/kept for 50 days, so nothing was removed[\s\S]*trashKeepDays says so/);
    expect([ran.code, repo.snapshot()]).toEqual([1, before]);
  });

  test('an agent removes nothing that is nowhere else, also with --yes', async () => {
    const repo = makeRepo();
    await dropped(repo, 'undone/a/1', 400);
    const before = repo.snapshot();
    const ran = await repo.session(['gc', '--yes'], { env: { CLAUDECODE: '1' } });
    expect(ran.err).toMatch(/only by a person/);
    expect([ran.code, repo.snapshot()]).toEqual([3, before]);
    expect((await repo.session(['gc', '--keep-days', 'all'])).code).toBe(2);
  });
});

test('what goes together is as old as its newest part; a pushed number stays; a clock that went back keeps all', () => {
  const part = (rest: Partial<TrashItem>): TrashItem => {
    return {
      ref: 'r',
      oid: 'o',
      group: 'g',
      since: ago(100),
      elsewhere: null,
      subject: '',
      onlyHere: 0,
      held: null,
      wayBack: false,
      ...rest,
    };
  };
  const judge = (...items: TrashItem[]) => judgeTrash(items, 60, new Date()).map(({ why }) => why);
  expect(judge(part({}), part({ since: null }))).toEqual(['past its retention', 'past its retention']);
  expect(judge(part({}), part({ since: ago(2) }))).toEqual(['not old enough', 'not old enough']);
  expect(judge(part({ held: 'number in use', elsewhere: 'refs/tags/x' }))).toEqual(['number in use']);
  expect(judge(part({ since: ago(-5) }))).toEqual(['not old enough']);
});
