/**
 * One agent process: edits and checkpoints on its own task, as the hooks commands do them, until it has made `count` of them.
 * Arguments: top of the worktree, name of the agent, count. Prints `accepted <path>` when a request is durable.
 */

import { mkdirSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Actor } from '../../src/core/log/record.ts';
import { openRepo } from '../../src/git/repo.ts';
import { requestCheckpoint } from '../../src/lifecycle/checkpoint/checkpoint.ts';
import { recordEdit } from '../../src/lifecycle/checkpoint/edit.ts';
import { currentSession } from '../../src/lifecycle/session/session.ts';
import { compiledPolicy } from '../../src/store/compiled-policy.ts';
import { appendRecord } from '../../src/store/journal.ts';

const [top = '', name = '', count = '1'] = process.argv.slice(2);
const repo = await openRepo(top);
const actor: Actor = { kind: 'agent', name };
for (let n = 0; n < Number(count); n++) {
  const session = await currentSession(repo);
  if (!session) throw new Error('no session');
  const task = `${name}-${n}`;
  const path = `sessions/${session.id}/artifacts/code/${name}/${n}.js`;
  mkdirSync(dirname(join(top, path)), { recursive: true });
  writeFileSync(join(top, path), `${task}\n`);
  const here = { place: repo, id: session.id, tip: session.tip, checkedOut: true, policy: compiledPolicy(repo.commonDir) };
  await recordEdit(here, { file: path, cwd: top, task, actor, fallback: () => actor, memoryKey: null });
  appendRecord(repo.commonDir, session.id, { kind: 'task.finished', actor, data: { task, status: 'completed' } });
  const outcome = await requestCheckpoint(repo, session, { task, event: 'task-done', wait: n % 2 === 0 });
  if (outcome.held.length > 0) throw new Error(`held: ${JSON.stringify(outcome.held)}`);
  writeSync(1, `accepted ${path}\n`);
}
