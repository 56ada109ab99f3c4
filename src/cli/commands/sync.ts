import { pushLine } from '../../closeout/land/push-line.ts';
import { count, oneLine } from '../../core/text/text.ts';
import { openRepo } from '../../git/repo.ts';
import { fetchSessions, resolveElsewhere } from '../../lifecycle/sync/elsewhere.ts';
import { type SyncedBranch, syncSession } from '../../lifecycle/sync/sync.ts';
import { type Call, type CommandSpec, flag } from '../command.ts';
import { announce, whileSlow } from '../progress.ts';

export const command: CommandSpec = {
  name: 'sync',
  summary: 'Bring a session together that others went on with',
  details:
    "Fetches the session branches of every remote, and brings the session's and the branch of this clone together: forward where only one side went on, else by a merge " +
    'commit in which no record of either is lost. What another clone appended to the log after a seal moves to a file of its own. ' +
    'A file that both changed in different ways is for you to make alike; nothing is changed then.\n\n' +
    'Nothing is pushed: the line to push with is printed.',
  args: [
    {
      spec: '[session]',
      description: 'id or a beginning of it, also of one that only a remote has; the checked-out session when left out',
    },
  ],
  options: [
    { flags: '--dry-run', description: 'fetch, and show what it would do: your branch and files stay as they are' },
    { flags: '--no-fetch', description: 'take the branches of remotes as they were fetched last' },
  ],
  examples: ['git session sync', 'git session sync 20251117-143022 --no-fetch'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const { io, args } = call;
  const repo = await openRepo();
  const fetch = call.options.fetch !== false;
  if (fetch) announce('Fetching the session branches of the remotes…');
  const notes = fetch ? await fetchSessions(repo) : [];
  // What could not be looked at is told even where nothing comes of the rest.
  for (const note of notes) io.note(`note: ${note}`);
  const session = await resolveElsewhere(repo, args[0]);
  const dry = flag(call, 'dryRun');
  const { branches, tip, ahead } = await whileSlow('Bringing both sides together…', syncSession(repo, session, new Date(), { dry }));
  const push = ahead && !dry ? await pushLine(repo, session.metadata.base, [session.branch]) : null;
  io.json({ session: session.id, done: !dry, tip, branches, push, notes });
  for (const branch of branches) io.say(said(branch, dry));
  if (branches.some(({ unsealed }) => unsealed))
    io.note(`${session.id} was sealed on one side; it ${dry ? 'would be' : 'is'} active again, since work came in after that.`);
  if (dry) io.note('Nothing was changed.');
  if (push) io.note(`Others get it with: ${push}`);
}

function said({ ref, how, records, tip }: SyncedBranch, dry: boolean): string {
  const name = oneLine(ref.replace('refs/remotes/', ''), 120);
  if (how === 'same') return `${name}: nothing new`;
  if (how === 'forward') return `${name}: ${dry ? 'would be ' : ''}taken over, at ${tip.slice(0, 10)}`;
  const theirs = records ? `, with ${count(records, 'record')} of theirs` : '';
  if (dry) return `${name}: would be brought together${theirs}`;
  return `${name}: brought together in ${tip.slice(0, 10)}${theirs}`;
}
