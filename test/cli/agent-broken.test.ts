/** Whatever a client sends, and whatever breaks in ours: its turn goes on, and only the write gate says no. */

import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hook, recorded } from '../support/agent.ts';
import { makeRepo } from '../support/repo.ts';
import { startSession } from '../support/started.ts';

test('input that is none, or of no known kind, costs nothing', async () => {
  const repo = makeRepo();
  await startSession(repo, 'auth-system');
  const before = repo.snapshot();
  const edit = JSON.stringify(recorded('claude', 'PostToolUse-7'));
  const inputs: [string, string][] = [
    ['PostToolUse', ''],
    ['PostToolUse', edit.slice(0, 200)],
    ['PostToolUse', '[]'],
    ['PostToolUse', JSON.stringify({ session_id: 7, cwd: [], tool_name: {}, tool_input: 'x' })],
    ['PostToolUse', JSON.stringify({ ...JSON.parse(edit), tool_input: { file_path: `/${'x'.repeat(100_000)}` } })],
    ['UserPromptSubmit', JSON.stringify({ session_id: 'a', cwd: '/does/not/exist', prompt: 'x'.repeat(2_000_000) })],
    ['SubagentStop', JSON.stringify({ session_id: '../../x', cwd: repo.dir, agent_id: '../..', agent_type: '' })],
    ['NoSuchEvent', edit],
    ['', edit],
  ];
  const ran = await Promise.all(inputs.map(([event, input]) => hook(repo, 'claude', event, input)));
  expect(ran.map(({ code, out, err }) => ({ code, out, err }))).toEqual(inputs.map(() => ({ code: 0, out: '', err: '' })));
  expect(await hook(repo, 'nobody', 'PostToolUse', edit)).toMatchObject({ code: 0, out: '', err: '' });
  expect(repo.snapshot()).toBe(before);
  expect(readFileSync(join(repo.dir, '.git/git-session/errors.jsonl'), 'utf8')).toContain('agent claude PostToolUse');
});

test('a shell command goes on where git is gone', async () => {
  const repo = makeRepo();
  await startSession(repo, 'auth-system');
  const shell = { ...recorded('claude', 'PreToolUse-3'), cwd: repo.dir };
  expect((await hook(repo, 'claude', 'PreToolUse', JSON.stringify(shell), { PATH: '/nowhere' })).said).toBeNull();
});

test('in a repository that has nothing to do with sessions nothing is refused', async () => {
  const repo = makeRepo();
  const at = { ...recorded('claude', 'PreToolUse-7'), cwd: repo.dir };
  const write = { ...at, tool_input: { file_path: join(repo.dir, '.husky/pre-commit'), content: '' } };
  const shell = { ...at, tool_name: 'Bash', tool_input: { command: 'git commit --no-verify -m x' } };
  for (const input of [JSON.stringify(write), JSON.stringify(shell), 'none'])
    expect((await hook(repo, 'claude', 'PreToolUse', input)).said, input).toBeNull();
});

test('a journal that cannot be written costs the edit’s record and nothing else', async () => {
  const repo = makeRepo();
  const { id } = await startSession(repo, 'auth-system');
  repo.write('README.md', 'changed\n');
  const journal = `.git/git-session/journal/${id}.jsonl`;
  renameSync(join(repo.dir, journal), join(repo.dir, `${journal}.away`));
  // A folder in its place fails for root too.
  repo.write(`${journal}/in-the-way`, '');
  const edit = { ...recorded('claude', 'PostToolUse-7'), cwd: repo.dir, tool_input: { file_path: join(repo.dir, 'README.md') } };
  expect(await hook(repo, 'claude', 'PostToolUse', JSON.stringify(edit))).toMatchObject({ code: 0, out: '', err: '' });
});
