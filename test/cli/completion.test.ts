/** Completion in the real shells: what comes after `git-session` and after `git session`. zsh and fish where they are installed. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { BRANCH } from '../support/hooks.ts';
import { programAtTerminal } from '../support/pty.ts';
import { CLI, makeRepo, type RunOptions, run, type TestRepo, tempDir } from '../support/repo.ts';

const [STAMP, OLD] = ['20251117-143022-auth-system', '20240101-000000-old-one'];
/** What git itself offers for `git session`, where it is installed. */
const GIT_COMPLETION = '/usr/share/bash-completion/completions/git';

let repo: TestRepo;
let bin: string;

beforeAll(async () => {
  repo = makeRepo();
  repo.git('branch', BRANCH);
  repo.git('branch', 'feature');
  // A name that a careless script would run.
  repo.git('branch', 'x$(touch$IFS,ran)');
  repo.git('tag', `backup/session-${OLD}`);
  bin = join(tempDir('gs-bin-'), 'bin');
  mkdirSync(bin);
  symlinkSync(CLI, join(bin, 'git-session'));
});

/** The script for a shell, made once, in a folder of its own. */
async function script(shell: string, name: string): Promise<string> {
  const path = join(bin, '..', shell, name);
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, (await repo.ok(['completion', shell])).out);
  }
  return path;
}

function installed(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const inRepo = (): RunOptions => ({ cwd: repo.dir, env: { PATH: `${bin}:${process.env.PATH}` } });

describe('bash', () => {
  /** What bash would offer for these words, the last of which is being typed. */
  async function offered(words: string[], main = '__git_session_main', before = ''): Promise<string[]> {
    const file = await script('bash', 'git-session');
    const line = [
      `${before}source '${file}'`,
      `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})`,
      `COMP_CWORD=${words.length - 1} COMP_LINE='${words.join(' ')}' COMP_POINT=${words.join(' ').length}`,
      `${main}; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ].join('\n');
    const ran = await run('bash', ['--norc', '-c', line], inRepo());
    expect(ran.err).toBe('');
    return ran.out.split('\n').filter(Boolean);
  }

  test('commands, groups, options, values and sessions', async () => {
    expect(await offered(['git-session', 'st'])).toEqual(['start ', 'status ']);
    expect(await offered(['git-session', 'memory', 'st'])).toEqual(['store ', 'stats ']);
    expect(await offered(['git-session', 'start', 'topic', '--b'])).toEqual(['--base ']);
    expect(await offered(['git-session', 'hooks', 'post-task', '--status', ''])).toEqual(['completed ', 'failed ', 'cancelled ']);
    expect(await offered(['git-session', 'list', '--state', '=', 'clo'])).toEqual(['closed ']);
    expect(await offered(['git-session', 'config', 'routing.m'])).toEqual(['routing.mode ']);
    expect(await offered(['git-session', 'show', ''])).toEqual([`${STAMP} `, `${OLD} `]);
    expect(await offered(['git-session', 'show', 'session-2025'])).toEqual([`session-${STAMP} `]);
    expect(await offered(['git-session', 'start', '--from', '2024'])).toEqual([`${OLD} `]);
    expect(await offered(['git-session', 'start', '--base', 'f'])).toEqual(['feature ']);
    expect(await offered(['git-session', 'route', ''])).toEqual([]);
  });

  test('a hostile branch name is quoted, and nothing of it runs', async () => {
    expect(await offered(['git-session', 'start', '--base', 'x'])).toEqual(['x\\$\\(touch\\$IFS\\,ran\\) ']);
    expect(repo.has('ran')).toBe(false);
  });

  test('a session word that is offered is one that commands take', async () => {
    const { session } = await repo.json(['start', 'completed-word']);
    const [word = ''] = await offered(['git-session', 'show', session.id.slice('session-'.length, -3)]);
    expect((await repo.json(['show', word.trim()])).session.id).toBe(session.id);
    repo.git('switch', '-q', 'main');
  });

  test.skipIf(!existsSync(GIT_COMPLETION))('after `git session`, through git\u2019s own completion', async () => {
    const through = (words: string[]) => offered(words, '__git_wrap__git_main', `source ${GIT_COMPLETION}\n`);
    expect(await through(['git', 'session', 'st'])).toEqual(['start ', 'status ']);
    expect(await through(['git', '-C', '.', 'session', 'memory', 'his'])).toEqual(['history ']);
  });
});

describe.skipIf(!installed('fish'))('fish (where it is installed)', () => {
  async function offered(line: string): Promise<string[]> {
    const file = await script('fish', 'git-session.fish');
    const ran = await run('fish', ['-c', `source '${file}'; complete -C '${line}'`], inRepo());
    return ran.out.split('\n').flatMap((row) => row.split('\t')[0] || []);
  }

  test('commands, groups, options, values and sessions', async () => {
    expect((await offered('git-session st')).sort()).toEqual(['start', 'status']);
    expect((await offered('git-session memory st')).sort()).toEqual(['stats', 'store']);
    expect(await offered('git-session start topic --ba')).toEqual(['--base']);
    expect((await offered('git-session hooks post-task --status ')).sort()).toEqual(['cancelled', 'completed', 'failed']);
    expect(await offered('git-session show 2024')).toEqual([OLD]);
    expect((await offered('git session st')).sort()).toEqual(['start', 'status']);
    expect(await offered('git -C . session memory his')).toEqual(['history']);
  });
});

describe.skipIf(!installed('zsh'))('zsh (where it is installed)', () => {
  /** A person's zsh: what stands on its line after the tab. */
  async function completed(typed: string, whole: string): Promise<void> {
    const folder = join(await script('zsh', '_git-session'), '..');
    const terminal = programAtTerminal('zsh', ['-f', '-i'], repo.dir, { PATH: `${bin}:${process.env.PATH}` });
    terminal.type(`fpath=(${folder} $fpath); autoload -Uz compinit; compinit -u -D; PS1='rea''dy> '\r`);
    await terminal.shows('ready>');
    await terminal.press(`${typed}\t`, `ready> ${whole}`);
    terminal.type('\u0015exit\r');
    await terminal.exit;
  }

  test('commands and sessions, after git-session and after git session', async () => {
    await completed('git-session memory hist', 'git-session memory history');
    await completed('git session memory hist', 'git session memory history');
    await completed('git-session show 2024', `git-session show ${OLD}`);
  });
});
