import { EXIT, usageError } from '../../core/errors.ts';
import { openRepo } from '../../git/repo.ts';
import { resolveSession } from '../../lifecycle/session/session.ts';
import { checkOnce, toCheck } from '../check-run.ts';
import { watchChecks } from '../check-watch.ts';
import { type CommandSpec, flag, text } from '../command.ts';

export const command: CommandSpec = {
  name: 'check',
  summary: 'Run the quality checks on what would land',
  details:
    "The checks run on base merged with the session's newest commit, in a folder outside the repository that is gone afterwards; uncommitted files are not seen. " +
    'A closeout runs them again: nothing rests on a result of this command, except where policy says `reuse: true`.\n\n' +
    'With --watch they run again whenever the session, its base or the policy has new commits, until Ctrl-C.\n\n' +
    'Exits with 1 where a required check did not pass.',
  args: [{ spec: '[names...]', description: 'run only these checks' }],
  options: [
    { flags: '--session <id>', description: 'check another session than the one that is checked out' },
    { flags: '--watch', description: 'run them again after every change' },
  ],
  follows: (call) => flag(call, 'watch'),
  examples: ['git session check', 'git session check tests secrets', 'git session check --watch', 'git session check --json'],
  json: true,
  run: async (call) => {
    const { io, args } = call;
    if (flag(call, 'watch') && io.wantsJson) {
      throw usageError({ what: '--watch shows checks to a person, and --json prints one result.', next: 'Use one of them.' });
    }
    const repo = await openRepo();
    const session = await resolveSession(repo, text(call, 'session'));
    if (flag(call, 'watch')) return watchChecks(repo, session, args, io);
    if (!(await checkOnce(repo, await toCheck(repo, session, args, io), args, io))) process.exitCode = EXIT.state;
  },
};
