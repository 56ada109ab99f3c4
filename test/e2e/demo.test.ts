/** The demo is what a newcomer sees first: without a terminal, and with a person at one. */

import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { programAtTerminal } from '../support/pty.ts';
import { ROOT, run } from '../support/repo.ts';

const DEMO = join(ROOT, 'scripts', 'demo.mjs');
const CRITERIA = [
  /all 4 agents and all 8 artifacts/,
  /complete snapshot.*coverage 100 %/,
  /stored in reasoning-bank/,
  /clean and organised/,
];

/** The repository's path alone on the last line; removed when the test ends. */
function repository(text: string): string {
  const path = text.trimEnd().split('\n').at(-1) ?? '';
  expect(path).toMatch(/^\/.*calculator$/);
  onTestFinished(() => rmSync(dirname(path), { recursive: true, force: true }));
  return path;
}

test('without a terminal: unattended, and says so', async () => {
  const ran = await run(process.execPath, [DEMO]);
  expect(ran.code, ran.out + ran.err).toBe(0);
  expect(ran.out).toContain('admits the throwaway key unattended');
  for (const criterion of CRITERIA) expect(ran.out).toMatch(criterion);
  const repo = repository(ran.out);
  const branch = await run('git', ['branch', '--show-current'], { cwd: repo });
  expect(branch.out).toBe('main\n');
});

test('at a terminal the person approves', async () => {
  const terminal = programAtTerminal(process.execPath, [DEMO], ROOT);
  await terminal.shows(' a approve');
  await terminal.press('a', 'Approve closeout? (yes/no)');
  terminal.type('yes\r');
  expect(await terminal.exit, terminal.text()).toBe(0);
  for (const criterion of CRITERIA) expect(terminal.text()).toMatch(criterion);
  expect(terminal.text()).not.toContain('unattended');
  repository(terminal.text());
});
