/** The closeout at a real pseudo-terminal: a person approves, sends back, or leaves. */

import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { copyOf, makeApprovedRepo, makeSession, signWith, verifies } from '../support/approved-repo.ts';
import { atTerminal } from '../support/pty.ts';
import { type TestRepo, tempDir } from '../support/repo.ts';

let open: TestRepo;
let id: string;

beforeAll(async () => {
  open = makeApprovedRepo('presence: terminal\n').repo;
  id = await makeSession(open);
});

describe('at a terminal', () => {
  test('yes approves, and the session lands', async () => {
    const repo = copyOf(open);
    const terminal = atTerminal(repo.dir, ['closeout'], { CI: 'true' });
    await terminal.waitFor('Closeout of login-form');
    await terminal.waitFor('Goal: People can log in with a password');
    await terminal.waitFor('Approve closeout? (yes/no)');
    terminal.type('yes\r');
    await terminal.waitFor(`${id} has landed on main (approved).`);
    expect(await terminal.exit).toBe(0);
    expect(terminal.text()).not.toContain('nattended');
    expect(verifies(repo, 'commit', 'main') && verifies(repo, 'tag', `backup/${id}`)).toBe(true);
    expect(repo.git('status', '--porcelain')).toBe('');
  });

  test('no with a reason sends it back', async () => {
    const repo = copyOf(open);
    const before = repo.snapshot();
    const terminal = atTerminal(repo.dir, ['closeout']);
    await terminal.waitFor('Approve closeout? (yes/no)');
    terminal.type('no\r');
    await terminal.waitFor('What has to change?');
    terminal.type('README.md:3: says too little\r');
    await terminal.waitFor('Another reason');
    terminal.type('\r');
    await terminal.waitFor(`${id} is active again.`);
    expect(await terminal.exit).toBe(3);
    expect(repo.snapshot()).toBe(before);
    expect((await repo.json(['show', id])).session.state).toBe('active');
  });

  test('leaving decides nothing', async () => {
    const repo = copyOf(open);
    const before = repo.snapshot();
    const terminal = atTerminal(repo.dir, ['closeout']);
    await terminal.waitFor('Approve closeout? (yes/no)');
    terminal.type('leave\r');
    await terminal.waitFor('The session stays in review.');
    expect(await terminal.exit).toBe(3);
    expect(repo.snapshot()).toBe(before);
    expect((await repo.json(['show', id])).session.state).toBe('review');
  });

  test('a passphrase that is not accepted is asked for once more, and nothing is called approved before', async () => {
    const repo = copyOf(open);
    const key = join(tempDir(), 'key');
    cpSync(repo.git('config', 'user.signingKey'), key);
    cpSync(`${repo.git('config', 'user.signingKey')}.pub`, `${key}.pub`);
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'sesame', '-f', key]);
    signWith(repo, key);
    const terminal = atTerminal(repo.dir, ['closeout'], { SSH_AUTH_SOCK: '', SSH_ASKPASS_REQUIRE: 'never' });
    await terminal.waitFor('Approve closeout? (yes/no)');
    terminal.type('yes\r');
    await terminal.waitFor('Signing');
    await terminal.waitFor(/Enter passphrase.*: /);
    terminal.type('wrong\r');
    await terminal.waitFor('The passphrase was not accepted. One more try:');
    expect(terminal.text()).not.toMatch(/approved/i);
    for (let signature = 0; signature < 2; signature++) {
      await terminal.waitFor(/Enter passphrase.*: /);
      terminal.type('sesame\r');
    }
    await terminal.waitFor(`${id} has landed on main (approved).`);
    expect(await terminal.exit).toBe(0);
  });

  test('a required check that failed: there is no question, and leaving says so once', async () => {
    const { repo } = makeApprovedRepo(
      'presence: terminal\nchecks:\n  list:\n    - { name: never, run: "echo it is broken; exit 1", required: true }\n',
    );
    await makeSession(repo);
    const terminal = atTerminal(repo.dir, ['closeout']);
    await terminal.waitFor('it is broken');
    await terminal.waitFor('git session check never');
    await terminal.waitFor('It cannot be approved: never must pass first.');
    terminal.type('\r');
    expect(await terminal.exit).toBe(3);
    expect(terminal.text()).not.toContain('Approve closeout?');
    expect(terminal.text().match(/Nothing was decided/g)).toHaveLength(1);
  });

  test('in an agent\u2019s environment nobody is asked', async () => {
    const repo = copyOf(open);
    const terminal = atTerminal(repo.dir, ['closeout'], { AI_AGENT: 'claude-code' });
    expect(await terminal.exit).toBe(3);
    expect(terminal.text()).toContain('Closeout of login-form');
    expect(terminal.text()).toContain('A person decides this');
    expect(repo.git('tag')).toBe('');
  });
});
