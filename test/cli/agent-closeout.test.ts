/** Closing a session by the person's own prompts in a chat: what is shown, what decides, and what does not. */

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ClaudeChat, hook, recorded } from '../support/agent.ts';
import { makeApprovedRepo, makeSession, verifies } from '../support/approved-repo.ts';
import { record } from '../support/started.ts';

const PERSON = { CLAUDE_CODE_ENTRYPOINT: 'cli' };
const TEST = 'presence: prompt\nchecks:\n  list:\n    - name: test\n      run: node -e 0\n';

/** A chat at a client that shows a person, in a session with work in it. */
async function readyChat(policy = TEST) {
  const { repo, key } = makeApprovedRepo(policy);
  const id = await makeSession(repo);
  const chat = new ClaudeChat(repo);
  const say = async (prompt: string, env: Record<string, string> = PERSON) => (await chat.send('UserPromptSubmit-1', { prompt }, env)).said;
  return { repo, key, id, chat, say };
}

test('the review is shown, and the person’s next prompt lands exactly that, signed', async () => {
  const { repo, id, say } = await readyChat();
  const review = await say('/session-closeout');
  expect(review.decision).toBe('block');
  expect(review.reason).toContain('Approve closeout? (yes/no)');
  expect(review.reason).toContain('/session-closeout yes, or /session-closeout no <reason>');
  expect(repo.git('tag', '-l')).toBe('');
  const landed = await say('/session-closeout yes');
  expect(landed.reason).toContain(`${id} has landed on main`);
  expect(verifies(repo, 'tag', `backup/${id}`)).toBe(true);
  expect(repo.git('cat-file', 'tag', `backup/${id}`)).toContain('"presence":"prompt"');
  expect((await repo.json(['verify', id])).ok ?? true).toBe(true);
  expect(repo.git('branch', '--show-current')).toBe('main');
});

test('what changed since, another prompt between, or no review at all: nothing is signed', async () => {
  const { repo, id, chat, say } = await readyChat();
  const nothing = async (prompt: string, why: string, env?: Record<string, string>) => {
    expect((await say(prompt, env)).reason, prompt).toContain(why);
    expect(repo.git('tag', '-l')).toBe('');
  };
  await nothing('/session-closeout yes', 'No review was shown just before this');
  await say('/session-closeout');
  expect(await say('by the way')).not.toMatchObject({ decision: 'block' });
  await nothing('/session-closeout yes', 'No review was shown just before this');
  await say('/session-closeout');
  await chat.write(`sessions/${id}/artifacts/notes/late.md`, 'late\n');
  await chat.send('Stop-1');
  await nothing('/session-closeout yes', 'have changed since the review was shown');
  await say('/session-closeout');
  await nothing('/session-closeout yes', 'no sign of a person', { CLAUDE_CODE_ENTRYPOINT: 'sdk-cli' });
  // A subagent's prompt, and one that the client made, are nobody's decision.
  await say('/session-closeout');
  const forged = { ...recorded('claude', 'UserPromptSubmit-1'), session_id: chat.id, cwd: repo.dir, prompt: '/session-closeout yes' };
  expect((await hook(repo, 'claude', 'UserPromptSubmit', JSON.stringify({ ...forged, agent_id: 'a1' }), PERSON)).said).toBeNull();
  expect(repo.git('tag', '-l')).toBe('');
  const rejected = await say('/session-closeout no README.md:3: say how to log in');
  expect(rejected.reason).toContain('active again');
  expect((await say('go on')).hookSpecificOutput.additionalContext).toContain('README.md:3: say how to log in');
  expect(await say('and on')).toBeNull();
  // Sent back outside this chat, which has been told of the session already.
  await record(repo, { id }, { kind: 'closeout.rejected', data: { reasons: [{ text: 'no tests' }] } });
  expect((await say('now?')).hookSpecificOutput.additionalContext).toBe('A person sent this session back, because:\n- no tests');
});

test('a key that is locked is not asked for in a chat: nothing is signed, and the terminal command is named', async () => {
  const { repo, key, id, say } = await readyChat();
  execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'secret', '-f', key]);
  await say('/session-closeout');
  const before = repo.snapshot();
  const { reason } = await say('/session-closeout yes');
  expect(reason).toContain('Your key has to be asked for, which a chat cannot do; nothing was changed.');
  expect(reason).toContain(`git session closeout ${id}`);
  expect(repo.snapshot()).toBe(before);
  expect(repo.git('tag', '-l')).toBe('');
});

test('where policy keeps decisions at a terminal, the chat shows the review and names the command', async () => {
  const { repo, id, say } = await readyChat('presence: terminal\n');
  const review = await say('/session-closeout');
  expect(review.reason).toContain('presence: terminal');
  expect(review.reason).toContain(`git session closeout ${id}`);
  expect((await say('/session-closeout yes')).reason).toContain('A person decides this, at a terminal of their own');
  expect((await say('/session-closeout no it is wrong')).reason).toContain('A person decides this');
  expect(repo.git('tag', '-l')).toBe('');
});

test('what stands out is accepted by its topic, and failing checks by nobody', async () => {
  const { repo, say } = await readyChat(
    'presence: prompt\nchecks:\n  list:\n    - name: lint\n      run: node -e process.exit(1)\n      required: false\n',
  );
  expect((await say('/session-closeout')).reason).toContain('/session-closeout yes login-form');
  expect((await say('/session-closeout yes')).reason).toContain('points to accept knowingly');
  await say('/session-closeout');
  expect((await say('/session-closeout yes login-form')).reason).toContain('has landed on main');
  const blocked = await readyChat('presence: prompt\nchecks:\n  list:\n    - name: test\n      run: node -e process.exit(1)\n');
  expect((await blocked.say('/session-closeout')).reason).toContain('Required checks have not passed.');
  expect(repo.git('branch', '--show-current')).toBe('main');
});

test('a subagent’s branch that was not brought in is named in the review, in the chat and by the command', async () => {
  const { repo, chat, say } = await readyChat();
  const own = 'worktree-agent-a1d5dfdfe674002be';
  const top = '.claude/worktrees/agent-a1d5dfdfe674002be';
  await chat.send('SessionStart-1');
  await chat.send('PreToolUse-21');
  repo.git('worktree', 'add', '-q', '-b', own, top);
  await chat.send('SubagentStart-5');
  repo.write(`${top}/README.md`, 'changed\n');
  await chat.send('PostToolUse-18', { tool_input: { file_path: join(repo.dir, top, 'README.md'), content: 'changed\n' } });
  await chat.send('SubagentStop-5');
  expect((await say('/session-closeout')).reason).toContain(`git session bring-in ${own}`);
  expect((await repo.session(['closeout'])).err).toContain(`git session bring-in ${own}`);
  await repo.ok(['bring-in', own]);
  expect((await say('/session-closeout')).reason).not.toContain('bring-in');
});
