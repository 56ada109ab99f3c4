/** With git-session gone or broken, what `init` wrote into the settings of each client runs on: exit code 0, and not a word for the client. */

import { readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { CLIENTS, type ClientName } from '../../src/agents/index.ts';
import { copyOf } from '../support/approved-repo.ts';
import { aboutFile, refusedBecause } from '../support/client-payloads.ts';
import { makeRepo, makeSshKey, ROOT, run, type TestRepo, tempDir } from '../support/repo.ts';
import { startSession } from '../support/started.ts';

const NAMES = Object.keys(CLIENTS) as ClientName[];
/** Clients whose settings hold shell lines; OpenCode's hold a program. */
const SHELL = NAMES.filter((name) => name !== 'opencode');

let sample: TestRepo;
/** A folder of programs with sh alone. */
let onlySh: string;

beforeAll(async () => {
  sample = makeRepo();
  const agents = NAMES.flatMap((name) => ['--agent', name]);
  await sample.ok(['init', '--yes', '--no-detect', '--presence', 'none', '--signing-key', makeSshKey(), ...agents]);
  await startSession(sample, 'auth-system');
  onlySh = tempDir('gs-bin-');
  symlinkSync('/bin/sh', join(onlySh, 'sh'));
});

const FILES: Record<string, string> = {
  claude: '.claude/settings.json',
  codex: '.codex/hooks.json',
  gemini: '.gemini/settings.json',
  copilot: '.github/hooks/git-session.json',
  cursor: '.cursor/hooks.json',
};

/** Every line of the client's settings that calls us, by event. Claude Code's two about worktrees do the client's own work there: agent-worktree.test.ts. */
function linesOf(repo: TestRepo, client: string): [event: string, line: string][] {
  const { hooks } = JSON.parse(repo.read(FILES[client] ?? ''));
  return Object.entries(hooks as Record<string, { command?: string; bash?: string; hooks?: { command: string }[] }[]>)
    .filter(([event]) => !event.startsWith('Worktree'))
    .flatMap(([event, groups]) =>
      groups
        .flatMap((group) => group.hooks?.map(({ command }) => command) ?? [group.command ?? group.bash ?? ''])
        .map((line): [string, string] => [event, line]),
    );
}

const asClient = (repo: TestRepo, line: string, input: string, env: Record<string, string> = {}) =>
  run('/bin/sh', ['-c', line], { cwd: repo.dir, input, env: { CLAUDE_PROJECT_DIR: repo.dir, GEMINI_PROJECT_DIR: repo.dir, ...env } });

const tool = (repo: TestRepo) => join(repo.dir, '.git/git-session/tool');
/** The clone's program is this one now. */
function replace(repo: TestRepo, code: string): void {
  repo.write('.git/program/hook.cjs', code);
  writeFileSync(tool(repo), `${process.execPath}\n${join(repo.dir, '.git/program/hook.cjs')}\n`);
}

interface State {
  name: string;
  make(repo: TestRepo): void;
  env?(): Record<string, string>;
  /** What all lines are tried in; what differs only within the script that all of them call needs one. */
  all?: boolean;
  /** A program is started, and may say on standard error what is wrong with it. */
  runs?: boolean;
}

const STATES: State[] = [
  { name: 'private state gone', make: (repo) => renameSync(join(repo.dir, '.git/git-session'), join(repo.dir, '.git/away')) },
  { name: 'note of the program gone', make: (repo) => rmSync(tool(repo)), all: true },
  { name: 'note of the program empty', make: (repo) => writeFileSync(tool(repo), '') },
  { name: 'node gone', make: (repo) => writeFileSync(tool(repo), readFileSync(tool(repo), 'utf8').replace(/^.*/, '/nowhere/node')) },
  { name: 'program uninstalled', make: (repo) => writeFileSync(tool(repo), `${process.execPath}\n/nowhere/dist/hook.cjs\n`) },
  { name: 'a branch without the script', make: (repo) => rmSync(join(repo.dir, '.swarm/hook.sh')), all: true },
  { name: 'nothing on PATH', make: (repo) => rmSync(tool(repo)), env: () => ({ PATH: onlySh }), all: true },
  { name: 'program broken', make: (repo) => replace(repo, 'const {'), runs: true },
  { name: 'program that wants to refuse', make: (repo) => replace(repo, 'process.exit(2)'), runs: true },
  { name: 'program killed', make: (repo) => replace(repo, "process.kill(process.pid, 'SIGKILL')"), runs: true },
];

test.each(SHELL)('%s', async (client) => {
  const whole = copyOf(sample);
  const stray = (repo: TestRepo) => aboutFile(client, repo.dir, 'stray.txt', 'before');
  const { event } = stray(whole);
  const lines = linesOf(whole, client);
  expect(lines.length).toBeGreaterThan(5);
  // What these lines do where all is well.
  const [, gate = ''] = lines.find(([name]) => name === event) ?? [];
  const said = await asClient(whole, gate, JSON.stringify(stray(whole).payload));
  expect(said.code).toBe(0);
  expect(refusedBecause(client, JSON.parse(said.out))).toContain('stray.txt was not written');

  for (const { name, make, env, all, runs } of STATES) {
    const repo = copyOf(sample);
    make(repo);
    const input = JSON.stringify(stray(repo).payload);
    const called = all ? lines : [lines.find(([of]) => of === event) ?? ['', '']];
    const ran = await Promise.all(called.map(([, line]) => asClient(repo, line, input, env?.())));
    for (const one of ran) expect(one, `${client}: ${name}`).toMatchObject({ code: 0, out: '', ...(runs ? {} : { err: '' }) });
  }
});

test('opencode', async () => {
  const load = async (repo: TestRepo) => {
    const { GitSession } = await import(pathToFileURL(join(repo.dir, '.opencode/plugins/git-session.js')).href);
    return GitSession({ directory: repo.dir, worktree: repo.dir });
  };
  /** One chat through every hook of the plugin; what it changed of what passed through it, and what it threw. */
  const chat = async (repo: TestRepo) => {
    const plugin = await load(repo);
    const args = { filePath: join(repo.dir, 'stray.txt'), content: 'x' };
    const [at, child] = [{ sessionID: 'ses_1' }, { sessionID: 'ses_2', agent: 'general' }];
    const call = { tool: 'write', ...at, callID: 'call_1' };
    const [parts, system, output] = [{ parts: [{ type: 'text', text: 'Write a parser' }] }, { system: [] }, { output: 'written' }];
    const before = JSON.stringify([args, parts, system, output]);
    let thrown = null;
    await plugin.event({ event: { type: 'session.created', properties: { info: { id: 'ses_1' } } } });
    await plugin.event({ event: { type: 'session.created', properties: { info: { id: 'ses_2', parentID: 'ses_1' } } } });
    await plugin['chat.message'](at, parts);
    await plugin['chat.message'](child, { parts: [{ type: 'text', text: 'SUBTASK' }] });
    await plugin['experimental.chat.system.transform'](at, system);
    await plugin['tool.execute.before'](call, { args }).catch((error: Error) => {
      thrown = error.message;
    });
    await plugin['tool.execute.after']({ ...call, args }, { ...output, metadata: { sessionId: 'ses_2' } });
    await plugin.event({ event: { type: 'session.idle', properties: at } });
    await plugin.dispose();
    return { same: JSON.stringify([args, parts, system, output]) === before, thrown };
  };
  expect(await chat(copyOf(sample))).toEqual({ same: false, thrown: expect.stringContaining('stray.txt was not written') });
  for (const { name, make, env } of STATES.filter(({ all, runs }) => all || runs)) {
    const repo = copyOf(sample);
    make(repo);
    const { PATH } = process.env;
    try {
      Object.assign(process.env, env?.());
      expect(await chat(repo), name).toEqual({ same: true, thrown: null });
    } finally {
      process.env.PATH = PATH;
    }
  }
});

test('MCP servers of all clients end without a word, and so does the plugin of Claude Code', async () => {
  const repo = copyOf(sample);
  rmSync(tool(repo));
  const settings = ['.mcp.json', '.gemini/settings.json', '.cursor/mcp.json'].map(
    (path) => JSON.parse(repo.read(path)).mcpServers['git-session'],
  );
  const [command = '', ...args] = JSON.parse(repo.read('opencode.json')).mcp['git-session'].command;
  const toml = repo.read('.codex/config.toml');
  const codex = { command: 'sh', args: JSON.parse(/^args = (.*)$/m.exec(toml)?.[1] ?? '') };
  const servers = [...settings, { command, args }, codex] as { command: string; args: string[] }[];
  for (const server of servers) {
    const called = server.args.map((arg) => arg.replace(/^\$\{[^}]*\}/, repo.dir));
    expect(await run(server.command, called, { cwd: repo.dir, input: '{}\n' }), called.join(' ')).toEqual({ code: 0, out: '', err: '' });
  }
  const bare = makeRepo();
  for (const what of ['PreToolUse', 'SessionEnd', 'mcp']) {
    const env = { CLAUDE_PROJECT_DIR: bare.dir, PATH: onlySh };
    const ran = await run('/bin/sh', [join(ROOT, 'plugin/hook.sh'), what], { cwd: bare.dir, input: '{}', env });
    expect(ran).toEqual({ code: 0, out: '', err: '' });
  }
});
