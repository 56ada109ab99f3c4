/** Each figure of the review comes from a record or an object: change it and the figure changes, leave it out and it reads "not recorded". */

import { beforeAll, expect, test } from 'vitest';
import { prepare } from '../../src/closeout/prepare/prepare.ts';
import { reviewOf } from '../../src/closeout/prepare/review.ts';
import type { SessionId } from '../../src/core/session/session-id.ts';
import type { Repo } from '../../src/git/run.ts';
import { loadSession } from '../../src/lifecycle/session/session.ts';
import { appendRecord } from '../../src/store/journal.ts';
import { after, emptyReview } from '../../src/tui/data.ts';
import { firstEdits, SCREENS } from '../../src/tui/state.ts';
import { approvedRepo } from '../support/landed.ts';
import type { TestRepo } from '../support/repo.ts';
import { DEV, startWork, type Work } from '../support/work.ts';

let repo: TestRepo;
let open: Repo;
let work: Work;
let id: SessionId;
const by = { kind: 'person' as const, name: 'dana' };

beforeAll(async () => {
  repo = approvedRepo({
    policy: 'checks:\n  list:\n    - { name: quiet, run: "true" }\n    - { name: tap, run: "cat result.tap" }\n',
    files: { 'result.tap': 'TAP version 13\nok 1 - a\nok 2 - b\n1..2\n' },
  }).repo;
  work = await startWork(repo, 'traced');
  ({ repo: open, id } = work);
});

/** Every screen of a review that is prepared now, by name, as lines without their figures' alignment. */
async function screens(): Promise<Record<string, string>> {
  const session = await loadSession(open, id);
  if (!session) throw new Error('no session');
  const prepared = await prepare(open, session);
  const review = reviewOf(prepared, { key: null, again: null, landing: null });
  const data = after(emptyReview(review.facts), { kind: 'ready', review, blocked: [] });
  const view = { data, edits: firstEdits(by), folded: new Set<string>(), onlySince: false, width: 200, now: 0, draws: false };
  const text = (lines: ReturnType<(typeof SCREENS)[number]['screen']>) =>
    lines
      .map((line) =>
        line
          .draw()
          .map((part) => part.text)
          .join('')
          .replace(/ +/g, ' ')
          .trim(),
      )
      .join('\n');
  return Object.fromEntries(SCREENS.map(({ name, screen }) => [name, text(screen(view))]));
}

const commit = (message: string, files: Record<string, string>) => repo.commit(`${message}\n\nSession-Id: ${id}`, files);

test('with nothing recorded, nothing is made up', async () => {
  const { Summary = '', Agents = '', Memory = '', Patterns = '', Checks = '', Files = '' } = await screens();
  expect(Summary).toMatch(/^Goal not recorded$/m);
  expect(Summary).toMatch(/^Agents 0$/m);
  expect(Summary).toMatch(/^Tasks none recorded$/m);
  expect(Summary).toMatch(/^Artifacts none$/m);
  expect(Summary).toMatch(/^Changes none outside the session folder$/m);
  expect(Summary).toMatch(/^Patterns none learned$/m);
  expect(Agents).toBe('No task of an agent was recorded.');
  expect(Files).toContain('Artifacts none');
  expect(Memory).toContain('reasoning-bank 1 entry');
  expect(Patterns).toBe('No pattern is proposed: nothing was learned.');
  expect(Checks).toMatch(/quiet passed .*\nExit 0\.\ntests not recorded · coverage not recorded · exit 0/);
  expect(Checks).toContain('tests 2 of 2 passed, 0 failed, 0 skipped · coverage not recorded · exit 0');
});

test('tasks, times, tokens and tool calls are those of the records', async () => {
  const started = Date.now() - 60 * 60_000;
  const mark = (ms: number) => ({ id: `traced${ms}`, ms });
  const data = { task: 't1', description: 'Build it', agent_type: 'builder' };
  appendRecord(open.commonDir, id, { kind: 'task.started', actor: DEV, data }, mark(started));
  const before = await screens();
  expect(before.Summary).toMatch(/^Tasks 0 of 1 completed; open: Build it$/m);
  expect(before.Agents).toMatch(
    /builder 1 task · time not recorded · tokens not recorded\n○ open: Build it\n\d\d:\d\d to no end recorded · time not recorded · tokens not recorded · tool calls not recorded · 0 files/,
  );
  const end = { task: 't1', status: 'completed' as const, tokens: 1234, tool_calls: 7 };
  appendRecord(open.commonDir, id, { kind: 'task.finished', actor: DEV, data: end }, mark(started + 90_000));
  const then = await screens();
  expect(then.Summary).toMatch(/^Agents 1 \(builder\)$/m);
  expect(then.Summary).toMatch(/^Tasks 1 of 1 completed$/m);
  expect(then.Agents).toMatch(
    /builder 1 task · 1\.5 min · 1,234 tokens\n✓ completed: Build it\n.* · 1\.5 min · 1,234 tokens · 7 tool calls/,
  );
  appendRecord(open.commonDir, id, { kind: 'task.finished', actor: DEV, data: { ...end, tokens: 99 } }, mark(started + 120_000));
  expect((await screens()).Agents).toContain('2 min · 99 tokens');
});

test('artifacts, changes and their lines are those of the commits', async () => {
  const path = `sessions/${id}/artifacts/code/a.js`;
  commit('one', { [path]: '// Adds.\nexport {};\n', 'README.md': '# demo\nmore\n' });
  const one = await screens();
  expect(one.Files).toMatch(/Artifacts 1 file \+2 -0\n▾ code\/ 1 file \+2 -0\na\.js Adds \+2 -0/);
  expect(one.Files).toMatch(/README\.md \(modified\).* \+1 -0/);
  commit('two', { [path]: 'export {};\n', 'README.md': '# other\nmore\nand more\n' });
  const two = await screens();
  expect(two.Files).toContain('Artifacts 1 file +1 -0');
  expect(two.Files).not.toContain('Adds');
  expect(two.Files).toMatch(/README\.md \(modified\).* \+3 -1/);
  expect(two.Summary).toMatch(/^Changes 1 \(1 modified; \+3 -1\)$/m);
});

test('memory and patterns are what was stored last, and gone when deleted; claims are called claims', async () => {
  const store = (namespace: string, key: string, value: unknown) =>
    appendRecord(open.commonDir, id, { kind: 'memory.stored', actor: DEV, data: { namespace, key, value } });
  store('coordination', 'api', 'POST /login');
  store('reasoning-bank', 'pattern/x/y', { approach: 'first try' });
  const one = await screens();
  expect(one.Memory).toMatch(/coordination 1 entry\napi .*\nPOST \/login/);
  expect(one.Patterns).toContain('[kept] first try (no closeout counted yet)');
  store('coordination', 'api', 'PUT /login');
  store('reasoning-bank', 'pattern/x/y', { approach: 'second try', success_rate: 80 });
  const two = await screens();
  expect(two.Memory).toContain('PUT /login');
  expect(two.Memory).not.toContain('POST');
  expect(two.Patterns).toContain('[kept] second try (no closeout counted yet, 80 % claimed)');
  for (const [namespace, key] of [
    ['coordination', 'api'],
    ['reasoning-bank', 'pattern/x/y'],
  ] as const)
    appendRecord(open.commonDir, id, { kind: 'memory.deleted', actor: DEV, data: { namespace, key } });
  const three = await screens();
  expect(three.Memory).not.toMatch(/coordination|PUT/);
  expect(three.Patterns).toBe('No pattern is proposed: nothing was learned.');
});

test('a check is what ran on the tree that would land, whatever notes and files claim', async () => {
  commit('claims', {
    'result.tap': 'TAP version 13\nok 1 - a\nnot ok 2 - b\n1..2\n',
    'coverage/coverage-summary.json': '{"total":{"lines":{"pct":100}}}',
    [`sessions/${id}/artifacts/notes/n.md`]: '# All 900 tests pass with 100 % coverage\n',
  });
  const fake = { name: 'tap', status: 'passed' as const, tree: 'a'.repeat(40), exit_code: 0, duration_ms: 1, tests: 900, coverage: 100 };
  appendRecord(open.commonDir, id, { kind: 'check.ran', actor: DEV, data: fake });
  const { Checks = '' } = await screens();
  expect(Checks).toContain('tests 1 of 2 passed, 1 failed, 0 skipped · coverage not recorded');
  expect(Checks).not.toContain('900');
});
