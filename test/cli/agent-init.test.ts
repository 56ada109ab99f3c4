/** `init --agent`: what is written, and that the client's own command lines run it. */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recorded } from '../support/agent.ts';
import { makeRepo, makeSshKey, run, TestRepo } from '../support/repo.ts';

const YES = ['init', '--yes', '--no-detect', '--presence', 'none', '--signing-key'];

/** The command line that settings name for an event, run as the client runs it. */
async function asClient(repo: TestRepo, event: string, payload: unknown) {
  const settings = JSON.parse(repo.read('.claude/settings.json'));
  const { command } = settings.hooks[event][0].hooks[0];
  return run('sh', ['-c', command], {
    cwd: repo.dir,
    input: JSON.stringify(payload),
    env: { CLAUDE_PROJECT_DIR: repo.dir, CLAUDECODE: '1' },
  });
}

test('one commit connects Claude Code; its hooks run from the settings, also in a linked worktree', async () => {
  const repo = makeRepo({ files: { '.claude/settings.json': '{\n  "model": "opus"\n}\n' } });
  const facts = await repo.json([...YES, makeSshKey(), '--agent', 'claude']);
  expect(facts.agents).toEqual(['claude']);
  expect(facts.files.map(({ path }: { path: string }) => path)).toEqual(
    expect.arrayContaining(['.claude/settings.json', '.claude/commands/session-start.md', '.mcp.json', '.swarm/hook.sh']),
  );
  expect(JSON.parse(repo.read('.claude/settings.json')).model).toBe('opus');
  expect(repo.git('status', '--porcelain')).toBe('');
  expect((await repo.json(['init', '--yes', '--no-detect'])).files).toEqual([]);

  await repo.ok(['start', 'auth-system']);
  const start = { ...recorded('claude', 'SessionStart-1'), cwd: repo.dir };
  expect(JSON.parse((await asClient(repo, 'SessionStart', start)).out).hookSpecificOutput.additionalContext).toContain('auth-system');
  const write = {
    ...recorded('claude', 'PreToolUse-7'),
    cwd: repo.dir,
    tool_input: { file_path: join(repo.dir, 'stray.txt'), content: '' },
  };
  expect((await asClient(repo, 'PreToolUse', write)).out).toContain('"permissionDecision":"deny"');
  const { mcpServers } = JSON.parse(repo.read('.mcp.json'));
  const { command, args } = mcpServers['git-session'];
  const asked = { jsonrpc: '2.0', id: 1, method: 'initialize' };
  const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
  const input = `${JSON.stringify({ ...asked, params })}\n`;
  const served = await run(command, [args[0].replace(/^\$\{.*\}/, repo.dir), ...args.slice(1)], { cwd: repo.dir, input });
  expect(JSON.parse(served.out.split('\n')[0] ?? '').result.serverInfo.name).toBe('git-session');
  await repo.ok(['start', 'login-form', '--worktree', '../linked']);
  const linked = new TestRepo(join(repo.dir, '..', 'linked'));
  expect((await asClient(linked, 'SessionStart', { ...start, cwd: linked.dir })).out).toContain('login-form');
});

test('a client that is used here is found; an unknown one is refused with nothing changed', async () => {
  const repo = makeRepo({ files: { 'CLAUDE.md': '# notes\n' } });
  const plan = await repo.json(['init', '--dry-run', '--no-detect', '--signing-key', makeSshKey()]);
  expect(plan.agents).toEqual(['claude']);
  expect((await repo.json(['init', '--dry-run', '--no-detect', '--no-agent', '--signing-key', makeSshKey()])).agents).toEqual([]);
  const before = repo.snapshot();
  const refused = await repo.session(['init', '--yes', '--agent', 'nobody']);
  expect(refused.code).toBe(2);
  expect(refused.err).toContain('It knows: claude, codex');
  expect(repo.snapshot()).toBe(before);
});

test('uninstall takes a client out byte for byte, and the others keep what they share', async () => {
  const mine = '{\n  "model": "opus",\n  "hooks": {\n    "Stop": [{ "hooks": [] }]\n  }\n}\n';
  const repo = makeRepo({ files: { '.claude/settings.json': mine } });
  const first = repo.git('ls-tree', '-r', 'HEAD', '.claude');
  await repo.ok([...YES, makeSshKey(), '--agent', 'claude', '--agent', 'copilot', '--agent', 'generic']);
  expect((await repo.session(['uninstall', '--yes', '--local', '--agent', 'claude'])).code).toBe(2);
  expect((await repo.session(['uninstall', '--agent', 'claude'])).code).toBe(3);
  expect((await repo.json(['uninstall', '--agent', 'claude', '--yes'])).files).toContainEqual({
    path: '.claude/settings.json',
    change: 'change',
    exact: true,
  });
  expect(repo.git('ls-tree', '-r', 'HEAD', '.claude')).toBe(first);
  expect(repo.has('.swarm/hook.sh') && repo.has('.mcp.json')).toBe(true);
  await repo.ok(['uninstall', '--agent', 'copilot', '--agent', 'generic', '--yes']);
  expect(repo.has('.swarm/hook.sh') || repo.has('.mcp.json') || repo.has('AGENTS.md') || repo.has('.github')).toBe(false);
  expect((await repo.json(['uninstall', '--agent', 'claude', '--yes'])).commit).toBeNull();
  expect(repo.git('status', '--porcelain')).toBe('');
});
