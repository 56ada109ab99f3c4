import { reconcile } from '../../closeout/reconcile.ts';
import { openRepo } from '../../git/repo.ts';
import { resolveSession } from '../../lifecycle/session.ts';
import { type Call, type CommandSpec, flag } from '../command.ts';

export const command: CommandSpec = {
  name: 'reconcile',
  summary: 'Recognise sessions that landed elsewhere',
  details:
    'A sealed session has landed where its sealed metadata file is on base, however it came there: merged, squashed or rebased by a forge. ' +
    'This clone is then tidied: its checkout goes to base, and the session branch is deleted where base or the backup tag holds its commits. ' +
    'Base itself is never written to.',
  args: [{ spec: '[session]', description: 'id or a beginning of it; every sealed session of this clone when left out' }],
  options: [{ flags: '--quiet', description: 'say only what landed; the git hooks call it so' }],
  examples: ['git pull && git session reconcile'],
  json: true,
  run,
};

const SAID = { landed: 'has landed on', upstream: 'is not yet in this clone on', open: 'has not landed on' } as const;

async function run(call: Call): Promise<void> {
  const { io, args } = call;
  const quiet = flag(call, 'quiet');
  const repo = await openRepo();
  const word = args[0];
  const sessions = await reconcile(repo, word === undefined ? null : await resolveSession(repo, word));
  io.json({ sessions });
  for (const { session, base, found, commit, notes } of sessions) {
    if (quiet && found !== 'landed') continue;
    io.say(`${session} ${SAID[found]} ${base}${commit === null ? '' : ` (${commit.slice(0, 12)})`}.`);
    for (const note of notes) io.say(`  ${note}`);
  }
  if (sessions.length === 0 && !quiet) io.say('No sealed session waits in this clone.');
}
