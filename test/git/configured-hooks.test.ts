/** Hooks of git's own configuration: found as git resolves them, named by init and doctor, and left as they are. Older git takes no notice of them. */

import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { foldHooks, type ScopedSetting } from '../../src/core/hooks/configured-hook.ts';
import { configuredHooks, runsConfigured, withoutHooks } from '../../src/git/configured-hooks.ts';
import { runGit } from '../../src/git/run.ts';
import { gitVersion } from '../../src/git/version.ts';
import { makeRepo, type TestRepo, tempDir } from '../support/repo.ts';
import { setEnv } from '../support/trust.ts';

/** One hook in each file that git reads; that of the person runs on two events. */
function everywhere(): TestRepo {
  const repo = makeRepo();
  const home = tempDir();
  const files = { system: join(home, 'system'), global: join(home, 'global') };
  const person = '[user]\n\tname = Dana\n\temail = dana@example.com\n';
  writeFileSync(
    files.system,
    '[hook "audit"]\n\tcommand = audit-tool\n\tevent = pre-push\n[hook "old"]\n\tcommand = x\n\tevent = pre-commit\n',
  );
  writeFileSync(files.global, `${person}[hook "lint"]\n\tcommand = lint-tool --all\n\tevent = pre-commit\n\tevent = commit-msg\n`);
  setEnv({ GIT_CONFIG_SYSTEM: files.system, GIT_CONFIG_GLOBAL: files.global, GIT_CONFIG_NOSYSTEM: '0' });
  repo.git('config', 'hook.old.event', '');
  repo.git('config', 'hook.audit.enabled', 'false');
  repo.git('config', 'hook.it has a name.command', 'sh "a file"');
  repo.git('config', 'hook.it has a name.event', 'post-commit');
  return repo;
}

const setting = (key: string, value: string, scope = 'local'): ScopedSetting => ({ key, value, scope });

test('settings come to hooks as git takes them: the last command, every event once, in the order of the last events', () => {
  const hooks = foldHooks([
    setting('hook.a.command', 'one', 'system'),
    setting('hook.a.event', 'pre-commit', 'system'),
    setting('hook.b.event', 'pre-commit', 'global'),
    setting('hook.a.command', 'two'),
    setting('hook.a.event', 'pre-commit'),
    setting('hook.a.b.c.event', 'x'),
    setting('hook.c.command', 'no event'),
    setting('hook.d.event', 'pre-push'),
    setting('hook.d.event', ''),
    setting('hook.jobs', '4'),
    setting('core.hookspath', 'x'),
    setting('hook.b.enabled', 'no'),
  ]);
  expect(hooks).toEqual([
    { name: 'b', events: ['pre-commit'], command: null, enabled: false, scope: 'global' },
    { name: 'a', events: ['pre-commit'], command: 'two', enabled: true, scope: 'local' },
    { name: 'a.b.c', events: ['x'], command: null, enabled: true, scope: 'local' },
  ]);
});

test('found in the files of system, person, clone and worktree', async () => {
  const repo = everywhere();
  repo.git('config', 'extensions.worktreeConfig', 'true');
  repo.git('config', '--worktree', 'hook.here.event', 'pre-commit');
  expect(await configuredHooks(await repo.open())).toEqual([
    { name: 'audit', events: ['pre-push'], command: 'audit-tool', enabled: false, scope: 'system' },
    { name: 'lint', events: ['pre-commit', 'commit-msg'], command: 'lint-tool --all', enabled: true, scope: 'global' },
    { name: 'it has a name', events: ['post-commit'], command: 'sh "a file"', enabled: true, scope: 'local' },
    { name: 'here', events: ['pre-commit'], command: null, enabled: true, scope: 'worktree' },
  ]);
});

test('which git runs them', () => {
  expect(['2.39.5', '2.53.0', '2.54.0', '2.55', '3.0.0', null].map(runsConfigured)).toEqual([false, false, true, true, true, false]);
});

describe('said', () => {
  test('by init, which sets up husky all the same, and by doctor; whether this git runs them is said as it is', async () => {
    const repo = everywhere();
    const before = repo
      .git('config', '--list')
      .split('\n')
      .filter((row) => row.startsWith('hook.'));
    const { notes, hooks } = await repo.json(['init', '--yes', '--no-detect', '--no-approver']);
    const runs = runsConfigured(await gitVersion());
    const said = runs
      ? /git runs hooks of its configuration before those of the hooks folder: /
      : /git [\d.]+ takes no notice of the hooks in its configuration, which git 2\.54/;
    expect(notes.join('\n')).toMatch(said);
    expect(notes.join('\n')).toContain(
      'audit (pre-push; system; disabled); lint (pre-commit, commit-msg; global); it has a name (post-commit; local). They stay',
    );
    expect(hooks).toBe('active');
    expect(
      repo
        .git('config', '--list')
        .split('\n')
        .filter((row) => row.startsWith('hook.')),
    ).toEqual(before);
    const doctor = async () => JSON.parse((await repo.session(['doctor', '--json'])).out).findings;
    const found = (await doctor()).filter(({ probe }: { probe: string }) => probe === 'hooks');
    expect(found.find(({ what }: { what: string }) => said.test(what))?.health).toBe(runs ? 'ok' : 'warn');
    repo.git('config', 'hook.lint.command', 'true');
    repo.git('config', 'hook.empty.event', 'pre-commit');
    expect(JSON.stringify(await doctor())).toContain("The hook empty of git's configuration has no command");
  });

  test('git without hooks runs none of them either', async () => {
    const repo = makeRepo();
    for (const hook of ['post-commit', 'reference-transaction']) {
      repo.git('config', `hook.spy-${hook}.command`, `echo ${hook} >>"$(git rev-parse --git-common-dir)/ran"`);
      repo.git('config', `hook.spy-${hook}.event`, hook);
      repo.write(`.git/hooks/${hook}`, '#!/bin/sh\necho folder >>"$(git rev-parse --git-common-dir)/ran"\n');
      chmodSync(join(repo.dir, `.git/hooks/${hook}`), 0o755);
    }
    const none = await withoutHooks(await repo.open());
    await runGit(none, ['commit', '--quiet', '--allow-empty', '--message', 'x']);
    expect(repo.has('.git/ran')).toBe(false);
  });
});
