/** The real Claude Code from the npm registry, in a clean home, against a scripted model: what its chats leave in git. */

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { programAtTerminal } from '../support/pty.ts';
import { ROOT, run, TestRepo, tempDir } from '../support/repo.ts';
import { claude, envAt, KEY, say } from './claude.ts';
import { BROKEN, connected, INSTALLS } from './installed.ts';
import { type Block, ScriptedModel, type Turn } from './scripted-model.ts';

let CLAUDE = '';

beforeAll(async () => {
  CLAUDE = await claude();
}, INSTALLS);

/** A person has been here before, and trusts the repository. */
function settle(repo: TestRepo, home: string): void {
  const approved = { approved: [KEY.slice(-20)], rejected: [] };
  const trusted = {
    [repo.dir]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true, enabledMcpjsonServers: ['git-session'] },
  };
  const settled = { hasCompletedOnboarding: true, theme: 'dark', customApiKeyResponses: approved, projects: trusted };
  writeFileSync(join(home, '.claude.json'), JSON.stringify(settled));
}

const PARTS = ['backend', 'frontend', 'tests', 'docs'];

/** The session's id, as the context of the request names it. */
const sessionIn = ({ heard }: Turn) => /session (session-\d{8}-\d{6}-[a-z0-9-]+)/.exec(heard)?.[1] ?? 'none';

function script(repo: TestRepo) {
  return (turn: Turn): Block[] => {
    const part = /SUBTASK (\w+)/.exec(turn.heard)?.[1];
    if (part) return subagent(repo, part, turn);
    if (turn.n === 0 && turn.heard.includes('Build the login')) {
      return PARTS.map((name) => ({
        tool: 'Agent',
        input: { description: `Build the ${name}`, prompt: `SUBTASK ${name}`, subagent_type: 'general-purpose' },
      }));
    }
    return [{ text: 'done' }];
  };
}

function subagent(repo: TestRepo, part: string, turn: Turn): Block[] {
  const root = join(repo.dir, 'sessions', sessionIn(turn), 'artifacts');
  const memory = (input: Record<string, unknown>): Block => ({
    tool: 'mcp__git-session__memory_usage',
    input: { key: 'swarm/shared/api-contract', ...input },
  });
  if (turn.n === 0) return [{ tool: 'Write', input: { file_path: join(repo.dir, `stray-${part}.txt`), content: 'x\n' } }];
  if (turn.n === 1) return [{ tool: 'Write', input: { file_path: join(root, 'code', `${part}.js`), content: `/** ${part} */\n` } }];
  if (turn.n === 2 && part === 'backend') return [memory({ action: 'store', value: 'POST /login' })];
  if (turn.n === 2 && part === 'frontend') return [memory({ action: 'retrieve', wait: 30 })];
  return [{ text: `${part} done` }];
}

test('a session by slash command, four background subagents, memory by MCP, refused writes, four clean checkpoints', async () => {
  const repo = await connected('claude');
  const home = tempDir('gs-home-');
  const started = await say(repo, script(repo), '/session-start login form', { home });
  expect(started.out).toContain('Started session-');
  expect(started.turns).toEqual([]);
  const branch = repo.git('branch', '--show-current');
  const id = `session-${branch.slice('session/'.length)}`;
  const worked = await say(repo, script(repo), 'Build the login', { home });
  expect(worked, worked.err).toMatchObject({ code: 0 });

  const subjects = repo.git('log', '--format=%s', `main..${branch}`).split('\n');
  expect(subjects.filter((line) => line.startsWith('checkpoint: Build')).sort()).toEqual(
    PARTS.map((part) => `checkpoint: Build the ${part} (general-purpose, 1 file)`).sort(),
  );
  for (const part of PARTS) {
    const commit = repo.git('log', '--format=%H', `--grep=^checkpoint: Build the ${part} `, branch);
    const files = repo
      .git('show', '--format=', '--name-only', commit)
      .split('\n')
      .filter((path) => !path.startsWith('.swarm/'));
    expect(files).toEqual([`sessions/${id}/artifacts/code/${part}.js`]);
    expect(repo.git('show', '-s', '--format=%(trailers:key=Session-Agent,valueonly)', commit)).toContain('general-purpose');
    expect(repo.has(`stray-${part}.txt`)).toBe(false);
  }
  expect(repo.git('status', '--porcelain')).toBe('');
  expect((await repo.ok(['memory', 'get', 'swarm/shared/api-contract'])).out.trim()).toBe('POST /login');
  expect(worked.turns.some(({ heard }) => heard.includes('SUBTASK frontend') && heard.includes('POST /login'))).toBe(true);
  const { tasks } = await repo.json(['show', id]);
  expect(tasks.map((task: { status: string }) => task.status)).toEqual(PARTS.map(() => 'completed'));
});

test('a subagent that starts a subagent: both are tasks, each with what it is for, and what the inner one wrote is its own', async () => {
  const repo = await connected('claude');
  await repo.ok(['start', 'login-form']);
  const branch = repo.git('branch', '--show-current');
  const call = (name: string, prompt: string): Block => ({
    tool: 'Agent',
    input: { description: `Do the ${name} part`, prompt, subagent_type: 'general-purpose', run_in_background: false },
  });
  const says = ({ heard, n }: Turn): Block[] => {
    if (n > 0) return [{ text: 'done' }];
    if (heard.includes('Begin')) return [call('outer', 'SUBTASK outer')];
    if (heard.includes('SUBTASK outer')) return [call('inner', 'SUBTASK inner')];
    return [{ tool: 'Write', input: { file_path: join(repo.dir, 'src/inner.js'), content: '/** x */\n' } }];
  };
  const ran = await say(repo, says, 'Begin', { home: tempDir('gs-home-') });
  expect(ran, ran.err).toMatchObject({ code: 0 });
  const { tasks } = await repo.json(['show', `session-${branch.slice('session/'.length)}`]);
  expect(tasks).toMatchObject([
    { description: 'Do the outer part', agent: 'general-purpose', status: 'completed', files: 0 },
    { description: 'Do the inner part', agent: 'general-purpose', status: 'completed', files: 1 },
  ]);
  expect(repo.git('log', '--format=%s', `main..${branch}`)).toContain('checkpoint: Do the inner part (general-purpose, 1 file)');
  expect(repo.git('show', `${branch}:src/inner.js`)).toBe('/** x */');
});

test('--worktree <topic> is a session in a worktree; a subagent in a worktree of its own is none, and works for that session', async () => {
  const repo = await connected('claude');
  const home = tempDir('gs-home-');
  const [top] = [join(`${repo.dir}.worktrees`, 'login-form')];
  const says = (turn: Turn): Block[] => {
    if (turn.heard.includes('SUBTASK'))
      return turn.n === 0 ? [{ tool: 'Write', input: { file_path: 'src/login.js', content: '/** x */\n' } }] : [{ text: 'done' }];
    if (turn.n === 0)
      return [
        { tool: 'Write', input: { file_path: join(top, 'sessions', sessionIn(turn), 'artifacts/docs/guide.md'), content: '# Guide\n' } },
      ];
    const call = {
      description: 'Build it',
      prompt: 'SUBTASK',
      subagent_type: 'general-purpose',
      isolation: 'worktree',
      run_in_background: false,
    };
    return turn.n === 1 ? [{ tool: 'Agent', input: call }] : [{ text: 'done' }];
  };
  const ran = await say(repo, says, 'Write the guide', { home, more: ['--worktree', 'login-form'] });
  expect(ran, ran.err).toMatchObject({ code: 0 });
  const there = new TestRepo(top);
  const branch = there.git('branch', '--show-current');
  const id = `session-${branch.slice('session/'.length)}`;
  expect(branch).toMatch(/^session\/\d{8}-\d{6}-login-form$/);
  expect(repo.git('branch', '--show-current')).toBe('main');
  expect(repo.git('status', '--porcelain')).toBe('');
  expect(there.git('show', `${branch}:sessions/${id}/artifacts/docs/guide.md`)).toBe('# Guide');
  expect(repo.git('for-each-ref', '--format=%(refname:short)', 'refs/heads/session/')).toBe(branch);
  const own = repo.git('for-each-ref', '--format=%(refname:short)', 'refs/heads/worktree-agent-*');
  expect(own).toMatch(/^worktree-agent-a[0-9a-f]+$/);
  expect(repo.git('show', `${own}:src/login.js`)).toBe('/** x */');
  expect(repo.git('show', '-s', '--format=%(trailers:key=Session-Id,valueonly)', own).trim()).toBe(id);
  expect(ran.turns.filter(({ heard }) => heard.includes('SUBTASK'))[0]?.heard).toContain(`this work belongs to session ${id}`);

  // The same topic again goes on there.
  const again = await say(repo, () => [{ text: 'done' }], 'Go on', { home, more: ['--worktree', 'login-form'] });
  expect(again.turns[0]?.heard).toContain(id);
  expect(repo.git('for-each-ref', '--format=%(refname:short)', 'refs/heads/session/')).toBe(branch);
});

test('EnterWorktree in the middle of a chat is a session too, of which the agent is told; ExitWorktree removes it and loses nothing', async () => {
  const repo = await connected('claude');
  const home = tempDir('gs-home-');
  const top = join(`${repo.dir}.worktrees`, 'login-form');
  const says = (turn: Turn): Block[] => {
    if (turn.n === 0) return [{ tool: 'EnterWorktree', input: { name: 'login-form' } }];
    const guide = join(top, 'sessions', sessionIn(turn), 'artifacts/docs/guide.md');
    if (turn.n === 1) return [{ tool: 'Write', input: { file_path: guide, content: '# Guide\n' } }];
    if (turn.n === 2) return [{ tool: 'Bash', input: { command: 'echo new > src/new.js', description: 'Change it' } }];
    return turn.n === 3 ? [{ tool: 'ExitWorktree', input: { action: 'remove', discard_changes: true } }] : [{ text: 'done' }];
  };
  const ran = await say(repo, says, 'Write the guide', { home, more: ['--allowedTools', 'EnterWorktree,ExitWorktree,Write,Bash'] });
  expect(ran, ran.err).toMatchObject({ code: 0, out: 'done\n' });
  const branch = repo.git('for-each-ref', '--format=%(refname:short)', 'refs/heads/session/');
  const id = `session-${branch.slice('session/'.length)}`;
  expect(ran.turns[1]?.heard).toContain(`this work belongs to session ${id}`);
  expect(existsSync(top)).toBe(false);
  expect(repo.git('show', `${branch}:sessions/${id}/artifacts/docs/guide.md`)).toBe('# Guide');
  expect(repo.git('show', `${repo.git('for-each-ref', '--format=%(refname)', 'refs/git-session/trash/')}:src/new.js`)).toBe('new');
  expect(repo.git('show', '-s', '--format=%(trailers:key=Session-Agent,valueonly)', branch)).toContain('Claude Code');
  const { tasks } = await repo.json(['show', id]);
  expect(tasks.map((task: { status: string }) => task.status)).not.toContain('open');
});

test('in its own terminal: a session’s worktree that the person removes on leaving loses nothing', async () => {
  const repo = await connected('claude');
  const home = tempDir('gs-home-');
  settle(repo, home);
  const model = new ScriptedModel((turn) => {
    const root = join(`${repo.dir}.worktrees/login-form/sessions`, sessionIn(turn), 'artifacts');
    if (turn.n === 0) return [{ tool: 'Write', input: { file_path: join(root, 'docs/guide.md'), content: '# Guide\n' } }];
    return turn.n === 1
      ? [{ tool: 'Bash', input: { command: 'echo changed > src/app.js; echo new > src/new.js', description: 'Change it' } }]
      : [{ text: 'done' }];
  });
  const args = ['--worktree', 'login-form', '--permission-mode', 'acceptEdits', '--allowedTools', 'Bash'];
  const terminal = programAtTerminal(CLAUDE, args, repo.dir, { ...envAt(await model.listen(), home), TERM: 'xterm-256color' });
  await terminal.shows(/❯/);
  await terminal.press('Write the guide', /❯\sWrite the guide/);
  await terminal.press('\r', /● done/);
  await terminal.press('/exit', /❯\s\/exit/);
  await terminal.press('\r', /Exiting worktree session/);
  await terminal.press('\u001b[B', /❯ 2\. Remove worktree/);
  terminal.type('\r');
  expect(await terminal.exit).toBe(0);
  model.close();
  expect(repo.git('worktree', 'list', '--porcelain')).not.toContain('login-form');
  expect(existsSync(join(`${repo.dir}.worktrees/login-form`))).toBe(false);
  const branch = repo.git('for-each-ref', '--format=%(refname:short)', 'refs/heads/session/');
  expect(branch).toMatch(/^session\/\d{8}-\d{6}-login-form$/);
  expect(repo.git('show', `${branch}:sessions/session-${branch.slice('session/'.length)}/artifacts/docs/guide.md`)).toBe('# Guide');
  const kept = repo.git('for-each-ref', '--format=%(refname)', 'refs/git-session/trash/');
  expect(repo.git('diff', '--name-only', branch, kept).split('\n')).toEqual(['src/app.js', 'src/new.js']);
  const again = await say(repo, () => [{ text: 'done' }], 'Go on', { home, more: ['--worktree', 'login-form'] });
  expect(again.turns[0]?.heard).toContain(kept);
});

test('redirected: the client writes a misplaced file where it belongs, tells its model, and an edit of the old path is told where it is', async () => {
  const repo = await connected('claude', 'none', (text) => text.replace('redirect: false', 'redirect: true'));
  await repo.ok(['start', 'login-form']);
  const branch = repo.git('branch', '--show-current');
  const stray = join(repo.dir, 'user-guide.md');
  const to = `sessions/session-${branch.slice('session/'.length)}/artifacts/docs/user-guide.md`;
  const ran = await say(
    repo,
    ({ n }) => {
      if (n === 0) return [{ tool: 'Write', input: { file_path: stray, content: '# Guide\n' } }];
      if (n === 1) return [{ tool: 'Write', input: { file_path: stray, content: '# Another\n' } }];
      return n === 2
        ? [{ tool: 'Edit', input: { file_path: join(repo.dir, to), old_string: '# Guide', new_string: '# The guide' } }]
        : [{ text: 'done' }];
    },
    'Write the guide',
    { home: tempDir('gs-home-') },
  );
  expect(ran, ran.err).toMatchObject({ code: 0, out: 'done\n' });
  expect(ran.turns[1]?.heard).toContain(`user-guide.md is written to ${join(repo.dir, to)} instead`);
  expect(ran.turns[2]?.heard).toContain(`Use ${join(repo.dir, to)}, which is there already`);
  expect(repo.has('user-guide.md')).toBe(false);
  expect(repo.git('show', `${branch}:${to}`)).toBe('# The guide');
  expect(repo.git('log', '-1', '--format=%s', branch)).toBe('checkpoint: Write the guide (Claude Code, 1 file)');
  expect(repo.git('status', '--porcelain')).toBe('');
});

test('in its own terminal: the review by slash command, and the person’s next prompt lands it, signed', async () => {
  const repo = await connected('claude', 'prompt');
  const home = tempDir('gs-home-');
  await repo.ok(['start', 'login-form']);
  const id = `session-${repo.git('branch', '--show-current').slice('session/'.length)}`;
  repo.commit('Write a note', { [`sessions/${id}/artifacts/notes/a.md`]: '# a\n' });
  settle(repo, home);
  const model = new ScriptedModel(() => [{ text: 'done' }]);
  const terminal = programAtTerminal(CLAUDE, [], repo.dir, { ...envAt(await model.listen(), home), TERM: 'xterm-256color' });
  const type = async (text: string, until: RegExp) => {
    await terminal.press(text, new RegExp(`❯\\s${text}`));
    await terminal.press('\r', until);
  };
  await terminal.shows(/❯/);
  await type('/session-closeout', /Your next prompt decides/);
  await type('/session-closeout yes', /has landed on main/);
  terminal.hangUp();
  await terminal.exit;
  model.close();
  expect(repo.git('tag', '-l')).toBe(`backup/${id}`);
  expect(repo.git('cat-file', 'tag', `backup/${id}`)).toContain('"presence":"prompt"');
});

test('the agent’s shell knows its session by GIT_SESSION_ID and GIT_SESSION_PATH, from the start of the chat on', async () => {
  const repo = await connected('claude');
  await repo.ok(['start', 'login-form']);
  const id = `session-${repo.git('branch', '--show-current').slice('session/'.length)}`;
  const look = { tool: 'Bash', input: { command: 'echo "shell: $GIT_SESSION_ID at $GIT_SESSION_PATH"', description: 'Look' } };
  const ran = await say(repo, ({ n }) => (n === 0 ? [look] : [{ text: 'done' }]), 'Look', { home: tempDir('gs-home-') });
  expect(ran, ran.err).toMatchObject({ code: 0 });
  expect(ran.turns[1]?.heard).toContain(`shell: ${id} at ${join(repo.dir, 'sessions', id)}`);
});

test('with the program gone or broken the client works as if git-session were not there', async () => {
  const repo = await connected('claude');
  await repo.ok(['start', 'login-form']);
  for (const [name, broken] of Object.entries(BROKEN)) {
    broken(repo);
    const write = { tool: 'Write', input: { file_path: join(repo.dir, `${name}.txt`), content: 'x\n' } };
    const ran = await say(repo, ({ n }) => (n === 0 ? [write] : [{ text: 'done' }]), 'Write a file', { home: tempDir('gs-home-') });
    expect(ran, ran.err).toMatchObject({ code: 0, out: 'done\n' });
    expect(repo.read(`${name}.txt`)).toBe('x\n');
  }
});

test('the plugin and its marketplace pass the client’s own validation', async () => {
  for (const place of [ROOT, join(ROOT, 'plugin')]) {
    const { code, out, err } = await run(CLAUDE, ['plugin', 'validate', place, '--strict'], { env: { HOME: tempDir('gs-home-') } });
    expect(`${out}${err}`).toContain('Validation passed');
    expect(code).toBe(0);
  }
});
