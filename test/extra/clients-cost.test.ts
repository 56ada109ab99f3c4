/** What git-session costs in the real Claude Code: the same 200 edits with and without it. Prints both times, and judges only what was recorded: the machine may do other things. */

import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { SessionId } from '../../src/core/session/session-id.ts';
import { readJournal } from '../../src/store/journal.ts';
import { makeRepo, type TestRepo, tempDir } from '../support/repo.ts';
import { claude, say } from './claude.ts';
import { connected, INSTALLS } from './installed.ts';
import type { Block, Turn } from './scripted-model.ts';

const EDITS = 200;
const AT_ONCE = 10;

beforeAll(async () => void (await claude()), INSTALLS);

/** A model that writes every file once, some in each answer. */
function edits(repo: TestRepo) {
  const text = Array.from({ length: 80 }, (_, i) => `export const value${i} = compute(${i}, 'what it is for');\n`).join('');
  return ({ n }: Turn): Block[] =>
    n * AT_ONCE >= EDITS
      ? [{ text: 'done' }]
      : Array.from({ length: AT_ONCE }, (_, i) => {
          const at = n * AT_ONCE + i;
          return { tool: 'Write', input: { file_path: join(repo.dir, `src/part-${at}.js`), content: `// ${at}\n${text}` } };
        });
}

async function timed(repo: TestRepo): Promise<number> {
  const begun = performance.now();
  const ran = await say(repo, edits(repo), 'Write the parts', { home: tempDir('gs-home-') });
  const ms = performance.now() - begun;
  expect(ran, ran.err).toMatchObject({ code: 0 });
  expect(repo.git('ls-files', '--others', '--cached', 'src/part-*').split('\n')).toHaveLength(EDITS);
  return ms;
}

test('200 edits: every one is recorded and committed; the times with and without are printed', async () => {
  const [bare, repo] = [makeRepo({ files: { 'src/app.js': 'app\n' } }), await connected('claude')];
  await repo.ok(['start', 'many-edits']);
  const branch = repo.git('branch', '--show-current');
  const id = `session-${branch.slice('session/'.length)}` as SessionId;
  // In turn, so that a machine that slows down slows both; the first run of the client fills its caches.
  const warm = await timed(makeRepo({ files: { 'src/app.js': 'app\n' } }));
  const [without, withIt] = [await timed(bare), await timed(repo)];
  console.log(
    `200 edits in Claude Code: ${(without / 1000).toFixed(1)} s without git-session, ${(withIt / 1000).toFixed(1)} s with it, ` +
      `${((withIt - without) / EDITS).toFixed(0)} ms an edit (a hook before and one after each; first run ${(warm / 1000).toFixed(1)} s)`,
  );
  const edited = readJournal(`${repo.dir}/.git`, id).records.filter(({ kind }) => kind === 'file.edited');
  expect(new Set(edited.map(({ data }) => ('path' in data ? data.path : ''))).size).toBe(EDITS);
  expect(repo.git('ls-tree', '-r', '--name-only', branch, 'src/').split('\n')).toHaveLength(EDITS + 1);
  expect(repo.git('status', '--porcelain')).toBe('');
});
