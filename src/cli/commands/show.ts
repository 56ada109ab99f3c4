import { openRepo } from '../../git/repo.ts';
import { catchUp } from '../../lifecycle/checkpoint/catch-up.ts';
import { resolveSession } from '../../lifecycle/session/session.ts';
import { type CommandSpec, SESSION_ARG } from '../command.ts';
import { NO_PAGER, paged } from '../pager.ts';
import { printShow } from '../print/show.ts';
import { showFacts } from '../print/show-facts.ts';
import { whileSlow } from '../progress.ts';

export const command: CommandSpec = {
  name: 'show',
  summary: 'Show one session: tasks, artifacts, memory',
  details:
    'Who worked on what and why, what came of it, which checks ran, and who approved it. Closed sessions are read from their backup tag, or from the branch that they landed on.',
  args: [SESSION_ARG],
  options: [NO_PAGER],
  examples: ['git session show', 'git session show 20251117-143022'],
  json: true,
  run: async (call) => {
    const { io, args } = call;
    const repo = await openRepo();
    const { session, note } = await catchUp(repo, await resolveSession(repo, args[0]));
    const facts = await whileSlow('Reading the session…', showFacts(repo, session, note ? [note] : [], new Date()));
    io.json(facts);
    await paged(call, repo, (to) => printShow(to, facts));
  },
};
