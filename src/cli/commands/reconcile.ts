import { type Reconciled, reconcile } from '../../closeout/landed/reconcile.ts';
import { isGood } from '../../core/verify/landing-verdict.ts';
import { openRepo } from '../../git/repo.ts';
import { resolveSession } from '../../lifecycle/session/session.ts';
import { type Call, type CommandSpec, flag, SESSION_WORDS } from '../command.ts';
import type { Io } from '../io.ts';
import { whileSlow } from '../progress.ts';

export const command: CommandSpec = {
  name: 'reconcile',
  summary: 'Recognise sessions that landed elsewhere',
  details:
    'A sealed session has landed where its sealed metadata file is on base, however it came there: merged, squashed or rebased by a forge. ' +
    'This clone is then tidied: its checkout goes to base, and the session branch is deleted where base or the backup tag holds its commits. ' +
    'Base itself is never written to.\n\n' +
    'What landed is compared with what was approved: exact; as approved (base had moved on); updated (with merges of base after the seal); ' +
    'changed after the seal; edited; partial; reverted; unapproved; or unverified, where that cannot be proved.',
  args: [{ spec: '[session]', description: `${SESSION_WORDS}; every sealed session of this clone without it` }],
  options: [{ flags: '--quiet', description: 'say only what landed; the git hooks call it so' }],
  examples: ['git pull && git session reconcile'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const { io, args } = call;
  const quiet = flag(call, 'quiet');
  const repo = await openRepo();
  const word = args[0];
  const named = word === undefined ? null : await resolveSession(repo, word);
  const sessions = await whileSlow('Looking for what has landed…', reconcile(repo, named));
  io.json({ sessions });
  for (const found of sessions) {
    if (quiet && found.found !== 'landed' && found.verdict === null) continue;
    io.say(headline(io, found));
    for (const note of found.notes) io.say(`  ${note}`);
  }
  if (sessions.length === 0 && !quiet) io.say('No sealed session waits in this clone.');
}

function headline(io: Io, { session, base, found, verdict, commit }: Reconciled): string {
  const on = `${base}${commit === null ? '' : ` (${commit.slice(0, 12)})`}`;
  if (verdict === null) return `${session} ${found === 'upstream' ? 'is not yet in this clone on' : 'has not landed on'} ${on}.`;
  const word = io.paint(isGood(verdict) ? 'green' : 'yellow', verdict);
  return `${session} ${verdict === 'partial' ? 'is in part' : verdict === 'reverted' ? 'had landed' : 'has landed'} on ${on}: ${word}.`;
}
