import { describe, expect, it } from 'vitest';
import { backupTags, landingOf, listArrivals, listLandings } from '../../src/closeout/landed/landings.ts';
import type { SessionId } from '../../src/core/session/session-id.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';

const id = (n: number) => `session-20260101-00000${n}-topic-${n}` as SessionId;

function metadata(n: number, status: string): string {
  const raw = { version: 1, id: id(n), topic: `topic-${n}`, status, created_at: '2026-01-01T00:00:00.000Z', branch: 'b', base: 'main' };
  return `${JSON.stringify(raw, null, 2)}\n`;
}

/** A session branch with one commit of work and a seal, tagged unless told not to; ends on main. */
function sealed(repo: TestRepo, n: number, options: { tag?: boolean; from?: string } = {}): void {
  repo.git('switch', '-q', '-c', `s${n}`, options.from ?? 'main');
  repo.commit('start', { [`sessions/${id(n)}/metadata.json`]: metadata(n, 'active') });
  repo.commit('work', { [`work-${n}.txt`]: `${n}\n` });
  repo.commit('seal', { [`sessions/${id(n)}/metadata.json`]: metadata(n, 'closed') });
  if (options.tag !== false) repo.git('tag', '-a', '-m', 'backup', `backup/${id(n)}`);
  repo.git('switch', '-q', 'main');
}

const merge = (repo: TestRepo, branch: string) => repo.git('merge', '-q', '--no-ff', '-m', `merge ${branch}`, branch);

describe('landings', () => {
  it('recognises merge, squash and rebase by the sealed file, newest first', async () => {
    const repo = makeRepo();
    for (const n of [1, 2, 3]) sealed(repo, n);
    merge(repo, 's1');
    const merged = repo.git('rev-parse', 'HEAD');
    repo.git('merge', '-q', '--squash', 's2');
    repo.git('commit', '-q', '-m', 'squashed, no trailers');
    const squashed = repo.git('rev-parse', 'HEAD');
    repo.git('switch', '-q', '--detach', 's3');
    repo.git('rebase', '-q', 'main');
    repo.git('branch', '-q', '-f', 'main', 'HEAD');
    repo.git('switch', '-q', 'main');
    const rebased = repo.git('rev-parse', 'HEAD');
    // Later edits elsewhere do not matter.
    repo.commit('later', { 'work-1.txt': 'changed\n' });

    const found = await listLandings(await repo.open(), 'main');
    expect(found.map(({ id, commit, now }) => [id, commit, now])).toEqual([
      [id(3), rebased, 'present'],
      [id(2), squashed, 'present'],
      [id(1), merged, 'present'],
    ]);
    expect(found.every(({ tag, metadata }) => tag !== null && metadata?.status === 'closed')).toBe(true);
    expect((await landingOf(await repo.open(), id(2), 'main'))?.commit).toBe(squashed);
  });

  it('does not believe trailers, and tells a revert, an edit and an unsealed merge', async () => {
    const repo = makeRepo();
    for (const n of [1, 2, 3]) sealed(repo, n);
    repo.commit(`session: topic-3\n\nSession-Id: ${id(3)}\nSession-Event: closeout`, { 'other.txt': 'x\n' });
    merge(repo, 's1');
    repo.git('revert', '--no-edit', '-m', '1', 'HEAD');
    const revert = repo.git('rev-parse', 'HEAD');
    merge(repo, 's2');
    repo.commit('touch up', { [`sessions/${id(2)}/metadata.json`]: metadata(2, 'closed').replace('topic-2', 'topic-9') });
    repo.git('switch', '-q', '-c', 's4');
    repo.commit('start', { [`sessions/${id(4)}/metadata.json`]: metadata(4, 'active') });
    repo.git('switch', '-q', 'main');
    merge(repo, 's4');

    const open = await repo.open();
    const found = await listLandings(open, 'main');
    expect(found.map(({ id, now }) => [id, now])).toEqual([
      [id(2), 'changed'],
      [id(1), 'gone'],
    ]);
    expect(found[1]?.changedBy).toBe(revert);
    expect((await listArrivals(open, 'main')).map(({ id }) => id)).toEqual([id(4), id(2), id(1)]);
    expect(await landingOf(open, id(3), 'main')).toBeNull();
  });

  it('names a landing without a tag, takes the later of two seals, and sees where tags point', async () => {
    const repo = makeRepo();
    sealed(repo, 1, { tag: false });
    merge(repo, 's1');
    sealed(repo, 2);
    repo.git('switch', '-q', 's2');
    repo.commit('again', { [`sessions/${id(2)}/metadata.json`]: metadata(2, 'closed').replace('00:00.000Z', '01:00.000Z') });
    repo.git('tag', '-a', '-m', 'backup', `backup/${id(2)}.2`);
    repo.git('switch', '-q', 'main');
    merge(repo, 's2');
    repo.git('tag', `backup/${id(3)}`, 'main:README.md');

    const open = await repo.open();
    const [second, first] = await listLandings(open, 'main');
    expect([first?.id, first?.tag]).toEqual([id(1), null]);
    expect(second?.tag?.ref).toBe(`refs/tags/backup/${id(2)}.2`);
    const tags = await backupTags(open);
    expect(tags.map(({ ref }) => ref.slice('refs/tags/backup/'.length))).toEqual([`${id(2)}.2`, id(2), id(3)]);
    expect(tags[2]).toMatchObject({ seal: null, metadata: null });
  });

  it('works in a repository of SHA-256 objects, whatever log and diff settings say', async () => {
    const repo = makeRepo({ objectFormat: 'sha256' });
    sealed(repo, 1);
    merge(repo, 's1');
    for (const setting of ['log.showSignature=true', 'diff.renames=copies', 'log.date=relative', 'core.abbrev=4']) {
      repo.git('config', ...(setting.split('=') as [string, string]));
    }
    expect((await listLandings(await repo.open(), 'main')).map(({ id }) => id)).toEqual([id(1)]);
  });
});
