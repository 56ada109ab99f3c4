import { EXIT } from '../../core/errors.ts';
import { decideRoute } from '../../core/routing/routing.ts';
import { visible } from '../../core/text/text.ts';
import { openRepo } from '../../git/repo.ts';
import { routeFacts } from '../../lifecycle/files/route-facts.ts';
import { currentSession } from '../../lifecycle/session/session.ts';
import { fromTop } from '../../store/edit-path.ts';
import { actorOf } from '../actor.ts';
import type { Call, CommandSpec } from '../command.ts';

export const command: CommandSpec = {
  name: 'route',
  summary: 'Say where a file belongs',
  details:
    "Judges paths as the write hook, the pre-commit hook and checkpoints do: below the session's folder, a change of the product, or " +
    'neither. A refusal names the path to use instead, and exits with 1. Nothing is written.\n\n' +
    'It is judged for who asks: an agent, as --agent, GIT_SESSION_AGENT or the environment of its client say, is refused where a person is warned.',
  args: [{ spec: '<path...>', description: 'files, whether they exist or not' }],
  options: [{ flags: '--agent <name>', description: 'judge it for this agent (also: GIT_SESSION_AGENT)' }],
  examples: ['git session route auth.js --agent backend-dev', 'git session route src/auth/jwt.js notes.md --json'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const { io } = call;
  const repo = await openRepo();
  const paths = call.args.map((path) => fromTop(repo.top, repo.cwd, path));
  const session = await currentSession(repo);
  const who = actorOf(call).kind === 'person' ? 'person' : 'agent';
  const facts = await routeFacts(repo, session, paths, who);
  const judged = paths.map((path) => ({ path, ...decideRoute(path, facts) }));
  io.json({
    paths: judged.map(({ path, verdict, kind, use, why }) => ({ path, verdict, kind, use, why })),
    ...{ who, mode: facts.policy.mode, session: session?.id ?? null },
  });
  for (const { path, verdict, use, why } of judged) {
    const word =
      verdict === 'session' || verdict === 'workspace'
        ? io.paint('green', 'fine')
        : io.paint(verdict === 'refused' ? 'red' : 'yellow', verdict);
    io.say(`${visible(path)}: ${word}, ${visible(why)}`);
    if (use !== null) io.say(`use: ${visible(use)}`);
  }
  if (judged.some(({ verdict }) => verdict === 'refused')) process.exitCode = EXIT.state;
}
