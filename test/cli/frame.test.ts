/** The frame that every command runs in: help, unknown words, errors, exit codes. */

import { describe, expect, test } from 'vitest';
import { COMMANDS, GROUPS, loadCommand } from '../../src/cli/table.ts';
import { CLI, makeRepo, run, tempDir } from '../support/repo.ts';

const cli = (args: string[], cwd = tempDir()) => run(process.execPath, [CLI, ...args], { cwd });

describe('help', () => {
  test('without words, with -h and with --help: every command, within 80 columns', async () => {
    for (const words of [[], ['-h'], ['--help'], ['help']]) {
      const { code, out } = await cli(words);
      expect(code).toBe(0);
      for (const name of COMMANDS.keys()) expect(out).toContain(`  ${name}`);
      expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    }
  });

  test.each([...COMMANDS.keys()])('%s --help, outside any repository', async (name) => {
    const { code, out, err } = await cli([...name.split(' '), '--help']);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toContain(`Usage: git session ${name}`);
  });

  test.each([...GROUPS.keys()])('the group %s lists its commands', async (group) => {
    const { code, out } = await cli([group, '--help']);
    expect(code).toBe(0);
    for (const name of COMMANDS.keys()) if (name.startsWith(`${group} `)) expect(out).toContain(name);
  });

  test('the table and the declarations agree', async () => {
    for (const [name, row] of COMMANDS) {
      const spec = await loadCommand(name);
      expect(spec.name).toBe(name);
      expect(spec.summary, name).toBe(row.summary);
      expect(spec.summary, name).not.toMatch(/\.$/);
    }
  });

  test('every command that prints facts has a schema', async () => {
    for (const name of COMMANDS.keys()) {
      if (!(await loadCommand(name)).json) continue;
      const { schema } = await import(`../../src/cli/schemas/${name.replace(' ', '-')}.ts`);
      expect(schema, name).toHaveProperty('safeParse');
    }
  });
});

describe('wrong usage exits with 2 and says where to look', () => {
  test.each([[['nonsense']], [['memory']], [['memory', 'nonsense']], [['start', '--nonsense', 'a-topic']], [['start']], [['\u001b[31m']]])(
    '%j',
    async (words) => {
      const { code, out, err } = await cli(words, makeRepo().dir);
      expect(code).toBe(2);
      expect(out + err).toMatch(/git session/);
      expect(out + err).not.toContain('\u001b[31m');
    },
  );
});

test.each([
  [['statsu'], 'Did you mean status?'],
  [['memroy', 'list'], 'Did you mean memory?'],
  [['memory', 'stoer'], 'Did you mean store?'],
  [
    ['promote', 'nosuch'],
    "missing required argument 'path'\nusage: git session promote [options] <artifact> <path>\nnext: git session promote --help",
  ],
])('a slip is told what was near: %j', async (words, says) => {
  const { code, err } = await cli(words);
  expect([code, err]).toEqual([2, expect.stringContaining(says)]);
});

describe('errors', () => {
  test('outside a repository: exit 1, what and what next, once', async () => {
    const { code, out, err } = await cli(['status']);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toBe(
      'error: This is not a git repository.\nA session is a branch, so it needs one.\nnext: Change into a repository, or make one with: git init\n',
    );
  });

  test('in a bare repository: exit 1', async () => {
    const dir = tempDir();
    await run('git', ['init', '-q', '--bare', dir]);
    const { code, err } = await cli(['status'], dir);
    expect(code).toBe(1);
    expect(err).toContain('bare');
  });

  test('a reader that goes away is no failure', async () => {
    for (const words of ['-h', 'start --help', 'memory --help']) {
      const { code, err } = await run('sh', ['-c', `"${process.execPath}" "${CLI}" ${words} | true`]);
      expect([words, code, err]).toEqual([words, 0, '']);
    }
  });
});
