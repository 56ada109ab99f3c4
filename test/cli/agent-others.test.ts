/** Chats of the other clients as they were recorded, replayed: a subagent's refused write, its work as one checkpoint, the main agent's as another. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { hook, inRepo, type Payload, RECORDED, recorded } from '../support/agent.ts';
import { makeRepo, makeSshKey, type TestRepo } from '../support/repo.ts';
import { startSession } from '../support/started.ts';

/** Sends recorded payloads in order. The file that they write is one at the root, or where `to` says. */
async function replay(repo: TestRepo, client: string, names: readonly string[], to = 'outside.txt') {
  const said: Record<string, unknown> = {};
  for (const name of names) {
    const payload = inRepo(recorded(client, name), repo.dir);
    const text = JSON.stringify(payload).replaceAll('outside.txt', to);
    const ran = await hook(repo, client, name.replace(/-\d+$/, ''), text, { CLAUDECODE: undefined });
    expect(ran, name).toMatchObject({ code: 0, err: '' });
    said[name] = ran.said;
  }
  return said;
}

const subjects = (repo: TestRepo, branch: string) => repo.git('log', '--format=%s', `main..${branch}`).split('\n').slice(0, -1);

test('Codex: patches of a subagent, with its context at its start', async () => {
  const repo = makeRepo();
  const { id, branch } = await startSession(repo, 'auth-system');
  const begin = ['SessionStart-1', 'UserPromptSubmit-1', 'PreToolUse-1'];
  const told = await replay(repo, 'codex', [...begin, 'SubagentStart-1', 'PostToolUse-1', 'PreToolUse-3']);
  expect(told['SubagentStart-1']).toMatchObject({
    hookSpecificOutput: { hookEventName: 'SubagentStart', additionalContext: expect.stringContaining(id) },
  });
  expect(told['PreToolUse-3']).toMatchObject({ hookSpecificOutput: { permissionDecision: 'deny' } });
  const to = `sessions/${id}/artifacts/code/a.js`;
  repo.write(to, 'from subagent\n');
  const done = await replay(repo, 'codex', ['PreToolUse-3', 'PostToolUse-2', 'SubagentStop-1', 'Stop-1', 'SessionEnd-1'], to);
  expect(done['PreToolUse-3']).toBeNull();
  expect(subjects(repo, branch)).toEqual(['checkpoint: SUBTASK write (default, 1 file)']);
  const { tasks } = await repo.json(['show', id]);
  expect(tasks).toMatchObject([{ task: 'default-01a201f8-ee4f-7df2-b312-e7ef46b5916d', status: 'completed' }]);
});

test('Gemini CLI: its subagent is told in its prompt, and what happens meanwhile is its', async () => {
  const repo = makeRepo();
  const { id, branch } = await startSession(repo, 'auth-system');
  const told = await replay(repo, 'gemini', ['SessionStart-1', 'BeforeAgent-1', 'BeforeTool-1', 'BeforeTool-2']);
  const input = (told['BeforeTool-1'] as Payload).hookSpecificOutput as { tool_input: { agent_name: string; prompt: string } };
  expect(input.tool_input.agent_name).toBe('generalist');
  expect(input.tool_input.prompt).toContain(id);
  expect(input.tool_input.prompt).toMatch(/\n\nSUBTASK write$/);
  expect(told['BeforeTool-2']).toMatchObject({ decision: 'deny' });
  const to = `sessions/${id}/artifacts/code/a.js`;
  repo.write(to, 'from subagent\n');
  await replay(repo, 'gemini', ['AfterTool-1', 'AfterTool-3'], to);
  repo.write('README.md', 'by the main agent\n');
  await replay(repo, 'gemini', ['AfterTool-1', 'AfterAgent-1', 'SessionEnd-1'], 'README.md');
  expect(subjects(repo, branch)).toEqual(['checkpoint: hello (Gemini CLI, 1 file)', 'checkpoint: SUBTASK write (generalist, 1 file)']);
});

test('Copilot: a subagent’s own session belongs to its parent’s chat', async () => {
  const repo = makeRepo();
  const { id, branch } = await startSession(repo, 'auth-system');
  const told = await replay(repo, 'copilot', [
    'sessionStart-1',
    'userPromptSubmitted-1',
    'preToolUse-1',
    'subagentStart-1',
    'userPromptSubmitted-2',
    'preToolUse-2',
  ]);
  expect((told['sessionStart-1'] as Payload).additionalContext).toContain(id);
  expect((told['subagentStart-1'] as Payload).additionalContext).toContain('task-1e1d5388');
  expect(told['userPromptSubmitted-2']).toBeNull();
  expect(told['preToolUse-2']).toMatchObject({ permissionDecision: 'deny' });
  const to = `sessions/${id}/artifacts/code/a.js`;
  repo.write(to, 'from subagent\n');
  await replay(repo, 'copilot', ['postToolUse-1', 'agentStop-1', 'subagentStop-1', 'postToolUse-3', 'agentStop-2', 'sessionEnd-1'], to);
  expect(subjects(repo, branch)).toEqual(['checkpoint: d (task, 1 file)']);
});

test('OpenCode: the plugin that init writes, called as it was recorded', async () => {
  const repo = makeRepo();
  await repo.ok(['init', '--yes', '--no-detect', '--presence', 'none', '--signing-key', makeSshKey(), '--agent', 'opencode']);
  const { id, branch } = await startSession(repo, 'auth-system');
  const { GitSession } = await import(pathToFileURL(join(repo.dir, '.opencode/plugins/git-session.js')).href);
  const plugin = await GitSession({ directory: repo.dir, worktree: repo.dir });
  const lines = readFileSync(join(RECORDED, 'opencode/hooks.jsonl'), 'utf8').trim().split('\n');
  const calls = lines.map((line) => JSON.parse(line) as { hook: string; input: Payload; output: Payload });
  const [main, child] = [calls[0]?.input.sessionID, calls[2]?.input.sessionID];
  const created = (info: Payload) => plugin.event({ event: { type: 'session.created', properties: { info } } });
  await created({ id: main });
  await created({ id: child, parentID: main });
  const to = `sessions/${id}/artifacts/code/a.js`;
  const refused: string[] = [];
  for (const path of ['outside.txt', to]) {
    for (const call of calls) {
      const {
        hook: name,
        input,
        output,
      } = JSON.parse(JSON.stringify(inRepo(call as unknown as Payload, repo.dir)).replaceAll('outside.txt', path));
      if (name === 'tool.execute.after' && input.tool === 'write' && path === to) repo.write(to, 'from subagent\n');
      await plugin[name]?.(input, output ?? {}).catch((error: Error) => refused.push(error.message));
    }
  }
  expect(refused).toEqual([expect.stringContaining('outside.txt was not written')]);
  const system = { system: [] as string[] };
  await plugin['experimental.chat.system.transform']({ sessionID: child }, system);
  expect(system.system[0]).toContain(id);
  expect(subjects(repo, branch)).toContain('checkpoint: d (general, 1 file)');
  await plugin.dispose();
});
