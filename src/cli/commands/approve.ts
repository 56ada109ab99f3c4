import { initialisedPolicy } from '../../closeout/prepare/prepare.ts';
import { sealOf } from '../../closeout/prepare/sealed.ts';
import { sessionToApprove } from '../../closeout/request/approve.ts';
import { approvedHere, pushApproval } from '../../closeout/request/push-approval.ts';
import { openRepo } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import type { Session } from '../../lifecycle/session/session.ts';
import { deriveState } from '../../lifecycle/session/state.ts';
import { whyNobody } from '../closeout-ask.ts';
import { facts, runCloseout, tell } from '../closeout-run.ts';
import { type Call, type CommandSpec, flag, SESSION_ARG } from '../command.ts';

export const command: CommandSpec = {
  name: 'approve',
  summary: 'Approve a prepared or sealed session',
  details:
    'Signs a session that was sealed for a pull request, in any clone that has its branch: checks what would land on base as this clone has it, shows the ' +
    'review, and on yes signs the tag backup/<id>. Nothing lands and nothing can be dropped: to change something, reject it. ' +
    'With --push the tag goes to the remote; where another approver was first there, it becomes the further approval approval/<id>/<key>. ' +
    'Under land: local it does what closeout does.',
  args: [SESSION_ARG],
  options: [
    { flags: '--yes', description: 'approve unattended; counts only where the policy says presence: none' },
    { flags: '--push', description: 'push the approval; of a session that is approved here already, only that' },
    { flags: '--plain', description: 'ask in plain lines instead of on a screen: for screen readers and simple terminals' },
  ],
  examples: ['git session approve', 'git fetch && git session approve --push 20251117-143022'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const repo = await openRepo();
  const session = await sessionToApprove(repo, call.args[0]);
  if (!(flag(call, 'push') && (await onlyPush(call, repo, session)))) await runCloseout(call, repo, session, 'approve');
}

/** Pushes what this person has approved here already; false where there is still something to approve. */
async function onlyPush(call: Call, repo: Repo, session: Session): Promise<boolean> {
  const { io } = call;
  const policy = await initialisedPolicy(repo, io.note);
  const { presence } = policy.policy;
  if (policy.policy.land.by === 'local' || (await deriveState(repo, session)) !== 'sealed') return false;
  if (!(await approvedHere(repo, session, policy))) return false;
  const nobody = whyNobody(policy.policy, flag(call, 'yes'));
  if (nobody) throw nobody;
  const [{ seal }, pushed] = [await sealOf(repo, session), await pushApproval(repo, session, policy, io.note)];
  const sealed = { state: 'sealed', session: session.id, base: session.metadata.base, seal: seal.commit, merge: null } as const;
  const result = { ...sealed, ...pushed, home: repo.top, resumed: false };
  io.json(facts(session, result, null, presence, null));
  tell(io, result, { session, unattended: presence === 'none', push: null });
  return true;
}
