/** A chat of Claude Code, event by event with recorded payloads, as work in git. */

import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ClaudeChat } from '../support/agent.ts';
import { makeApprovedRepo } from '../support/approved-repo.ts';
import { hookedRepo } from '../support/hooks.ts';
import { makeRepo } from '../support/repo.ts';
import { startSession } from '../support/started.ts';

const AGENTS = ['backend', 'frontend', 'tests', 'docs'].map((name, n) => ({
  agent_id: `a${n}4b64f2616281f90${n}`,
  agent_type: `${name}-dev`,
}));

test('four background subagents at once become four clean checkpoints', async () => {
  const repo = makeRepo({ files: { 'src/app.js': 'app\n' } });
  const { id, branch } = await startSession(repo, 'auth-system', { goal: 'People can log in' });
  const root = `sessions/${id}/artifacts`;
  const chat = new ClaudeChat(repo);
  const started = await chat.send('SessionStart-1');
  expect(started.said.hookSpecificOutput.additionalContext).toContain(id);
  expect((await chat.prompt('Please build the login')).said).toBeNull();
  const told = await Promise.all(AGENTS.map((agent) => chat.spawn(agent, `Build the ${agent.agent_type} part`)));
  for (const [n, agent] of AGENTS.entries()) {
    const context = told[n]?.said.hookSpecificOutput.additionalContext;
    expect(context).toContain(`${root}/`);
    expect(context).toContain(`${agent.agent_type}-${agent.agent_id}`);
  }
  await chat.send('Stop-2');
  await Promise.all(
    AGENTS.map(async (agent, n) => {
      await chat.write(`${root}/code/part-${n}.js`, `export default ${n};\n`, agent);
      await chat.write(`${root}/docs/part-${n}.md`, `# ${n}\n`, agent);
      await chat.send('SubagentStop-2', agent);
    }),
  );
  for (const { agent_id } of AGENTS) {
    const notice = `<task-notification>\n<task-id>${agent_id}</task-id>\n<usage><subagent_tokens>20</subagent_tokens><tool_uses>2</tool_uses><duration_ms>2281</duration_ms></usage>\n</task-notification>`;
    expect((await chat.send('UserPromptSubmit-3', { prompt: notice })).said).toBeNull();
  }
  await chat.send('Stop-3');
  await chat.send('SessionEnd-2');

  const commits = repo
    .git('log', '--format=%H%x09%s', `main..${branch}`)
    .split('\n')
    .map((row) => row.split('\t'));
  const checkpoints = commits.filter(([, subject]) => subject?.startsWith('checkpoint: '));
  expect(checkpoints.map(([, subject]) => subject).sort()).toEqual(
    AGENTS.map(({ agent_type }) => `checkpoint: Build the ${agent_type} part (${agent_type}, 2 files)`).sort(),
  );
  for (const [n, agent] of AGENTS.entries()) {
    const [commit] = checkpoints.find(([, subject]) => subject?.includes(agent.agent_type)) ?? [];
    const files = repo
      .git('show', '--format=', '--name-only', commit ?? '')
      .split('\n')
      .filter((path) => !path.startsWith('.swarm/'));
    expect(files.sort()).toEqual([`${root}/code/part-${n}.js`, `${root}/docs/part-${n}.md`]);
    expect(repo.git('show', '-s', '--format=%(trailers:key=Session-Task,valueonly)', commit ?? '').trim()).toBe(
      `${agent.agent_type}-${agent.agent_id}`,
    );
  }
  expect(repo.git('status', '--porcelain')).toBe('');
  const { session: shown } = { session: await repo.json(['show', id]) };
  expect(shown.tasks.map((task: { status: string }) => task.status)).toEqual(['completed', 'completed', 'completed', 'completed']);
});

test('subagents of one type are told apart whatever the length of the topic', async () => {
  const repo = makeRepo();
  const { id } = await startSession(repo, 'x'.repeat(60));
  const chat = new ClaudeChat(repo);
  const pair = ['a1b64f2616281f901', 'a2b64f2616281f902'].map((agent_id) => ({ agent_id, agent_type: 'general-purpose' }));
  for (const agent of pair) await chat.spawn(agent, `Work of ${agent.agent_id}`);
  for (const agent of pair) await chat.send('SubagentStop-2', agent);
  const { tasks } = await repo.json(['show', id]);
  expect(tasks.map((task: { status: string }) => task.status)).toEqual(['completed', 'completed']);
});

test('the main agent’s own work of a prompt is one task, committed when it has answered', async () => {
  const repo = makeRepo({ files: { 'src/app.js': 'app\n' } });
  const { id, branch } = await startSession(repo, 'auth-system');
  const chat = new ClaudeChat(repo);
  await chat.send('SessionStart-1');
  await chat.prompt('Change the app\nin two lines');
  await chat.write('src/app.js', 'changed\n');
  await chat.send('Stop-1');
  expect(repo.git('log', '-1', '--format=%s', branch)).toBe('checkpoint: Change the app in two lines (Claude Code, 1 file)');
  await chat.prompt(
    'and my password is sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-abcdefghijklmnopqrstuv-AA',
    '8c5b0bdf-34cf-4a57-aefa-a075bb5b0bdf',
  );
  await chat.write('src/app.js', 'again\n');
  await chat.send('SessionEnd-1');
  expect(repo.git('log', '-1', '--format=%s', branch)).toBe('checkpoint: task prompt-bb5b0bdf (Claude Code, 1 file)');
  expect(repo.git('log', '-p', branch)).not.toContain('sk-ant-api03');
  const { tasks } = await repo.json(['show', id]);
  expect(tasks.map((task: { status: string }) => task.status)).toEqual(['completed', 'cancelled']);
});

test('writes to the wrong place, and of what watches over the session, are refused with the right place', async () => {
  const { repo } = await hookedRepo({ 'src/app.js': 'app\n', '.sessionrc.yaml': 'version: 1\n' });
  const { id } = await startSession(repo, 'auth-system');
  const chat = new ClaudeChat(repo);
  const refused = await chat.write('outside.txt', 'x');
  expect(refused.said.hookSpecificOutput.permissionDecision).toBe('deny');
  expect(refused.said.hookSpecificOutput.permissionDecisionReason).toContain(join(repo.dir, `sessions/${id}/artifacts/docs/outside.txt`));
  expect(repo.has('outside.txt')).toBe(false);
  for (const path of [
    '.sessionrc.yaml',
    '.swarm/allowed_signers',
    '.git/git-session/journal/x',
    '.husky/pre-commit',
    '.claude/settings.json',
  ])
    expect((await chat.write(path, 'x')).said?.hookSpecificOutput.permissionDecision, path).toBe('deny');
  for (const path of ['src/app.js', 'src/new.js', `sessions/${id}/artifacts/code/a.js`, '../elsewhere.txt'])
    expect((await chat.write(path, 'x')).said, path).toBeNull();
  repo.git('worktree', 'add', '-q', '--detach', '../other', 'main');
  expect((await chat.write('../other/src/app.js', 'x')).said.hookSpecificOutput.permissionDecisionReason).toContain('another checkout');
  for (const command of [
    'git session approve',
    'git session closeout --yes',
    'echo x >> .sessionrc.yaml',
    'rm -rf .git/git-session/journal',
    'git commit --no-verify -m x',
  ])
    expect((await chat.send('PreToolUse-3', { tool_input: { command } })).said?.hookSpecificOutput.permissionDecision, command).toBe(
      'deny',
    );
  for (const command of [
    'git session closeout --prepare',
    'git session memory get approve',
    'git commit -m "approve"',
    'cat .sessionrc.yaml',
    'npm test > out.txt',
  ])
    expect((await chat.send('PreToolUse-3', { tool_input: { command } })).said, command).toBeNull();
});

test('/session-start and /session-status are answered without the model, and the next prompt is told of the session', async () => {
  const repo = makeRepo();
  const chat = new ClaudeChat(repo);
  await chat.send('SessionStart-6');
  const vague = await chat.prompt('/session-start stuff');
  expect(vague.said).toMatchObject({ decision: 'block', reason: expect.stringContaining('does not say what the session is about') });
  expect(repo.git('branch', '--show-current')).toBe('main');
  const started = await chat.prompt('/session-start fix $(touch pwned) the login bug');
  expect(started.said.reason).toContain('characters that belong to a path or a shell');
  const ok = await chat.send('UserPromptSubmit-7');
  expect(ok.said.decision).toBe('block');
  expect(ok.said.reason).toMatch(/Started session-\d{8}-\d{6}-fix-the-login-bug/);
  expect(repo.git('branch', '--show-current')).toMatch(/^session\/\d{8}-\d{6}-fix-the-login-bug$/);
  expect((await chat.prompt('/session-status')).said.reason).toContain('fix-the-login-bug');
  expect((await chat.prompt('go on')).said.hookSpecificOutput.additionalContext).toContain('fix-the-login-bug');
  expect((await chat.prompt('go on')).said).toBeNull();
});

test('what is written through a link is committed as the file that it leads to', async () => {
  const repo = makeRepo({ files: { 'CLAUDE.md': 'one\n', 'tools/own.md': 'one\n' } });
  symlinkSync('CLAUDE.md', join(repo.dir, 'AGENTS.md'));
  symlinkSync('tools', join(repo.dir, 'linked'));
  repo.commit('links');
  await startSession(repo, 'auth-system');
  const chat = new ClaudeChat(repo);
  await chat.send('SessionStart-1');
  await chat.prompt('Say it to agents');
  await chat.write('AGENTS.md', 'two\n');
  await chat.write('linked/own.md', 'two\n');
  await chat.send('Stop-3');
  const shown = repo
    .git('show', '--format=%s', '--name-only', 'HEAD')
    .split('\n')
    .filter((path) => !path.startsWith('.swarm/'));
  expect(shown).toEqual(['checkpoint: Say it to agents (Claude Code, 2 files)', '', 'CLAUDE.md', 'tools/own.md']);
  expect(repo.git('status', '--porcelain')).toBe('');
});

test('a subagent in its own worktree commits there, for the session that started it', async () => {
  const repo = makeRepo({ files: { '.gitignore': '.claude/worktrees/\n' } });
  const { id, branch } = await startSession(repo, 'auth-system');
  const chat = new ClaudeChat(repo, 'wt-chat');
  await chat.send('SessionStart-5');
  await chat.send('PreToolUse-21');
  const top = '.claude/worktrees/agent-a1d5dfdfe674002be';
  repo.git('worktree', 'add', '-q', '-b', 'worktree-agent-a1d5dfdfe674002be', top);
  const told = await chat.send('SubagentStart-5');
  expect(told.said.hookSpecificOutput.additionalContext).toContain(`New files belong in sessions/${id}/artifacts/`);
  repo.write(`${top}/README.md`, 'changed\n');
  const edit = { tool_input: { file_path: join(repo.dir, top, 'README.md'), content: 'changed\n' } };
  expect((await chat.send('PreToolUse-22', edit)).said).toBeNull();
  await chat.send('PostToolUse-18', edit);
  await chat.send('SubagentStop-5');
  expect(repo.git('show', '--format=%s', '--name-only', 'worktree-agent-a1d5dfdfe674002be').split('\n')).toEqual([
    'checkpoint: d (reviewer, 1 file)',
    '',
    'README.md',
  ]);
  expect(repo.git('log', '--format=%s', `main..${branch}`)).toBe('session: start auth-system');

  const own = 'worktree-agent-a1d5dfdfe674002be';
  expect((await repo.ok(['status'])).err + (await repo.ok(['status'])).out).toContain(`git session bring-in ${own}`);
  expect((await repo.ok(['switch', id])).err).toContain(`git session bring-in ${own}`);
  repo.write('README.md', 'in the way\n');
  const before = repo.snapshot();
  expect((await repo.session(['bring-in', own])).code).toBe(1);
  expect((await repo.session(['bring-in', branch])).err).toContain('own branch');
  expect((await repo.session(['bring-in', 'nowhere'])).code).toBe(1);
  expect(repo.snapshot()).toBe(before);
  repo.git('checkout', '-q', '--', 'README.md');
  repo.write(`${top}/later.md`, 'not committed\n');
  const brought = await repo.json(['bring-in', own]);
  expect(brought).toMatchObject({ session: id, branch: own, left: ['later.md'] });
  expect(repo.read('README.md')).toBe('changed\n');
  expect(repo.git('status', '--porcelain')).toBe('');
  expect(repo.git('show', '-s', '--format=%s%n%(trailers:key=Session-Event,valueonly)', branch)).toBe(
    `session: bring in ${own}\nbring-in\n`,
  );
  expect((await repo.json(['bring-in', own])).commit).toBeNull();
  expect((await repo.json(['status'])).notes).toEqual(expect.not.arrayContaining([expect.stringContaining('bring-in')]));
});

test('the first real prompt of a chat outside a session suggests one, or starts it where policy says so; others never', async () => {
  const { repo } = makeApprovedRepo('presence: none\nauto_start: auto\n');
  const ask = 'Please build an authentication API with JWT tokens';
  const resumed = new ClaudeChat(repo, 'resumed-chat');
  await resumed.send('SessionStart-8');
  expect((await resumed.prompt(ask)).said).toBeNull();
  repo.git('config', 'gitsession.autoStart', 'suggest');
  const chat = new ClaudeChat(repo, 'first-chat');
  await chat.send('SessionStart-1');
  for (const text of ['go', 'what is this?', '/compact', '!ls']) expect((await chat.prompt(text)).said, text).toBeNull();
  expect((await chat.send('UserPromptSubmit-3')).said).toBeNull();
  expect((await chat.prompt(ask)).said).toEqual({
    systemMessage: expect.stringContaining('/session-start build-authentication-api-jwt-tokens'),
  });
  expect((await chat.prompt(ask)).said).toBeNull();
  repo.git('config', '--unset', 'gitsession.autoStart');
  expect(repo.git('branch', '--show-current')).toBe('main');
  const auto = new ClaudeChat(repo, 'auto-chat');
  const started = (await auto.prompt(ask)).said;
  expect(started.systemMessage).toContain('Started session-');
  expect(started.hookSpecificOutput.additionalContext).toContain('build-authentication-api-jwt-tokens');
  expect(repo.git('branch', '--show-current')).toContain('build-authentication-api-jwt-tokens');

  // A second chat in the same checkout is told so, and does not move its branch.
  const second = new ClaudeChat(repo, 'second-chat');
  expect((await second.send('SessionStart-1')).said.systemMessage).toContain('Another chat works in');
  const before = repo.git('branch', '--show-current');
  expect((await second.prompt('/session-start write the user guide')).said.reason).toContain(
    'git session start write-the-user-guide --worktree',
  );
  expect(repo.git('branch', '--show-current')).toBe(before);
  await auto.send('SessionEnd-1');
  expect((await second.prompt('/session-start write the user guide')).said.reason).toContain('Started session-');
  // The first chat, resumed, is told where its session is, and finds it again once it is checked out.
  const found = (await auto.send('SessionStart-8')).said;
  expect(found.systemMessage).toMatch(/This chat worked in git session .*build-authentication-api.*git session switch/);
  await second.send('SessionEnd-1');
  repo.git('switch', '-q', before);
  const again = (await auto.send('SessionStart-8')).said;
  expect(again.systemMessage).toBeUndefined();
  expect(again.hookSpecificOutput.additionalContext).toContain('build-authentication-api');
});
