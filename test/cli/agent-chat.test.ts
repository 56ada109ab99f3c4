/** A chat of Claude Code in the less usual turns: killed, compacted, resumed by a script, with subagents of subagents, and after ten thousand records. */

import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appendRecords } from '../../src/store/journal.ts';
import { privatePaths } from '../../src/store/paths.ts';
import { ClaudeChat } from '../support/agent.ts';
import { makeApprovedRepo, makeSession } from '../support/approved-repo.ts';
import { makeRepo, type TestRepo } from '../support/repo.ts';
import { record, startSession } from '../support/started.ts';

const contextOf = ({ said }: { said: { hookSpecificOutput?: { additionalContext?: string } } | null }) =>
  said?.hookSpecificOutput?.additionalContext ?? '';

/** The chat was heard of last, and its facts kept, so many minutes ago. */
function heardOf(repo: TestRepo, chat: ClaudeChat, minutes: number): void {
  const path = `.git/git-session/chats/claude-${chat.id}/session.json`;
  repo.write(path, JSON.stringify({ ...JSON.parse(repo.read(path)), at: Date.now() - minutes * 60_000 }));
}

test('the open task of a chat that was killed is named where the next chat starts, with what to do, and that does it', async () => {
  const repo = makeRepo();
  const { id, branch } = await startSession(repo, 'auth-system');
  const killed = new ClaudeChat(repo, 'killed-chat');
  await killed.send('SessionStart-1');
  await killed.prompt('Write the notes', 'prompt-of-the-killed');
  await killed.write(`sessions/${id}/artifacts/notes/half.md`, 'half\n');
  const soon = contextOf(await new ClaudeChat(repo, 'next-chat').send('SessionStart-1'));
  expect(soon).toContain(
    'Begun in another chat and still open:\n- prompt-e-killed, Claude Code: Write the notes (1 file), whose chat was heard of lately',
  );
  expect(soon).not.toContain('--status cancelled');
  heardOf(repo, killed, 20);
  const next = new ClaudeChat(repo, 'later-chat');
  const told = contextOf(await next.send('SessionStart-1'));
  expect(told).toContain('- prompt-e-killed, Claude Code: Write the notes (1 file), whose chat is not heard of any more');
  expect(told).toContain('git session hooks post-task --task-id <task> --status cancelled');
  await repo.ok(['hooks', 'post-task', '--task-id', 'prompt-e-killed', '--status', 'cancelled', '--wait']);
  expect(repo.git('show', `${branch}:sessions/${id}/artifacts/notes/half.md`)).toBe('half');
  expect(contextOf(await new ClaudeChat(repo, 'last-chat').send('SessionStart-1'))).not.toContain('Begun in another chat');
  // The chat itself, resumed, has its own task and no other's.
  expect(contextOf(await killed.send('SessionStart-8'))).not.toContain('Begun in another chat');
});

test('/compact: the agent is told again, its task stays open, and the subagents that end without a start change nothing', async () => {
  const repo = makeRepo();
  const { id } = await startSession(repo, 'auth-system');
  const chat = new ClaudeChat(repo);
  await chat.send('SessionStart-1');
  await chat.prompt('Write the notes');
  await chat.write(`sessions/${id}/artifacts/notes/a.md`, 'a\n');
  const { recorded } = await repo.json(['status']);
  await chat.send('PreCompact-1');
  await chat.send('SubagentStop-6');
  await chat.send('SubagentStop-7');
  expect(contextOf(await chat.send('SessionStart-11'))).toContain(`this work belongs to session ${id}`);
  expect(await chat.prompt('Go on', 'prompt-after-it')).toMatchObject({ said: null });
  expect((await repo.json(['status'])).recorded).toEqual(recorded);
  const { tasks } = await repo.json(['show', id]);
  expect(tasks).toHaveLength(1);
  expect(tasks[0]).toMatchObject({ status: 'open', description: 'Write the notes' });
});

test('a chat that a script resumes decides nothing, also where a person was shown the review before', async () => {
  const { repo } = makeApprovedRepo('presence: prompt\nchecks:\n  list:\n    - name: test\n      run: node -e 0\n');
  await makeSession(repo);
  const chat = new ClaudeChat(repo);
  const [person, script] = ['cli', 'sdk-cli'].map((entry) => ({ CLAUDE_CODE_ENTRYPOINT: entry }));
  const say = async (prompt: string, env = person) => (await chat.send('UserPromptSubmit-1', { prompt }, env)).said;
  expect((await say('/session-closeout')).reason).toContain('Your next prompt decides');
  const before = repo.snapshot();
  await chat.send('SessionStart-8', {}, script);
  for (const prompt of ['/session-closeout yes', '/session-closeout no it is wrong'])
    expect((await say(prompt, script)).reason).toContain('no sign of a person');
  expect(repo.snapshot()).toBe(before);
  expect(repo.git('tag', '-l')).toBe('');
});

test('a subagent that starts a subagent: each has its own task, description and commit, whichever ends first', async () => {
  const repo = makeRepo();
  const { id, branch } = await startSession(repo, 'auth-system');
  const chat = new ClaudeChat(repo);
  const [outer, inner] = [
    { agent_id: 'a0000000000000001', agent_type: 'general-purpose' },
    { agent_id: 'a0000000000000002', agent_type: 'general-purpose' },
  ];
  await chat.send('SessionStart-1');
  await chat.prompt('Build it');
  await chat.spawn(outer, 'Build the whole');
  const tool_input = { description: 'Build a part', prompt: 'SUBTASK', subagent_type: inner.agent_type };
  await chat.send('PreToolUse-4', { ...outer, tool_input, tool_use_id: 'toolu_inner' });
  expect(contextOf(await chat.send('SubagentStart-2', inner))).toContain(`general-purpose-${inner.agent_id}`);
  const write = (agent: typeof outer, name: string) => chat.write(`sessions/${id}/artifacts/notes/${name}.md`, `${name}\n`, agent);
  await write(outer, 'whole');
  await write(inner, 'part');
  await chat.send('SubagentStop-2', outer);
  await chat.send('SubagentStop-2', inner);
  const { tasks } = await repo.json(['show', id]);
  expect(tasks).toMatchObject([
    { description: 'Build the whole', status: 'completed', files: 1 },
    { description: 'Build a part', status: 'completed', files: 1 },
  ]);
  const subjects = repo.git('log', '--format=%s', `main..${branch}`).split('\n');
  expect(subjects.filter((line) => line.startsWith('checkpoint: Build')).sort()).toEqual([
    'checkpoint: Build a part (general-purpose, 1 file)',
    'checkpoint: Build the whole (general-purpose, 1 file)',
  ]);
});

test('a prompt and a subagent’s start read the journal from its last byte on, and tell what a reading of all of it would', async () => {
  const repo = makeRepo();
  const session = await startSession(repo, 'auth-system');
  const commonDir = `${repo.dir}/.git`;
  const actor = { kind: 'agent', name: 'bench' } as const;
  appendRecords(
    commonDir,
    session.id,
    Array.from({ length: 10_000 }, (_, i) =>
      i % 2 === 0
        ? { kind: 'file.edited', actor, data: { path: `src/${i % 50}.js`, blob: null, task: `t${i % 40}`, via: 'hook' } }
        : { kind: 'memory.stored', actor, data: { namespace: 'coordination', key: `swarm/${i % 100}`, value: i } },
    ),
  );
  const ended = { kind: 'task.finished', data: { task: 't0', status: 'completed' } } as const;
  await record(repo, session, ended);
  const chat = new ClaudeChat(repo);
  await chat.prompt('Go on');
  // What was read is made unreadable without changing a length: whoever reads it again finds nothing.
  const path = privatePaths(commonDir).journal(session.id);
  const whole = repo.read(path.slice(repo.dir.length + 1));
  const { size } = statSync(path);
  repo.write(path.slice(repo.dir.length + 1), `${' '.repeat(size - 1)}\n`);
  await record(repo, session, { kind: 'memory.stored', data: { namespace: 'coordination', key: 'swarm/new', value: 1 } });
  await record(repo, session, { kind: 'closeout.rejected', data: { reasons: [{ text: 'no tests' }] } });
  expect(contextOf(await chat.prompt('And on', 'p2'))).toBe('A person sent this session back, because:\n- no tests');
  const told = contextOf(await chat.send('SubagentStart-2'));
  expect(told).toContain('- bench, completed: no description (5 files)');
  expect(told).toMatch(/Stored in its memory:\n- swarm\/new .*\n- swarm\/99 .*/);
  expect(told).toContain('- and 39 more');
  // With the journal as it was, a reading of all of it says the same.
  const added = repo.read(path.slice(repo.dir.length + 1)).slice(size);
  repo.write(path.slice(repo.dir.length + 1), whole + added);
  rmSync(join(repo.dir, '.git/git-session/cache/briefs'), { recursive: true });
  const again = new ClaudeChat(repo, 'another');
  expect(contextOf(await again.send('SubagentStart-2', { agent_id: 'a8df83660fa57be81' })).replaceAll('7be81', '7be80')).toBe(told);
});
