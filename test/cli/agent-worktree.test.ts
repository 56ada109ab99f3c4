/** `claude --worktree <topic>`: the command lines of the settings, run as the client runs them, with the payloads that it was seen to send. */

import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ClaudeChat } from '../support/agent.ts';
import { makeRepo, makeSshKey, type Ran, run, TestRepo } from '../support/repo.ts';

const CHAT = '4a75e6f2-a9f3-4b4d-aca7-046672143c2b';
const AGENT = { agent_id: 'abc4545f93ffedd66', agent_type: 'general-purpose' };

async function connected(): Promise<TestRepo> {
  const repo = makeRepo({ files: { 'src/app.js': 'app\n' } });
  await repo.ok(['init', '--yes', '--no-detect', '--presence', 'none', '--signing-key', makeSshKey(), '--agent', 'claude']);
  return repo;
}

/** The line of the settings for an event; `text`: the payload where it is no object. */
function asked(repo: TestRepo, event: string, payload: Record<string, unknown>, text?: string): Promise<Ran> {
  const { command } = JSON.parse(repo.read('.claude/settings.json')).hooks[event][0].hooks[0];
  const input = text ?? JSON.stringify({ session_id: CHAT, transcript_path: '/t', cwd: repo.dir, hook_event_name: event, ...payload });
  return run('sh', ['-c', command], { cwd: repo.dir, input, env: { CLAUDE_PROJECT_DIR: repo.dir, CLAUDECODE: '1' } });
}

const create = (repo: TestRepo, name: unknown, more: Record<string, unknown> = {}) => asked(repo, 'WorktreeCreate', { name, ...more });

const sessions = (repo: TestRepo) =>
  repo.git('for-each-ref', '--format=%(refname:short)', 'refs/heads/session/').split('\n').filter(Boolean);

const told = async (there: TestRepo) => {
  const { said } = await new ClaudeChat(there, CHAT).send('SessionStart-1', { cwd: there.dir, source: 'startup' });
  return { context: said?.hookSpecificOutput?.additionalContext ?? '', tell: said?.systemMessage ?? '' };
};

test('it is a session in a worktree of its own: asked again it is gone on with, also where its worktree was removed', async () => {
  const repo = await connected();
  const made = await create(repo, 'feature/login_form');
  expect(made).toMatchObject({ code: 0, err: '' });
  const top = made.out.trim();
  expect(made.out).toBe(`${realpathSync(top)}\n`);
  const there = new TestRepo(top);
  const [branch = ''] = sessions(repo);
  expect(branch).toMatch(/^session\/\d{8}-\d{6}-feature-login-form$/);
  expect(there.git('branch', '--show-current')).toBe(branch);
  expect(repo.git('branch', '--show-current')).toBe('main');
  expect(repo.git('status', '--porcelain')).toBe('');
  const { session } = await there.json(['show', 'feature-login-form']);
  expect(session.base).toBe('main');
  expect((await told(there)).context).toContain(session.id);

  expect((await create(repo, 'feature/login_form')).out.trim()).toBe(top);
  repo.git('worktree', 'remove', top);
  const again = new TestRepo((await create(repo, 'feature-login-form')).out.trim());
  expect(again.git('branch', '--show-current')).toBe(branch);
  expect(sessions(repo)).toEqual([branch]);
});

test('in the middle of a merge the checkout is left alone; what an agent asks for is begun by the agent', async () => {
  const repo = await connected();
  repo.write('.git/MERGE_HEAD', `${repo.git('rev-parse', 'HEAD')}\n`);
  const { out } = await create(repo, 'login-form', { prompt_id: 'p' });
  expect(new TestRepo(out.trim()).git('branch', '--show-current')).toBe(sessions(repo)[0]);
  expect(repo.has('.git/MERGE_HEAD')).toBe(true);
  expect(repo.git('log', '-p', '-1', sessions(repo)[0] ?? '')).toContain('"kind":"agent","name":"Claude Code"');
});

test('a subagent’s worktree is no session: a branch of its own from where its chat is, for the session of that chat', async () => {
  const repo = await connected();
  const worktree = new TestRepo((await create(repo, 'login-form')).out.trim());
  const [branch = ''] = sessions(repo);
  const made = await create(worktree, `agent-${AGENT.agent_id}`, { prompt_id: 'p' });
  expect(made.out).toBe(`${join(worktree.dir, '.claude/worktrees', `agent-${AGENT.agent_id}`)}\n`);
  const there = new TestRepo(made.out.trim());
  expect(there.git('branch', '--show-current')).toBe(`worktree-agent-${AGENT.agent_id}`);
  expect(there.git('rev-parse', 'HEAD')).toBe(repo.git('rev-parse', branch));
  expect(sessions(repo)).toEqual([branch]);
  const chat = new ClaudeChat(worktree, CHAT);
  const begun = await chat.send('SubagentStart-2', { ...AGENT, cwd: there.dir });
  const id = `session-${branch.slice('session/'.length)}`;
  expect(begun.said.hookSpecificOutput.additionalContext).toContain(id);
  await chat.write(`.claude/worktrees/agent-${AGENT.agent_id}/src/app.js`, 'changed\n', { ...AGENT, cwd: there.dir } as typeof AGENT);
  await chat.send('SubagentStop-2', { ...AGENT, cwd: there.dir });
  expect(there.git('log', '-1', '--format=%(trailers:key=Session-Id,valueonly)').trim()).toBe(id);
  const status = await worktree.ok(['status']);
  expect(`${status.err}${status.out}`).toContain(`git session bring-in worktree-agent-${AGENT.agent_id}`);
  // The worktree lies in the checkout, as the client has it, and is nobody's change there.
  expect(status.out).not.toContain('Uncommitted');
});

test('where no session can be had, the client’s own worktree is made, and the chat is told why', async () => {
  const repo = await connected();
  repo.git('switch', '-q', '--detach');
  for (const [name, why] of [
    ['login-form', 'HEAD is detached'],
    ['test', '"test" does not say what the session is about'],
    ['a..b-form', null],
  ] as const) {
    const made = await create(repo, name);
    if (why === null) {
      // git takes no branch of that name, as in the client itself.
      expect(made.code).toBe(1);
      continue;
    }
    expect(made.out).toBe(`${join(repo.dir, '.claude/worktrees', name)}\n`);
    const there = new TestRepo(made.out.trim());
    expect(there.git('branch', '--show-current')).toBe(`worktree-${name}`);
    expect((await told(there)).tell).toContain(why);
    expect((await told(there)).tell).toBe('');
  }
  expect(sessions(repo)).toEqual([]);
  // The same name again is the same worktree, session or not.
  repo.git('switch', '-q', 'main');
  expect((await create(repo, 'login-form')).out).toBe(`${join(repo.dir, '.claude/worktrees/login-form')}\n`);
});

test('a hostile name makes nothing but a worktree below the client’s folder, or fails', async () => {
  const repo = await connected();
  const names = [
    '',
    '..',
    '../out',
    '-x',
    '$(touch pwned)',
    'x;touch pwned',
    '`touch pwned`',
    'a"b',
    "a'b",
    'a b',
    'a\nb',
    '.git',
    'x'.repeat(300),
    'é',
    null,
    7,
    {},
    [],
  ];
  for (const name of names) {
    const { code, out } = await create(repo, name);
    if (code === 0) expect(out.trim().startsWith(`${repo.dir}/.claude/worktrees/`) || sessions(repo).length > 0, String(name)).toBe(true);
    else expect(out, String(name)).toBe('');
  }
  for (const text of ['', 'no JSON', '{"name":"', '[]'])
    expect(await asked(repo, 'WorktreeCreate', {}, text)).toMatchObject({ code: 1, out: '' });
  for (const path of ['pwned', '../out', '../pwned']) expect(existsSync(join(repo.dir, path)), path).toBe(false);
  const tops = repo.git('worktree', 'list', '--porcelain').match(/(?<=^worktree ).+/gm) ?? [];
  for (const top of tops)
    expect(
      [repo.dir, `${repo.dir}.worktrees`, join(repo.dir, '.claude/worktrees')].some(
        (place) => top === repo.dir || top.startsWith(`${place}/`),
      ),
      top,
    ).toBe(true);
});

test('with the tool gone or broken, or policy leaving worktrees to the client, they are made and removed as ever', async () => {
  const repo = await connected();
  const tool = join(repo.dir, '.git/git-session/tool');
  const [node = '', hook = ''] = readFileSync(tool, 'utf8').split('\n');
  const broken = join(repo.dir, '..', 'hook.cjs');
  writeFileSync(broken, 'throw new Error("broken")');
  const states: (() => void)[] = [
    () => writeFileSync(tool, `${node}\n${broken}\n`),
    () => writeFileSync(tool, `/nowhere/node\n${hook}\n`),
    () => rmSync(tool),
    () => rmSync(join(repo.dir, '.swarm/hook.sh')),
  ];
  for (const [n, state] of states.entries()) {
    state();
    const made = await create(repo, `part-${n}`);
    const top = join(repo.dir, '.claude/worktrees', `part-${n}`);
    expect(made, String(state)).toMatchObject({ code: 0, out: `${top}\n` });
    // Not forced: what is not committed stays.
    writeFileSync(join(top, 'new.txt'), 'x\n');
    const remove = () => asked(repo, 'WorktreeRemove', { worktree_path: top });
    expect((await remove()).code).not.toBe(0);
    rmSync(join(top, 'new.txt'));
    expect((await remove()).code).toBe(0);
    expect(existsSync(top)).toBe(false);
    expect((await create(repo, `part-${n}`)).out).toBe(`${top}\n`);
  }
  expect(sessions(repo)).toEqual([]);
});
