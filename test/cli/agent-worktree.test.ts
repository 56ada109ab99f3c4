/** `claude --worktree <topic>`: the command lines of the settings, run as the client runs them, with the payloads that it was seen to send. */

import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ClaudeChat, inRepo, recorded } from '../support/agent.ts';
import { copyOf } from '../support/approved-repo.ts';
import { makeRepo, makeSshKey, type Ran, run, TestRepo } from '../support/repo.ts';

const CHAT = '4a75e6f2-a9f3-4b4d-aca7-046672143c2b';
const AGENT = { agent_id: 'abc4545f93ffedd66', agent_type: 'general-purpose' };

let BASE: TestRepo;

beforeAll(async () => {
  BASE = makeRepo({ files: { 'src/app.js': 'app\n' } });
  await BASE.ok(['init', '--yes', '--no-detect', '--presence', 'none', '--signing-key', makeSshKey(), '--agent', 'claude']);
});

const connected = () => copyOf(BASE);

/** The line of the settings for an event; `text`: the payload where it is no object. */
function asked(repo: TestRepo, event: string, payload: Record<string, unknown>, text?: string): Promise<Ran> {
  const { command } = JSON.parse(repo.read('.claude/settings.json')).hooks[event][0].hooks[0];
  const input = text ?? JSON.stringify({ ...inRepo(recorded('claude', `${event}-1`), repo.dir), cwd: repo.dir, ...payload });
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
  const repo = connected();
  const [made, same] = await Promise.all([
    create(repo, 'feature/login_form'),
    create(repo, 'feature/login_form', { session_id: 'another-chat' }),
  ]);
  expect(same).toEqual(made);
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

test('what the client’s own .worktreeinclude names comes along: ignored files, into sessions and workers’ worktrees, over nothing', async () => {
  const repo = connected();
  repo.commit('Ignore', { '.gitignore': '.env\n*.log\n', '.worktreeinclude': '.env\nlocal/\nsrc/app.js\n' });
  for (const [path, text] of Object.entries({ '.env': 'A=1\n', 'a.log': 'x\n', 'local/not-ignored': 'x\n', 'deep er/.env': 'B=2\n' }))
    repo.write(path, text);
  const there = new TestRepo((await create(repo, 'login-form')).out.trim());
  const own = new TestRepo((await create(repo, `agent-${AGENT.agent_id}`, { prompt_id: 'p' })).out.trim());
  for (const at of [there, own]) {
    expect([at.read('.env'), at.read('deep er/.env')]).toEqual(['A=1\n', 'B=2\n']);
    expect([at.has('a.log'), at.has('local')]).toEqual([false, false]);
    expect(at.git('status', '--porcelain')).toBe('');
  }
  there.write('.env', 'mine\n');
  expect((await create(repo, 'login-form')).out.trim()).toBe(there.dir);
  expect(there.read('.env')).toBe('mine\n');
  expect((await remove(there)).err).toContain('.env is ignored by git');
  there.write('.env', 'A=1\n');
  expect((await remove(there)).code).toBe(0);
});

test('in the middle of a merge the checkout is left alone; what an agent asks for is begun by the agent', async () => {
  const repo = connected();
  repo.write('.git/MERGE_HEAD', `${repo.git('rev-parse', 'HEAD')}\n`);
  const { out } = await create(repo, 'login-form', { prompt_id: 'p' });
  expect(new TestRepo(out.trim()).git('branch', '--show-current')).toBe(sessions(repo)[0]);
  expect(repo.has('.git/MERGE_HEAD')).toBe(true);
  expect(repo.git('log', '-p', '-1', sessions(repo)[0] ?? '')).toContain('"kind":"agent","name":"Claude Code"');
});

test('a subagent’s worktree is no session: a branch of its own from where its chat is, for the session of that chat', async () => {
  const repo = connected();
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
  const repo = connected();
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
  const repo = connected();
  const names = ['', '../out', '-x', '$(touch pwned)', 'x;`touch pwned`', 'a"b', 'a\nb', 'x'.repeat(300), null];
  for (const name of names) {
    const { code, out } = await create(repo, name);
    if (code === 0) expect(out.trim().startsWith(`${repo.dir}/.claude/worktrees/`) || sessions(repo).length > 0, String(name)).toBe(true);
    else expect(out, String(name)).toBe('');
  }
  for (const text of ['', '{"name":"']) expect(await asked(repo, 'WorktreeCreate', {}, text)).toMatchObject({ code: 1, out: '' });
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

test('with the tool gone or broken they are made and removed as ever', async () => {
  const repo = connected();
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

test('policy can leave worktrees to the client: at once as the client makes them, and after init without our hooks', async () => {
  const repo = connected();
  repo.write('.sessionrc.yaml', repo.read('.sessionrc.yaml').replace('client_worktrees: session', 'client_worktrees: plain'));
  repo.git('commit', '-q', '-a', '-S', '-m', 'Leave worktrees to the client');
  await repo.ok(['status']);
  expect((await create(repo, 'login-form')).out).toBe(`${join(repo.dir, '.claude/worktrees/login-form')}\n`);
  expect(sessions(repo)).toEqual([]);
  await repo.ok(['init', '--yes', '--no-detect']);
  const { hooks } = JSON.parse(repo.read('.claude/settings.json'));
  expect(Object.keys(hooks).filter((event) => event.startsWith('Worktree') && hooks[event].length > 0)).toEqual([]);
  expect(hooks.SessionStart).toHaveLength(1);
});

const remove = (there: TestRepo) => asked(there, 'WorktreeRemove', { session_id: CHAT, worktree_path: there.dir });

/** A session's worktree, with a chat at work in it. */
async function sessionTree(repo: TestRepo, name = 'login-form') {
  const there = new TestRepo((await create(repo, name)).out.trim());
  const branch = there.git('branch', '--show-current');
  const id = `session-${branch.slice('session/'.length)}`;
  return { there, branch, id, artifact: (path: string) => `sessions/${id}/artifacts/${path}`, chat: new ClaudeChat(there, CHAT) };
}

test('a chat that goes into a worktree in the middle of its work leaves none of it open, where it was and where it went', async () => {
  const repo = connected();
  await repo.ok(['start', 'first-part']);
  const chat = new ClaudeChat(repo, CHAT);
  await chat.prompt('Write both parts');
  await chat.write('src/app.js', 'first\n');
  const there = new TestRepo((await create(repo, 'second-part', { prompt_id: 'p' })).out.trim());
  const inside = new ClaudeChat(there, CHAT);
  const entered = await inside.send('PostToolUse-26', { cwd: there.dir });
  expect(entered.said.hookSpecificOutput.additionalContext).toMatch(/belongs to session session-\d{8}-\d{6}-second-part\./);
  await inside.write('src/app.js', 'second\n');
  const back = await chat.send('PostToolUse-27', { cwd: repo.dir });
  expect(back.said.hookSpecificOutput.additionalContext).toMatch(/belongs to session session-\d{8}-\d{6}-first-part\./);
  await chat.send('Stop-1');
  const made = await Promise.all(['first-part', 'second-part'].map((topic) => repo.json(['show', topic])));
  expect(made.map(({ tasks }) => tasks.map(({ status }: { status: string }) => status))).toEqual([['completed'], ['completed']]);
  for (const at of [repo, there]) expect(at.git('status', '--porcelain')).toBe('');
  expect(there.git('log', '-1', '--format=%s')).toBe('checkpoint: Write both parts (Claude Code, 1 file)');
});

const trash = (repo: TestRepo) => repo.git('for-each-ref', '--format=%(refname)', 'refs/git-session/trash/').split('\n').filter(Boolean);

test('removed, it leaves all behind: tasks and artifacts on the branch, the rest in the trash, and the next chat there is told', async () => {
  const repo = connected();
  const { there, branch, artifact, chat } = await sessionTree(repo);
  await told(there);
  await chat.prompt('Write the guide');
  await chat.write(artifact('docs/guide.md'), '# Guide\n');
  there.write(artifact('notes/left.md'), 'left by a shell\n');
  there.write('src/app.js', 'staged\n');
  there.git('add', 'src/app.js');
  there.write('src/app.js', 'changed\n');
  there.write('a new file.txt', 'untracked\n');
  const gone = await remove(there);
  expect(gone, gone.err).toMatchObject({ code: 0, out: `${there.dir}\n`, err: '' });
  expect(existsSync(there.dir)).toBe(false);
  expect(repo.git('worktree', 'list', '--porcelain')).not.toContain(there.dir);
  expect(repo.git('show', `${branch}:${artifact('docs/guide.md')}`)).toBe('# Guide');
  expect(repo.git('show', `${branch}:${artifact('notes/left.md')}`)).toBe('left by a shell');
  const [ref = ''] = trash(repo);
  expect(trash(repo)).toHaveLength(1);
  expect(repo.git('show', `${ref}:src/app.js`)).toBe('changed');
  expect(repo.git('show', `${ref}^2:src/app.js`)).toBe('staged');
  expect(repo.git('show', `${ref}:a new file.txt`)).toBe('untracked');
  expect(repo.git('rev-parse', `${ref}^1`)).toBe(repo.git('rev-parse', branch));
  expect(repo.git('status', '--porcelain')).toBe('');

  const again = new TestRepo((await create(repo, 'login-form')).out.trim());
  expect(again.git('branch', '--show-current')).toBe(branch);
  expect((await told(again)).tell).toContain(ref);
  await create(repo, 'login-form');
  expect((await told(again)).tell).toBe('');
  again.git('restore', `--source=${ref}`, '--', 'a new file.txt');
  expect(again.read('a new file.txt')).toBe('untracked\n');
});

test('what nothing else holds keeps it where it is, and as it was', async () => {
  const repo = connected();
  repo.commit('Ignore', { '.gitignore': '.env\n' });
  const { there, chat } = await sessionTree(repo);
  there.write('src/app.js', 'staged\n');
  there.git('add', 'src/app.js');
  there.write('src/app.js', 'changed\n');
  there.write('new.txt', 'untracked\n');
  const changes = () =>
    there
      .git('status', '--porcelain')
      .split('\n')
      .filter((row) => !row.includes('.claude/worktrees/'));
  const before = changes();
  const stays = async (why: string) => {
    const kept = await remove(there);
    expect(kept, why).toMatchObject({ code: 1, out: '' });
    expect(kept.err).toContain(`the worktree ${there.dir} stays`);
    expect(kept.err).toContain(why);
    expect(changes()).toEqual(before);
    expect([there.read('src/app.js'), there.git('show', ':src/app.js')]).toEqual(['changed\n', 'staged']);
    expect(trash(repo)).toEqual([]);
  };
  there.write('.env', 'SECRET=1\n');
  await stays('.env is ignored by git');
  rmSync(join(there.dir, '.env'));
  there.git('clone', '-q', repo.dir, 'vendored');
  expect((await remove(there)).err).toContain('vendored is a repository of its own');
  expect(changes()).toEqual([...before, '?? vendored/']);
  rmSync(join(there.dir, 'vendored'), { recursive: true });
  const own = new TestRepo((await create(there, `agent-${AGENT.agent_id}`, { prompt_id: 'p' })).out.trim());
  await stays(`the worktree ${own.dir} lies in it`);

  // A subagent's is found by its worktree until it is brought in.
  await chat.send('SubagentStart-2', { ...AGENT, cwd: own.dir });
  await chat.write(`.claude/worktrees/agent-${AGENT.agent_id}/src/app.js`, 'by the subagent\n', { ...AGENT, cwd: own.dir } as typeof AGENT);
  await chat.send('SubagentStop-2', { ...AGENT, cwd: own.dir });
  const waiting = await remove(own);
  expect(waiting).toMatchObject({ code: 1, out: '' });
  expect(waiting.err).toContain(`git session bring-in worktree-agent-${AGENT.agent_id}`);
  there.git('checkout', '-q', 'HEAD', '--', 'src/app.js');
  await there.ok(['bring-in', `worktree-agent-${AGENT.agent_id}`]);
  expect(await remove(own)).toMatchObject({ code: 0, out: `${own.dir}\n` });
  // A failure of ours removes nothing.
  rmSync(join(repo.dir, '.git/git-session/locks'), { recursive: true, force: true });
  repo.write('.git/git-session/locks', 'in the way\n');
  expect(await remove(there)).toMatchObject({ code: 1, out: '' });
  expect(there.read('new.txt')).toBe('untracked\n');
  rmSync(join(repo.dir, '.git/git-session/locks'));
  expect(await remove(there)).toMatchObject({ code: 0 });
});

test('the main checkout is never removed', async () => {
  const repo = connected();
  await repo.ok(['start', 'login-form']);
  expect(await remove(repo)).toMatchObject({ code: 1, out: '' });
  expect(repo.has('src/app.js')).toBe(true);
});
