import { sessionToApprove } from '../../closeout/approve.ts';
import { openRepo } from '../../git/repo.ts';
import { runCloseout } from '../closeout-run.ts';
import type { Call, CommandSpec } from '../command.ts';

export const command: CommandSpec = {
  name: 'approve',
  summary: 'Approve a prepared or sealed session',
  details:
    'Signs a session that was sealed for a pull request, in any clone that has its branch: checks what would land on base as this clone has it, shows the ' +
    'review, and on yes signs the tag backup/<id>. Nothing lands and nothing can be dropped: to change something, reject it. ' +
    'Under land: local it does what closeout does.',
  args: [{ spec: '[session]', description: 'id or a beginning of it; the checked-out session when left out' }],
  options: [
    { flags: '--yes', description: 'approve unattended; counts only where the policy says presence: none' },
    { flags: '--plain', description: 'ask in plain lines instead of on a screen: for screen readers and simple terminals' },
  ],
  examples: ['git session approve', 'git fetch && git session approve 20251117-143022'],
  json: true,
  run: async (call: Call) => {
    const repo = await openRepo();
    const session = await sessionToApprove(repo, call.args[0]);
    await runCloseout(call, repo, session, 'approve');
  },
};
