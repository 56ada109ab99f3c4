/** `git session init` at a real terminal: what it asks, and what the answers do. */

import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { atTerminal } from '../support/pty.ts';
import { makeRepo, makeSshKey, tempDir } from '../support/repo.ts';

function home(): { ssh: string; env: Record<string, string> } {
  const dir = tempDir();
  mkdirSync(join(dir, '.ssh'));
  return { ssh: join(dir, '.ssh'), env: { HOME: dir } };
}

test('asks which key, shows the plan, and no changes nothing', async () => {
  const repo = makeRepo();
  const { ssh, env } = home();
  makeSshKey(ssh);
  makeSshKey(ssh, 'id_work');
  const before = repo.snapshot();
  const terminal = atTerminal(repo.dir, ['init', '--no-hooks'], env);
  await terminal.waitFor('Which key shall sign your approvals?');
  await terminal.waitFor('1-4:');
  terminal.type('7\r');
  await terminal.waitFor('1-4:');
  terminal.type('2\r');
  await terminal.waitFor(/\+ dana@example\.com namespaces="git" ssh-ed25519/);
  await terminal.waitFor('Accept? (yes/no)');
  terminal.type('perhaps\r');
  await terminal.waitFor('Accept? (yes/no)');
  terminal.type('no\r');
  expect(await terminal.exit).toBe(3);
  expect(terminal.text()).toContain('Declined: nothing was changed.');
  expect(repo.snapshot()).toBe(before);
  // Asking gpg for a key would have made its folder.
  expect(existsSync(join(ssh, '..', '.gnupg'))).toBe(false);
});

test('Ctrl-C where the passphrase is asked for says that nothing was signed and changed', async () => {
  const repo = makeRepo();
  const { ssh, env } = home();
  const key = makeSshKey(ssh);
  // ssh-keygen loses a Ctrl-C that comes between its question and its read: this one asks without that gap.
  repo.write('../asks', '#!/bin/sh\nprintf "Enter passphrase: " >/dev/tty\nread -r answer </dev/tty\n');
  chmodSync(join(repo.dir, '..', 'asks'), 0o755);
  repo.git('config', 'gpg.ssh.program', join(repo.dir, '..', 'asks'));
  const before = repo.snapshot();
  const terminal = atTerminal(repo.dir, ['init', '--yes', '--no-hooks', '--no-detect', '--signing-key', key], env);
  await terminal.waitFor('Enter passphrase: ');
  terminal.type('\u0003');
  expect(await terminal.exit).toBe(3);
  expect(terminal.text()).toMatch(/error: Stopped at the signature of the commit; nothing was changed\.\nnext: Run the same command again/);
  expect(repo.snapshot()).toBe(before);
});

test('makes a key on request, its passphrase asked by ssh-keygen and then by git', async () => {
  const repo = makeRepo();
  const { ssh, env } = home();
  const terminal = atTerminal(repo.dir, ['init', '--no-hooks'], { ...env, SSH_ASKPASS_REQUIRE: 'never' });
  await terminal.waitFor('1. Make a new key');
  await terminal.waitFor('1-2:');
  terminal.type('1\r');
  await terminal.waitFor('with a passphrase that will be asked for');
  await terminal.waitFor('Accept? (yes/no)');
  expect(readdirSync(ssh)).toEqual([]);
  terminal.type('yes\r');
  for (const question of [/Enter passphrase.*:/, /same passphrase.*:/]) {
    await terminal.waitFor(question);
    terminal.type('secret\r');
  }
  await terminal.waitFor('The passphrase of your ssh key');
  await terminal.waitFor(/Enter passphrase.*: /);
  terminal.type('secret\r');
  await terminal.waitFor(/Committed [0-9a-f]+ on main, signed\./);
  expect(await terminal.exit).toBe(0);
  expect(repo.read('.swarm/allowed_signers')).toMatch(/^dana@example\.com namespaces="git" ssh-ed25519 /m);
});

test('what is typed is echoed once, also at the third question', async () => {
  const repo = makeRepo();
  const { ssh, env } = home();
  makeSshKey(ssh);
  makeSshKey(ssh, 'git-session_ed25519');
  const terminal = atTerminal(repo.dir, ['init', '--no-hooks', '--no-detect'], env);
  // What --new-key would make lies there: it is one to use.
  await terminal.waitFor('1-3:');
  expect(terminal.text()).not.toContain('Make a new key');
  terminal.type('9\r');
  await terminal.waitFor('Please answer with a number from 1 to 3.');
  terminal.type('2\r');
  await terminal.waitFor('Accept? (yes/no)');
  terminal.type('perhaps\r');
  await terminal.waitFor('Please answer yes or no.');
  terminal.type('no\r');
  expect(await terminal.exit).toBe(3);
  expect(terminal.text()).toMatch(/\(yes\/no\) perhaps\s/);
  expect(terminal.text()).toMatch(/\(yes\/no\) no\s/);
});

test('ending the input changes nothing', async () => {
  const repo = makeRepo();
  const before = repo.snapshot();
  const terminal = atTerminal(repo.dir, ['init', '--no-hooks', '--no-approver']);
  await terminal.waitFor('Accept? (yes/no)');
  terminal.type('\u0004');
  expect(await terminal.exit).toBe(3);
  expect(repo.snapshot()).toBe(before);
});
