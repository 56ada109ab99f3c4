/** Progress at a real terminal: shown when something goes on, gone when it is done; nothing in CI or through a pipe. */

import { expect, test } from 'vitest';
import { programAtTerminal } from '../support/pty.ts';
import { ROOT, run } from '../support/repo.ts';

const SCRIPT = `
  import { build } from 'esbuild';
  const made = await build({ entryPoints: ['src/cli/progress.ts'], bundle: true, platform: 'node', format: 'esm', write: false });
  const { whileSlow } = await import('data:text/javascript,' + encodeURIComponent(made.outputFiles[0].text));
  // Ends when the test says so.
  const told = new Promise((resolve) => {
    const alive = setInterval(() => {}, 1000);
    process.once('SIGHUP', () => resolve(clearInterval(alive)));
    if (!process.stdout.isTTY) process.kill(process.pid, 'SIGHUP');
  });
  await whileSlow('Reading much…', told);
  console.log('done');
`;
const ARGS = ['--input-type=module', '-e', SCRIPT];

test('at a terminal', async () => {
  const terminal = programAtTerminal(process.execPath, ARGS, ROOT, { CI: '' });
  await terminal.shows('Reading much…');
  terminal.signal('SIGHUP');
  expect(await terminal.exit).toBe(0);
  expect(terminal.screen()).toContain('done');
  expect(terminal.screen()).not.toContain('Reading');
});

test('in a pipe there is none', async () => {
  const ran = await run(process.execPath, ARGS, { cwd: ROOT });
  expect([ran.out, ran.err]).toEqual(['done\n', '']);
});
