/** The real Codex, Gemini CLI, Copilot CLI and OpenCode from the npm registry, in clean homes, against a scripted model: what their chats leave in git. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { run, type TestRepo, tempDir } from '../support/repo.ts';
import { BROKEN, connected, HANGS, INSTALLS, installed } from './installed.ts';
import { type Block, ScriptedModel, type Turn } from './scripted-model.ts';

interface Client {
  agent: string;
  package: [name: string, version: string, program: string];
  /** Arguments and environment of one prompt without a person. */
  call(at: { url: string; home: string; dir: string }): { args: string[]; env: Record<string, string> };
  write(path: string, text: string): Block;
  /** Another way to write, for the stray. */
  stray?(path: string, text: string): Block;
  /** A subagent of that type, where the model that is known here offers it at once. */
  spawn?: { call(prompt: string): Block; type: string };
}

const PROMPT = 'Write the guide';

function keep(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const patchOf = (path: string, text: string) => `*** Begin Patch\n*** Add File: ${path}\n+${text}\n*** End Patch`;

const CLIENTS: Client[] = [
  {
    agent: 'codex',
    package: ['@openai/codex', '0.169.0', 'codex'],
    call({ url, home, dir }) {
      const provider = `[model_providers.here]\nname = "here"\nbase_url = "${url}/v1"\nwire_api = "responses"\n`;
      const config = `model = "gpt-5.5"\nmodel_provider = "here"\n${provider}[projects."${dir}"]\ntrust_level = "trusted"\n`;
      keep(join(home, '.codex/config.toml'), config);
      return { args: ['exec', '--dangerously-bypass-hook-trust', '--dangerously-bypass-approvals-and-sandbox', PROMPT], env: {} };
    },
    write: (path, text) => ({ tool: 'apply_patch', input: { input: patchOf(path, text) } }),
    // A patch by the shell is carried out by the client itself too.
    stray: (path, text) => ({ tool: 'exec_command', input: { cmd: `apply_patch <<'EOF'\n${patchOf(path, text)}\nEOF` } }),
  },
  {
    agent: 'gemini',
    package: ['@google/gemini-cli', '0.61.0', 'gemini'],
    call({ url, home }) {
      keep(join(home, '.gemini/settings.json'), JSON.stringify({ security: { auth: { selectedType: 'gemini-api-key' } } }));
      const env = { GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: 'none', GEMINI_CLI_TRUST_WORKSPACE: 'true' };
      return { args: ['-m', 'gemini-2.5-pro', '--approval-mode', 'yolo', '-p', PROMPT], env };
    },
    write: (file_path, content) => ({ tool: 'write_file', input: { file_path, content } }),
    spawn: { call: (prompt) => ({ tool: 'invoke_agent', input: { agent_name: 'generalist', prompt } }), type: 'generalist' },
  },
  {
    agent: 'copilot',
    package: ['@github/copilot', '1.0.102', 'copilot'],
    call: ({ url }) => ({
      args: ['-p', PROMPT, '--allow-all-tools'],
      env: {
        COPILOT_PROVIDER_BASE_URL: url,
        COPILOT_PROVIDER_TYPE: 'anthropic',
        COPILOT_PROVIDER_API_KEY: 'none',
        COPILOT_MODEL: 'claude-sonnet-4.5',
        COPILOT_OFFLINE: 'true',
        COPILOT_ALLOW_ALL: 'true',
      },
    }),
    write: (path, file_text) => ({ tool: 'create', input: { path, file_text } }),
    spawn: {
      call: (prompt) => ({ tool: 'task', input: { description: 'Write it', prompt, agent_type: 'task', name: 'sub', mode: 'sync' } }),
      type: 'task',
    },
  },
  {
    agent: 'opencode',
    package: ['opencode-ai', '1.18.33', 'opencode'],
    call({ url, home }) {
      const provider = {
        npm: '@ai-sdk/anthropic',
        name: 'here',
        options: { baseURL: `${url}/v1`, apiKey: 'none' },
        models: { scripted: {} },
      };
      keep(join(home, '.config/opencode/opencode.json'), JSON.stringify({ provider: { here: provider }, autoupdate: false }));
      const env = { OPENCODE_DISABLE_MODELS_FETCH: 'true', OPENCODE_DISABLE_LSP_DOWNLOAD: 'true' };
      return { args: ['run', '-m', 'here/scripted', PROMPT], env };
    },
    write: (filePath, content) => ({ tool: 'write', input: { filePath, content } }),
    spawn: { call: (prompt) => ({ tool: 'task', input: { description: 'Write it', prompt, subagent_type: 'general' } }), type: 'general' },
  },
];

beforeAll(async () => {
  for (const client of CLIENTS) await installed(...client.package);
}, CLIENTS.length * INSTALLS);

/** One prompt in a session: a stray, an artifact, then a subagent with an artifact of its own. */
function script(client: Client, repo: TestRepo, id: string) {
  const artifact = (path: string) => join(repo.dir, 'sessions', id, 'artifacts', path);
  return ({ heard, n, tools }: Turn): Block[] => {
    if (!heard.includes(PROMPT)) {
      if (n === 0) return [client.write(artifact('code/backend.js'), '/** x */')];
      return tools.includes('complete_task') ? [{ tool: 'complete_task', input: { result: { response: 'done' } } }] : [{ text: 'done' }];
    }
    if (n === 0) return [(client.stray ?? client.write)(join(repo.dir, 'stray.txt'), 'x')];
    if (n === 1) return [client.write(artifact('docs/guide.md'), '# Guide')];
    return n === 2 && client.spawn ? [client.spawn.call('SUBTASK of the backend')] : [{ text: 'done' }];
  };
}

/** One prompt with a scripted model behind it. */
async function prompt(client: Client, repo: TestRepo, says: (turn: Turn) => Block[], home = tempDir('gs-home-')): Promise<Turn[]> {
  const model = new ScriptedModel(says);
  const { args, env: more } = client.call({ url: await model.listen(), home, dir: repo.dir });
  const env = { HOME: home, PWD: repo.dir, ...more };
  const ran = await run(await installed(...client.package), args, { cwd: repo.dir, env, limit: HANGS });
  model.close();
  expect(ran, ran.err).toMatchObject({ code: 0 });
  return model.turns;
}

test.each(CLIENTS)(
  '$agent: told of its session, a stray refused, its work committed, and a subagent’s apart where one is started',
  async (client) => {
    const repo = await connected(client.agent);
    await repo.ok(['start', 'login-form']);
    const branch = repo.git('branch', '--show-current');
    const id = `session-${branch.slice('session/'.length)}`;
    const turns = await prompt(client, repo, script(client, repo, id));

    const own = turns.filter(({ heard, tools }) => tools.length > 0 && heard.includes(PROMPT));
    const inside = turns.filter(({ heard }) => !heard.includes(PROMPT) && heard.includes('SUBTASK'));
    expect(own[0]?.heard).toContain(`this work belongs to session ${id}`);
    expect(own[1]?.heard).toContain('stray.txt was not written');
    expect(repo.has('stray.txt')).toBe(false);
    if (client.spawn) expect(inside[0]?.heard.match(/This agent's task is [^;]+/g)).toHaveLength(1);

    const files = (commit: string) =>
      repo
        .git('show', '--format=', '--name-only', commit)
        .split('\n')
        .filter((path) => path.startsWith('sessions/'));
    const commits = repo.git('log', '--format=%H', `--grep=^checkpoint`, `main..${branch}`).split('\n');
    const guide = [`sessions/${id}/artifacts/docs/guide.md`];
    expect(commits.map(files).sort()).toEqual(client.spawn ? [[`sessions/${id}/artifacts/code/backend.js`], guide] : [guide]);
    expect(repo.git('log', '--format=%s', branch)).toMatch(/^checkpoint: "?Write the guide/m);
    if (client.spawn) expect(repo.git('log', '--format=%(trailers:key=Session-Agent,valueonly)', branch)).toContain(client.spawn.type);
    expect(repo.git('status', '--porcelain')).toBe('');
  },
);

test.each(CLIENTS.filter(({ agent }) => agent !== 'codex'))(
  '$agent: redirected, a misplaced file is written where it belongs, and its model is told',
  async (client) => {
    const repo = await connected(client.agent, 'none', (text) => text.replace('redirect: false', 'redirect: true'));
    await repo.ok(['start', 'login-form']);
    const branch = repo.git('branch', '--show-current');
    const to = `sessions/session-${branch.slice('session/'.length)}/artifacts/docs/user-guide.md`;
    const stray = client.write(join(repo.dir, 'user-guide.md'), '# Guide');
    const turns = await prompt(client, repo, ({ heard, n }) => (heard.includes(PROMPT) && n === 0 ? [stray] : [{ text: 'done' }]));
    const told = turns.filter(({ heard, n }) => n > 0 && heard.includes(PROMPT))[0]?.heard;
    // Gemini CLI passes no word of a hook on before a tool; its tool says itself where it wrote.
    expect(told).toContain(client.agent === 'gemini' ? join(repo.dir, to) : `user-guide.md is written to ${join(repo.dir, to)} instead`);
    expect(repo.has('user-guide.md')).toBe(false);
    expect(repo.git('show', `${branch}:${to}`)).toBe('# Guide');
    expect(repo.git('log', '-1', '--format=%(trailers:key=Session-Task,valueonly)', branch)).not.toBe('');
    expect(repo.git('status', '--porcelain')).toBe('');
  },
);

test.each(CLIENTS)('$agent: with the program gone or broken it works as if git-session were not there', async (client) => {
  const repo = await connected(client.agent);
  await repo.ok(['start', 'login-form']);
  // One home: OpenCode fetches a package into each.
  const home = tempDir('gs-home-');
  for (const [name, broken] of Object.entries(BROKEN)) {
    broken(repo);
    const write = client.write(join(repo.dir, `${name}.txt`), 'x');
    await prompt(client, repo, ({ heard, n }) => (heard.includes(PROMPT) && n === 0 ? [write] : [{ text: 'done' }]), home);
    expect(repo.read(`${name}.txt`).trim(), name).toBe('x');
  }
});
