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
    "Judges a path as the write hook, the pre-commit hook and checkpoints do: below the session's folder, a change of the product, or " +
    'neither. A refusal names the path to use instead, and exits with 1. Nothing is written.',
  args: [{ spec: '<path>', description: 'a file, whether it exists or not' }],
  examples: ['git session route auth.js', 'git session route src/auth/jwt.js --json'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const { io } = call;
  const repo = await openRepo();
  const path = fromTop(repo.top, repo.cwd, call.args[0] ?? '');
  const session = await currentSession(repo);
  const who = actorOf(call).kind === 'person' ? 'person' : 'agent';
  const facts = await routeFacts(repo, session, [path], who);
  const { verdict, kind, use, why } = decideRoute(path, facts);
  io.json({ path, verdict, kind, use, why, who, mode: facts.policy.mode, session: session?.id ?? null });
  if (verdict === 'session' || verdict === 'workspace') io.say(`${visible(path)}: ${io.paint('green', 'fine')}, ${visible(why)}`);
  else {
    io.say(`${visible(path)}: ${io.paint(verdict === 'refused' ? 'red' : 'yellow', verdict)}, ${visible(why)}`);
    if (use !== null) io.say(`use: ${visible(use)}`);
  }
  if (verdict === 'refused') process.exitCode = EXIT.state;
}
