/** Every test process: own HOME, own global git configuration, no system one, a fixed identity, no agent's variables, and none of CI. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const home = mkdtempSync(join(tmpdir(), 'gs-home-'));
writeFileSync(
  join(home, 'gitconfig'),
  '[user]\n\tname = Dana Dev\n\temail = dana@example.com\n[init]\n\tdefaultBranch = main\n[core]\n\tfsync = none\n[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n',
);

for (const name of Object.keys(process.env)) {
  // The build under test may be another than dist/, and a soak says how long, with how many steps and by which seed.
  if (/^GIT_SESSION_(TEST_DIST|TEST_STEPS|SOAK_SEED|SOAK_SECONDS)$/.test(name)) continue;
  if (/^(GIT_|SSH_A|CLAUDE|AI_AGENT|CODEX|GEMINI|COPILOT|OPENCODE|CURSOR|npm_|NODE_EXTRA|XDG_|HUSKY|LEFTHOOK|CI$)/.test(name))
    delete process.env[name];
}
Object.assign(process.env, {
  HOME: home,
  GIT_CONFIG_GLOBAL: join(home, 'gitconfig'),
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  SSH_ASKPASS_REQUIRE: 'never',
  HUSKY_SKIP_INIT: '1',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  NO_COLOR: '1',
});

afterAll(() => rmSync(home, { recursive: true, force: true }));
