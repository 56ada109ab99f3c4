/** A key with a passphrase at a real terminal: `doctor` announces it, signs with it, and says whose it is. */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeApprovedRepo } from '../support/approved-repo.ts';
import { atTerminal } from '../support/pty.ts';
import { run, tempDir } from '../support/repo.ts';

test('the passphrase is announced before it is asked for', async () => {
  const { repo } = makeApprovedRepo();
  const key = join(tempDir('gs-key-'), 'locked');
  await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'secret words', '-f', key]);
  repo.git('config', 'user.signingKey', key);
  const terminal = atTerminal(repo.dir, ['doctor']);
  await terminal.waitFor(/The\s+passphrase\s+of\s+your\s+ssh\s+key\s+SHA256:\S+\s+\(\S+\)\s+may\s+be\s+asked\s+for\./);
  await terminal.waitFor('Enter passphrase');
  terminal.type('secret words\r');
  await terminal.waitFor(/signs,\s+and\s+is\s+no\s+approver's\./);
  expect(await terminal.exit).toBe(0);
});
