import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { stateError } from '../../core/errors.ts';
import { count, oneLine } from '../../core/text/text.ts';
import { openRepo } from '../../git/repo.ts';
import { exportSession } from '../../lifecycle/backup.ts';
import { catchUp } from '../../lifecycle/checkpoint/catch-up.ts';
import { resolveSession } from '../../lifecycle/session/session.ts';
import { type Call, type CommandSpec, SESSION_WORDS, text } from '../command.ts';
import { whileSlow } from '../progress.ts';

export const command: CommandSpec = {
  name: 'backup export',
  summary: 'Write a session to one file',
  details:
    'The file is a git bundle of the session branch (of an abandoned session: its ref in the trash), its tags and approvals, with their whole history. ' +
    'What is not committed yet stays here. A file that is there already is not overwritten.',
  args: [{ spec: '<session>', description: SESSION_WORDS }],
  options: [{ flags: '--to <file>', description: 'the file to write; <id>.bundle in this folder when left out' }],
  examples: ['git session backup export 20251117-143022 --to /media/stick/auth.bundle'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const { io } = call;
  const repo = await openRepo();
  const { session } = await catchUp(repo, await resolveSession(repo, call.args[0]));
  const file = resolve(text(call, 'to') ?? `${session.id}.bundle`);
  if (existsSync(file)) throw stateError({ what: `${oneLine(file, 200)} is there already.`, next: 'Name another with --to <file>' });
  const refs = await whileSlow('Writing the bundle…', exportSession(repo, session, file));
  io.json({ session: session.id, file, refs });
  io.say(`Wrote ${count(refs.length, 'ref')} of ${session.id} to ${oneLine(file, 200)}`);
  io.note('In another clone: git session backup import <file>');
}
