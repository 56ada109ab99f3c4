import { readStatus } from '../../git/porcelain.ts';
import { openRepo } from '../../git/repo.ts';
import { apartNote, branchesApart } from '../../lifecycle/apart.ts';
import { catchUp } from '../../lifecycle/checkpoint/catch-up.ts';
import { policyNow } from '../../lifecycle/policy-now.ts';
import { currentSession, unreadableSessions } from '../../lifecycle/session/session.ts';
import { statusFacts } from '../../lifecycle/session/status-facts.ts';
import { type CommandSpec, flag } from '../command.ts';
import { porcelainStatus } from '../print/porcelain.ts';
import { printStatus } from '../print/status.ts';
import { whileSlow } from '../progress.ts';

export const command: CommandSpec = {
  name: 'status',
  summary: 'Show where this session stands',
  details:
    'Commits checkpoints that wait, records what plain commits did since the last look, and tells state, base, tasks, artifacts, ' +
    'workspace changes, what is uncommitted, and what to do next. Outside a session it lists the open ones.',
  options: [{ flags: '--porcelain', description: 'lines for scripts, which stay as they are (docs/porcelain.md)' }],
  examples: ['git session status', 'git session status --porcelain'],
  json: true,
  run: async (call) => {
    const { io } = call;
    const repo = await openRepo();
    const here = await currentSession(repo);
    const caught = here ? await whileSlow('Recording what was done meanwhile…', catchUp(repo, here)) : null;
    // In a large repository it takes longest, and nothing below changes a file.
    const rows = readStatus(repo);
    rows.catch(() => {});
    const policy = await policyNow(repo, { looking: true });
    const lost = (await unreadableSessions(repo)).map(({ id, why }) => `${id} cannot be read: ${why}.`);
    const apart = caught ? (await branchesApart(repo, caught.session)).map(apartNote) : [];
    const notes = [...apart, ...lost, ...policy.notes, ...(caught?.note ? [caught.note] : [])];
    const facts = await statusFacts(repo, caught?.session ?? null, policy, notes, new Date(), rows);
    io.json(facts);
    if (flag(call, 'porcelain') && !io.wantsJson) io.raw(porcelainStatus(facts));
    else printStatus(io, facts);
  },
};
