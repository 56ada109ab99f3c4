/** Adapters on every recorded payload, and on what they become when something is missing, mistyped or unknown. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Adapter } from '../../src/agents/event.ts';
import { CLIENTS, clientNamed } from '../../src/agents/index.ts';
import { guardShell } from '../../src/agents/shell-guard.ts';
import { slashOf } from '../../src/agents/slash.ts';
import { subagentTask } from '../../src/agents/task-id.ts';
import { isForeignWrite, patchPaths, pathsOf, shellPatchPaths } from '../../src/agents/tool-paths.ts';
import { RECORDED } from '../support/agent.ts';

type Payload = Record<string, unknown>;

const payloads = (client: string) =>
  readdirSync(join(RECORDED, client))
    .filter((name) => /-\d+\.json$/.test(name))
    .map((name) => ({
      name: name.replace('.json', ''),
      event: name.replace(/-\d+\.json$/, ''),
      payload: JSON.parse(readFileSync(join(RECORDED, client, name), 'utf8')) as Payload,
    }));

/** What a client sends was recorded; Cursor's was not, and OpenCode's goes through our plugin. */
const RECORDED_CLIENTS = Object.keys(CLIENTS).filter((client) => client !== 'cursor' && client !== 'opencode');

describe.each(RECORDED_CLIENTS)('%s', (client) => {
  const adapter = clientNamed(client)?.adapter;
  if (!adapter) throw new Error(client);
  const all = payloads(client);

  test('every recorded payload is an event of its chat, or knowingly none', () => {
    expect(all.length).toBeGreaterThan(5);
    const read = Object.fromEntries(all.map(({ name, event, payload }) => [name, summary(adapter.read(event, payload))]));
    expect(read).toMatchSnapshot();
  });

  test('a payload with anything missing, mistyped or added is read or passed over, and never throws', () => {
    const anything = fc.oneof(fc.anything(), fc.string(), fc.constant(null), fc.integer());
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.array(fc.tuple(fc.string(), anything), { maxLength: 4 }),
        fc.nat(),
        anything,
        ({ event, payload }, more, n, other) => {
          const broken = { ...payload };
          const keys = Object.keys(broken);
          const key = keys[n % keys.length] ?? '';
          if (n % 2 === 0) delete broken[key];
          else broken[key] = other;
          for (const [name, value] of more) broken[name] = value;
          const read = adapter.read(event, broken);
          if (read === 'unclear') expect(adapter.gates).toContain(event);
          else if (read) {
            expect(typeof read.chat).toBe('string');
            expect(typeof read.cwd).toBe('string');
          }
          expect(adapter.read('NoSuchEvent', broken)).toBeNull();
        },
      ),
      { numRuns: 300 },
    );
  });

  test('says nothing where there is nothing to say, and else one JSON value', () => {
    for (const { event } of all) expect(adapter.write(event, {})).toBe('');
    const answers = [{ context: 'a\n"b"' }, { deny: 'no' }, { stop: 'no' }, { tell: 'x' }];
    for (const answer of answers) for (const { event } of all) expect(() => JSON.parse(adapter.write(event, answer) || '{}')).not.toThrow();
  });
});

/** What the hook acts on, without the long texts. */
function summary(event: ReturnType<Adapter['read']>): unknown {
  if (!event || event === 'unclear') return event;
  const { chat, cwd, ...all } = event;
  const rest = 'whole' in all ? { ...all, whole: all.whole?.key } : all;
  return 'input' in rest ? { ...rest, input: Object.keys(rest.input) } : 'text' in rest ? { ...rest, text: rest.text.slice(0, 40) } : rest;
}

test('what Copilot and Cursor send to hooks of Claude Code’s settings is none of Claude Code’s: nothing fires twice', () => {
  const adapter = CLIENTS.claude;
  const sent = payloads('copilot-as-claude');
  expect(sent.length).toBeGreaterThan(10);
  for (const { event, payload } of sent) expect(adapter.read(event, payload), event).toBeNull();
  const [own] = payloads('claude').filter(({ event }) => event === 'PreToolUse');
  expect(adapter.read('PreToolUse', { ...own?.payload })).not.toBeNull();
  expect(adapter.read('PreToolUse', { ...own?.payload, cursor_version: '3.1' })).toBeNull();
});

describe('a call that writes one whole file, whose path can be changed', () => {
  const at = { session_id: 's', sessionId: 's', cwd: '/repo', prompt_id: 'p' };
  const calls: [client: string, event: string, tool: string, key: string, rest: Payload][] = [
    ['claude', 'PreToolUse', 'Write', 'file_path', { content: 'x' }],
    ['gemini', 'BeforeTool', 'write_file', 'file_path', { content: 'x' }],
    ['copilot', 'preToolUse', 'create', 'path', { file_text: 'x' }],
    ['opencode', 'PreToolUse', 'write', 'filePath', { content: 'x' }],
    ['cursor', 'preToolUse', 'Write', 'file_path', { content: 'x' }],
  ];
  const read = (client: string, event: string, tool: string, input: Payload, more: Payload = {}) =>
    clientNamed(client)?.adapter.read(event, { ...at, tool_name: tool, tool_input: input, toolName: tool, toolArgs: input, ...more });
  test.each(calls)('%s %s %s', (client, event, tool, key, rest) => {
    const input = { [key]: '/repo/a.txt', ...rest };
    expect(read(client, event, tool, input)).toMatchObject({ kind: 'before-write', files: ['/repo/a.txt'], whole: { key, input } });
    // Two paths, none, or one that is no text: there is nothing to change.
    for (const other of [{ ...input, destination: '/repo/b' }, { ...input, files: ['/repo/b'] }, rest, { ...input, [key]: 7 }])
      expect(read(client, event, tool, other)).not.toHaveProperty('whole');
  });
  test('none is what edits a file, a tool of another server, or a version that would take the change for a permission', () => {
    expect(read('claude', 'PreToolUse', 'Edit', { file_path: '/repo/a', old_string: '', new_string: 'x' })).not.toHaveProperty('whole');
    expect(read('claude', 'PreToolUse', 'mcp__fs__write_file', { path: '/repo/a' })).not.toHaveProperty('whole');
    expect(read('claude', 'PreToolUse', 'Write', { file_path: '/repo/a' }, { prompt_id: undefined })).not.toHaveProperty('whole');
    expect(
      CLIENTS.codex.read('PreToolUse', { ...at, tool_name: 'apply_patch', tool_input: { command: '*** Add File: a\n+x' } }),
    ).not.toHaveProperty('whole');
  });
});

describe('worktrees that Claude Code asks its hook for', () => {
  const at = { session_id: 's', cwd: '/repo', hook_event_name: 'WorktreeCreate' };
  const read = (payload: Payload) => CLIENTS.claude.read('WorktreeCreate', { ...at, ...payload });
  test.each([
    ['login-form', {}, 'person'],
    ['login-form', { prompt_id: 'p' }, 'agent'],
    // As the client names those of its own workers, observed and in its program.
    ['agent-abc4545f93ffedd66', { prompt_id: 'p' }, 'client'],
    ['agent-a1b2c3d4', {}, 'client'],
    ['wf_0123abcd-1f2-3', { prompt_id: 'p' }, 'client'],
    ['wf-12', {}, 'client'],
    ['bridge-x_1-y', {}, 'client'],
    ['job-fix.it-0123abcd', {}, 'client'],
    ['bg-a-0123abcd', {}, 'client'],
    ['agent-login', {}, 'person'],
    ['job-board', {}, 'person'],
  ])('%s %j', (name, more, by) =>
    expect(read({ name, ...more })).toEqual({ chat: 's', cwd: '/repo', agent: null, kind: 'worktree-create', name, by }),
  );
  test('its removal lies where it is removed', () => {
    const said = CLIENTS.claude.read('WorktreeRemove', { ...at, hook_event_name: 'WorktreeRemove', cwd: '/repo', worktree_path: '/w/x' });
    expect(said).toEqual({ chat: 's', cwd: '/w/x', agent: null, kind: 'worktree-remove' });
  });
  test('without what it needs, mistyped or of another event, it is none; what is added does not matter', () => {
    const anything = fc.oneof(fc.anything(), fc.string(), fc.constant(null));
    for (const event of ['WorktreeCreate', 'WorktreeRemove']) {
      const whole: Payload = { ...at, hook_event_name: event, name: 'login-form', worktree_path: '/w/x' };
      for (const key of ['session_id', 'cwd', event === 'WorktreeCreate' ? 'name' : 'worktree_path'])
        for (const value of [undefined, null, 7, '', [], {}])
          expect(CLIENTS.claude.read(event, { ...whole, [key]: value }), `${key} ${value}`).toBeNull();
      expect(CLIENTS.claude.read(event, { ...whole, hook_event_name: 'Stop' })).toBeNull();
      fc.assert(
        fc.property(fc.constantFrom(...Object.keys(whole)), anything, fc.dictionary(fc.string(), anything), (key, value, more) => {
          const said = CLIENTS.claude.read(event, { ...more, ...whole, [key]: value });
          if (said && said !== 'unclear') expect(typeof said.cwd).toBe('string');
        }),
      );
    }
  });
  test('the answer is the path alone, or nothing', () => {
    expect(CLIENTS.claude.write('WorktreeCreate', { path: '/w/x' })).toBe('/w/x');
    expect(CLIENTS.claude.write('WorktreeCreate', {})).toBe('');
    expect(CLIENTS.claude.write('WorktreeRemove', { fail: 'it stays' })).toBe('');
  });
});

describe('Cursor, as documented', () => {
  const at = { conversation_id: 'c1', generation_id: 'g1', workspace_roots: ['/repo'], cursor_version: '3.18' };
  test.each([
    ['beforeSubmitPrompt', { prompt: 'go' }, { kind: 'prompt', id: 'g1', text: 'go' }],
    ['preToolUse', { tool_name: 'Write', tool_input: { file_path: '/repo/a' } }, { kind: 'before-write', files: ['/repo/a'] }],
    ['preToolUse', { tool_name: 'Shell', tool_input: { command: 'ls' } }, { kind: 'before-shell', command: 'ls' }],
    ['afterFileEdit', { file_path: '/repo/a', edits: [] }, { kind: 'after-write', files: ['/repo/a'] }],
    ['subagentStart', { subagent_id: 's1', subagent_type: 'explore' }, { kind: 'subagent-start', agent: { id: 's1', type: 'explore' } }],
    ['stop', { status: 'completed' }, { kind: 'turn-end' }],
  ])('%s %j', (event, payload, expected) => expect(CLIENTS.cursor.read(event, { ...at, ...payload })).toMatchObject(expected));
  test('its answers', () => {
    expect(JSON.parse(CLIENTS.cursor.write('preToolUse', { deny: 'no' }))).toEqual({
      permission: 'deny',
      agent_message: 'no',
      user_message: 'no',
    });
    expect(JSON.parse(CLIENTS.cursor.write('beforeSubmitPrompt', { stop: 'done' }))).toEqual({ continue: false, user_message: 'done' });
  });
});

describe('answers in the client’s own words', () => {
  test.each([
    [
      'codex',
      'PreToolUse',
      { deny: 'no' },
      { hookSpecificOutput: { hookEventName: 'PreToolUse', permissionDecision: 'deny', permissionDecisionReason: 'no' } },
    ],
    [
      'claude',
      'PreToolUse',
      { input: { a: 1 }, context: 'x' },
      // No permission with it.
      { hookSpecificOutput: { hookEventName: 'PreToolUse', updatedInput: { a: 1 }, additionalContext: 'x' } },
    ],
    ['copilot', 'preToolUse', { input: { a: 1 }, context: 'x' }, { modifiedArgs: { a: 1 }, additionalContext: 'x' }],
    ['gemini', 'BeforeTool', { deny: 'no' }, { decision: 'deny', reason: 'no' }],
    ['gemini', 'BeforeTool', { input: { a: 1 } }, { hookSpecificOutput: { hookEventName: 'BeforeTool', tool_input: { a: 1 } } }],
    ['gemini', 'BeforeAgent', { stop: 'done' }, { decision: 'deny', reason: 'done' }],
    ['copilot', 'preToolUse', { deny: 'no' }, { permissionDecision: 'deny', permissionDecisionReason: 'no' }],
    ['copilot', 'sessionStart', { context: 'x' }, { additionalContext: 'x' }],
    ['copilot', 'userPromptSubmitted', { stop: 'done' }, { additionalContext: expect.stringContaining('done') }],
  ])('%s %s %j', (client, event, answer, expected) =>
    expect(JSON.parse(clientNamed(client)?.adapter.write(event, answer) ?? '')).toEqual(expected),
  );
});

test('a patch that is handed to the shell names its files; with anything beside it, it is a command like any other', () => {
  const patch = "apply_patch <<'EOF'\n*** Begin Patch\n*** Add File: a.txt\n+x\n*** End Patch\nEOF";
  expect(shellPatchPaths(patch)).toEqual(['a.txt']);
  expect(shellPatchPaths(`cd sub && ${patch}\n`)).toEqual(['sub/a.txt']);
  for (const other of [`${patch}\ngit session approve`, `ls; ${patch}`, `cd $(x) && ${patch}`, 'apply_patch x', 'npm test'])
    expect(shellPatchPaths(other)).toBeNull();
  const call = { session_id: 's', cwd: '/repo', tool_name: 'Bash', tool_input: { command: patch } };
  expect(CLIENTS.codex.read('PreToolUse', call)).toMatchObject({ kind: 'before-write', files: ['a.txt'] });
  expect(CLIENTS.claude.read('PreToolUse', call)).toMatchObject({ kind: 'before-shell' });
});

test('Gemini CLI’s prompt is what the person typed, without what hooks said before it', () => {
  const prompt = '<hook_context>git-session: this work belongs &lt;to&gt; x</hook_context>\n\n/session-status';
  const said = CLIENTS.gemini.read('BeforeAgent', { session_id: 's', cwd: '/repo', prompt });
  expect(said).toMatchObject({ kind: 'prompt', text: '/session-status' });
});

test('files of a patch', () => {
  const patch =
    '*** Begin Patch\n*** Add File: a b.txt\n+x\n*** Update File: c.js\r\n*** Move to: d.js\n@@\n-*** Add File: no\n*** Delete File: e\n*** End Patch\n';
  expect(patchPaths(patch)).toEqual(['a b.txt', 'c.js', 'd.js', 'e']);
});

describe('paths of a tool call', () => {
  test('by the usual names, each once', () => {
    expect(pathsOf({ file_path: '/a', path: '/a', paths: ['b', 3, { path: 'c' }], source: 'file:///d%20e', content: 'x' })).toEqual([
      '/a',
      'file:///d%20e'.slice(7).replace('%20', ' '),
      'b',
      'c',
    ]);
    expect(pathsOf({ file_path: 7, paths: 'no' })).toEqual([]);
  });

  test('of other servers only, and only where the name says that it writes', () => {
    expect(['mcp__fs__write_file', 'mcp__fs__move_file'].map(isForeignWrite)).toEqual([true, true]);
    expect(
      ['mcp__fs__read_file', 'mcp__git-session__memory_delete', 'mcp__plugin_git-session_memory__x_write', 'Write'].map(isForeignWrite),
    ).toEqual([false, false, false, false]);
  });
});

test('task ids are plain whatever a client sends', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (id, type) => {
      expect(subagentTask({ id, type })).toMatch(/^[a-z0-9-]+-[A-Za-z0-9_-]+$/);
    }),
  );
});

describe('slash commands', () => {
  test.each([
    ['$session-start fix the login bug', { command: 'start', topic: 'fix the login bug' }],
    ['/session-start fix the login bug', { command: 'start', topic: 'fix the login bug' }],
    ['/git-session:session-start via plugin', { command: 'start', topic: 'via plugin' }],
    ['/session-closeout', { command: 'closeout', decision: null }],
    ['/session-closeout YES', { command: 'closeout', decision: 'yes', topic: null }],
    ['/session-closeout yes login-form', { command: 'closeout', decision: 'yes', topic: 'login-form' }],
    ['/session-closeout no the tests\nare missing', { command: 'closeout', decision: 'no', reason: 'the tests\nare missing' }],
    ['/session-closeout no', 'unclear'],
    ['/session-closeout maybe', 'unclear'],
    ['/session-status', { command: 'status' }],
    ['/session-statusbar', null],
    ['please /session-closeout yes', null],
    ['/other', null],
  ])('%s', (prompt, expected) => expect(slashOf(prompt)).toEqual(expected));
});

describe('the shell guard', () => {
  test.each([
    'git session approve',
    'git-session approve x',
    'env -u CLAUDECODE git -C /x session closeout --yes',
    'cd x && git session reject --reason y',
    'node /opt/dist/hook.cjs agent claude UserPromptSubmit <p.json',
    'sh .swarm/hook.sh claude UserPromptSubmit <p.json',
    'echo "version: 1" > .sessionrc.yaml',
    'cat k >>.swarm/allowed_signers',
    'sed -i s/a/b/ .husky/pre-commit',
    'rm -rf .git/hooks',
    'echo x | tee .git/git-session/journal/a.jsonl',
    'git config core.hooksPath /dev/null',
    'git -c core.hooksPath=/dev/null commit -m x',
    'git commit -nm x',
    'git -C /x -c user.name=a commit --amend --no-verify',
    'git -C "my dir" commit --no-verify -m x',
    "git -c user.name='A B' commit -n -m x",
    'git commit -m x \\\n--no-verify',
    'git tag -f backup/session-20251117-143022-auth-system $(git branch --list main)',
    'git update-ref refs/git-session/trash/x "$(git tag -l v1)"',
    'git tag --list " #" --delete backup/session-20251117-143022-auth-system',
    'HUSKY=0 git commit -m x',
    'git tag -d backup/session-20251117-143022-auth-system',
    'git update-ref -d refs/git-session/trash/x',
    'git tag -d backup/session-20251117-143022-auth-system # -v',
    'git config core.hooksPath /dev/null # --get',
  ])('refuses %s', (command) => expect(guardShell(command, 'terminal')).not.toBeNull());

  test.each([
    'git session closeout --prepare',
    'git session closeout --help',
    'git session memory store approve yes',
    'git commit -m "approve the closeout of no one"',
    'cat .sessionrc.yaml > /tmp/copy',
    'ls .husky/',
    'cat .swarm/hook.sh',
    'git config --get core.hooksPath',
    'git -C /x config --get core.hooksPath',
    'git tag -l',
    "git tag --list 'backup/session-2025*'",
    'git tag -v backup/session-20251117-143022-auth-system',
    'git log --grep "first commit" -n 5',
    'grep -rn hooksPath .',
  ])('lets %s pass', (command) => expect(guardShell(command, 'terminal')).toBeNull());

  test('a long command is judged in one pass, whatever it repeats: looking for every pair would take hours', () => {
    for (const piece of ['git commit ', 'git config ', 'git tag ', 'git -a ', 'git  session ', 'git commit -', '> ', 'sed ', 'a=b ', '-n'])
      for (const end of ['', '_']) expect(guardShell(piece.repeat(100_000 / piece.length) + end, 'terminal'), piece).toBeNull();
    expect(guardShell(`git ${'-a '.repeat(9)}commit ${'x '.repeat(9)}--no-verify`, 'terminal')).not.toBeNull();
    expect(guardShell(`git -c user.name=${'x'.repeat(90_000)} config core.hooksPath x`, 'terminal')).not.toBeNull();
  });

  test('a policy that asks for nobody lets an agent close out', () => {
    expect(guardShell('git session closeout --yes', 'none')).toBeNull();
    expect(guardShell('echo > .sessionrc.yaml', 'none')).not.toBeNull();
  });
});
