import { count, oneLine } from '../../core/text/text.ts';
import { openRepo } from '../../git/repo.ts';
import { planAdopt } from '../../lifecycle/files/adopt.ts';
import { moveFiles, sessionOfCheckout } from '../../lifecycle/files/move-files.ts';
import { actorOf, taskOf } from '../actor.ts';
import type { Call, CommandSpec } from '../command.ts';
import { heldFacts } from '../print/held.ts';
import { printMoved } from '../print/moved.ts';

export const command: CommandSpec = {
  name: 'adopt',
  summary: 'Move a stray file into the session',
  details:
    "Moves files that the session made in the wrong place to where routing wants them, below the session's artifacts. What you have staged " +
    'stays staged at its new place; the rest is committed. Files that were tracked before the session stay where they are, and nothing is overwritten.',
  args: [{ spec: '<path...>', description: 'files, or folders for the files in them' }],
  options: [{ flags: '--task <id>', description: 'the task that the files belong to (default: GIT_SESSION_TASK)' }],
  examples: ['git session adopt auth.js', 'git session adopt scratch/ notes.md'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const actor = actorOf(call);
  const task = taskOf(call);
  const repo = await openRepo();
  const session = await sessionOfCheckout(repo);
  const moves = await planAdopt(repo, session, call.args);
  const subject = moves.length === 1 ? `adopt ${oneLine(moves[0]?.from ?? '', 50)}` : `adopt ${count(moves.length, 'file')}`;
  const moved = await moveFiles(repo, session, moves, { event: 'adopt', actor, task, subject });
  call.io.json({ session: session.id, ...moved, held: heldFacts(moved.held) });
  printMoved(call.io, moved);
}
