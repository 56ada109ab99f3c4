/** The Claude Code plugin says what `init --agent claude` says; UPDATE_DOCS=1 writes its files. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { pluginFiles } from '../../src/agents/setup/claude.ts';
import { ROOT, run, tempDir } from '../support/repo.ts';

test.each(Object.entries(pluginFiles()))('plugin/%s follows from the set-up', (path, text) => {
  const file = join(ROOT, 'plugin', path);
  if (process.env.UPDATE_DOCS) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const there = readFileSync(file, 'utf8');
  if (path.endsWith('.json')) expect(JSON.parse(there)).toEqual(JSON.parse(text));
  else expect(there).toBe(text);
});

test('it has the version of the package', () => {
  const versionOf = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8')).version;
  expect(versionOf('plugin/.claude-plugin/plugin.json')).toBe(versionOf('package.json'));
});

test('its script says nothing where the program is missing', async () => {
  const ran = await run('/bin/sh', [join(ROOT, 'plugin/hook.sh'), 'SessionStart'], {
    env: { PATH: tempDir(), CLAUDE_PROJECT_DIR: tempDir() },
    input: '{}',
  });
  expect(ran).toEqual({ code: 0, out: '', err: '' });
});
