/**
 * One agent process that stores memory and asks for checkpoints meanwhile, as the commands do. Arguments: top of the worktree, name, count.
 * Prints the key of each record once it is acknowledged.
 */

import { writeSync } from 'node:fs';
import { openRepo } from '../../src/git/repo.ts';
import { requestCheckpoint } from '../../src/lifecycle/checkpoint/checkpoint.ts';
import { currentSession } from '../../src/lifecycle/session/session.ts';
import { appendRecord } from '../../src/store/journal.ts';

const [top = '', name = '', count = '1'] = process.argv.slice(2);
const repo = await openRepo(top);
const first = await currentSession(repo);
if (!first) throw new Error('no session');
for (let n = 0; n < Number(count); n++) {
  const key = `${name}/${n}`;
  appendRecord(repo.commonDir, first.id, {
    kind: 'memory.stored',
    actor: { kind: 'agent', name },
    data: { namespace: 'coordination', key, value: 'x'.repeat((n * 131) % 900) },
  });
  writeSync(1, `${key}\n`);
  if (n % 7 !== 3) continue;
  const session = await currentSession(repo);
  if (session) await requestCheckpoint(repo, session, { files: [], event: 'checkpoint', wait: false });
}
