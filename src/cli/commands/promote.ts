import { basename } from 'node:path';
import { oneLine, visible } from '../../core/text/text.ts';
import { openRepo } from '../../git/repo.ts';
import { moveFiles, sessionOfCheckout } from '../../lifecycle/files/move-files.ts';
import { planPromote } from '../../lifecycle/files/promote.ts';
import { actorOf, taskOf } from '../actor.ts';
import { type Call, type CommandSpec, flag } from '../command.ts';
import { heldFacts } from '../print/held.ts';
import { printMoved } from '../print/moved.ts';

export const command: CommandSpec = {
  name: 'promote',
  summary: 'Move an artifact into the product',
  details:
    "Moves one file from the session's artifacts to its place in the product, commits that, and records where it came from. The place is " +
    'judged as any other new file: see git session route.',
  args: [
    { spec: '<artifact>', description: "the file; its path may begin at the session's artifacts, for example code/auth.js" },
    { spec: '<path>', description: 'its new path, or a folder' },
  ],
  options: [
    { flags: '--replace', description: 'overwrite a tracked file that has no uncommitted changes' },
    { flags: '--task <id>', description: 'the task that the file belongs to (default: GIT_SESSION_TASK)' },
  ],
  examples: ['git session promote code/auth.js src/', 'git session promote docs/API.md docs/api.md --replace'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const [artifact = '', target = ''] = call.args;
  const actor = actorOf(call);
  const task = taskOf(call);
  const repo = await openRepo();
  const session = await sessionOfCheckout(repo);
  const who = actor.kind === 'person' ? 'person' : 'agent';
  const { move, route } = await planPromote(repo, session, artifact, target, { who, replace: flag(call, 'replace') });
  const stage = route.verdict === 'warned';
  const subject = `promote ${oneLine(basename(move.from), 30)} to ${oneLine(move.to, 60)}`;
  const moved = await moveFiles(repo, session, [move], { event: 'promote', actor, task, subject, stage });
  const warning = stage ? route.why : null;
  const moves = moved.moves.map(({ from, to }) => ({ from, to }));
  call.io.json({ session: session.id, ...moved, moves, held: heldFacts(moved.held), replaced: move.replaces === true, warning });
  printMoved(call.io, moved);
  if (warning)
    call.io.note(`${visible(move.to)}: ${visible(warning)}. It is not committed: look at it, then git add and git commit it yourself.`);
}
