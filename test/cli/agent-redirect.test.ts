/** `routing.redirect`: a misplaced new file is written to its right place, and whatever is no slip of that kind is refused as before. */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ClaudeChat, hook } from '../support/agent.ts';
import { makeApprovedRepo } from '../support/approved-repo.ts';
import type { TestRepo } from '../support/repo.ts';
import { startSession } from '../support/started.ts';

async function chatIn(policy: string) {
  const { repo } = makeApprovedRepo(policy, { 'src/app.js': 'app\n' });
  const { id, branch } = await startSession(repo, 'auth-system');
  const at = (path: string) => join(repo.dir, `sessions/${id}/artifacts`, path);
  return { repo, id, branch, at, chat: new ClaudeChat(repo) };
}

/** What the gate says of a call of the file tool. */
const ask = async (chat: ClaudeChat, path: string, more: Record<string, unknown> = {}) =>
  (await chat.send('PreToolUse-7', { tool_name: 'Write', tool_input: { file_path: join(chat.repo.dir, path), content: 'x' }, ...more }))
    .said?.hookSpecificOutput;

test('Claude Code: the call is changed and not permitted, the agent is told, and the edit is recorded where it went', async () => {
  const { repo, id, branch, at, chat } = await chatIn('presence: none\nrouting:\n  redirect: true\n');
  await chat.prompt('Write the guide');
  const said = await ask(chat, 'user-guide.md');
  const to = at('docs/user-guide.md');
  expect(said).toEqual({
    hookEventName: 'PreToolUse',
    updatedInput: { file_path: to, content: 'x' },
    additionalContext: expect.stringContaining(`user-guide.md is written to ${to} instead`),
  });
  await chat.write(`sessions/${id}/artifacts/docs/user-guide.md`, 'x');
  // The old path again: to write it anew, or to edit it, names where the file is.
  for (const more of [
    {},
    { tool_name: 'Edit', tool_input: { file_path: join(repo.dir, 'user-guide.md'), old_string: 'x', new_string: 'y' } },
  ]) {
    const again = await ask(chat, 'user-guide.md', more);
    expect(again).toMatchObject({
      permissionDecision: 'deny',
      permissionDecisionReason: expect.stringContaining(`Use ${to}, which is there already`),
    });
    expect(again).not.toHaveProperty('updatedInput');
  }
  await chat.send('Stop-1');
  expect(repo.git('show', '--format=', '--name-only', branch)).toContain(`sessions/${id}/artifacts/docs/user-guide.md`);
  expect(repo.has('user-guide.md')).toBe(false);
});

test('only a new file in the wrong place is redirected', async () => {
  const { repo, id, chat } = await chatIn('presence: none\nrouting:\n  redirect: true\n');
  const other = 'session-20251117-143022-other';
  repo.write('draft.md', 'a person\u2019s own, not tracked\n');
  for (const path of [
    '.sessionrc.yaml',
    '.swarm/allowed_signers',
    '.swarm/log/x.jsonl',
    '.git/git-session/journal/x',
    '.git/hooks/pre-commit',
    '.husky/pre-commit',
    '.claude/settings.json',
    `sessions/${other}/artifacts/code/a.js`,
    'draft.md',
  ]) {
    const said = await ask(chat, path);
    expect(said?.permissionDecision, path).toBe('deny');
    expect(said, path).not.toHaveProperty('updatedInput');
  }
  // An edit creates no file, and a call with two paths cannot be changed.
  const edit = await ask(chat, 'new.md', {
    tool_name: 'Edit',
    tool_input: { file_path: join(repo.dir, 'new.md'), old_string: '', new_string: 'x' },
  });
  const two = await ask(chat, 'new.md', {
    tool_input: { file_path: join(repo.dir, 'new.md'), destination: join(repo.dir, 'b.md'), content: 'x' },
  });
  const old = await ask(chat, 'new.md', { prompt_id: undefined });
  for (const said of [edit, two, old]) {
    expect(said?.permissionDecision).toBe('deny');
    expect(said).not.toHaveProperty('updatedInput');
  }
  for (const path of ['src/app.js', 'src/new.js', `sessions/${id}/artifacts/code/a.js`])
    expect(await ask(chat, path), path).toBeUndefined();
});

test('by default it is refused, with the place to use', async () => {
  const { chat, at } = await chatIn('presence: none\n');
  const said = await ask(chat, 'user-guide.md');
  expect(said).toMatchObject({
    permissionDecision: 'deny',
    permissionDecisionReason: expect.stringContaining(`Use ${at('docs/user-guide.md')}`),
  });
  expect(said).not.toHaveProperty('updatedInput');
});

test('other clients in their own words; Codex, whose calls are patches, is refused', async () => {
  const { repo, at } = await chatIn('presence: none\nrouting:\n  redirect: true\n');
  const path = join(repo.dir, 'user-guide.md');
  const to = at('docs/user-guide.md');
  const common = { cwd: repo.dir, session_id: 's', sessionId: 's', conversation_id: 's', timestamp: 1 };
  const told = expect.stringContaining(to);
  const call = async (client: string, event: string, tool: string, input: Record<string, unknown>) =>
    (await hookOf(repo, client, event, { ...common, tool_name: tool, tool_input: input, toolName: tool, toolArgs: input })).said;
  expect(await call('gemini', 'BeforeTool', 'write_file', { file_path: path, content: 'x' })).toEqual({
    hookSpecificOutput: { hookEventName: 'BeforeTool', tool_input: { file_path: to, content: 'x' }, additionalContext: told },
  });
  expect(await call('copilot', 'preToolUse', 'create', { path, file_text: 'x' })).toEqual({
    modifiedArgs: { path: to, file_text: 'x' },
    additionalContext: told,
  });
  expect(await call('opencode', 'PreToolUse', 'write', { filePath: path, content: 'x' })).toMatchObject({
    hookSpecificOutput: { updatedInput: { filePath: to, content: 'x' }, additionalContext: told },
  });
  expect(await call('cursor', 'preToolUse', 'Write', { file_path: path, content: 'x' })).toEqual({
    updated_input: { file_path: to, content: 'x' },
    additional_context: told,
  });
  const patch = { command: '*** Begin Patch\n*** Add File: user-guide.md\n+x\n*** End Patch' };
  expect((await call('codex', 'PreToolUse', 'apply_patch', patch)).hookSpecificOutput).toMatchObject({ permissionDecision: 'deny' });
});

const hookOf = (repo: TestRepo, client: string, event: string, payload: Record<string, unknown>) =>
  hook(repo, client, event, JSON.stringify(payload));
