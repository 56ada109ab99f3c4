import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { stateError } from '../../core/errors.ts';
import { oneLine } from '../../core/text/text.ts';
import { openRepo } from '../../git/repo.ts';
import { importSession } from '../../lifecycle/backup.ts';
import type { Call, CommandSpec } from '../command.ts';
import { whileSlow } from '../progress.ts';

export const command: CommandSpec = {
  name: 'backup import',
  summary: 'Take in a session from a file',
  details:
    'Makes the refs of a bundle that git session backup export wrote: all of them or none. Nothing is overwritten, nothing is checked out, and a second run ' +
    'changes nothing. A bundle with any other ref, with broken objects, or with something else under a name of a session is refused. ' +
    'Whether approvals in it hold is for git session verify to say.',
  args: [{ spec: '<file>', description: 'the bundle' }],
  examples: ['git session backup import /media/stick/auth.bundle'],
  json: true,
  run,
};

async function run({ io, args }: Call): Promise<void> {
  const repo = await openRepo();
  const file = resolve(args[0] ?? '');
  if (!existsSync(file)) throw stateError({ what: `There is no file ${oneLine(file, 200)}.` });
  const refs = await whileSlow('Reading the bundle…', importSession(repo, file));
  io.json({ file, refs: refs.map(({ ref, oid, made }) => ({ ref, oid, made })) });
  for (const { ref, oid, made } of refs) io.say(`${made ? 'made ' : 'here '}  ${oneLine(ref, 120)}  ${oid.slice(0, 10)}`);
  if (refs.some(({ ref }) => ref.startsWith('refs/git-session/')))
    io.note('It was abandoned; bring it back with: git session restore <session>');
}
