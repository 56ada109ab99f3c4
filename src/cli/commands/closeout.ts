import { askPatterns } from '../../closeout/prepare/ask-patterns.ts';
import { landingBase } from '../../closeout/prepare/base.ts';
import { blocking, initialisedPolicy } from '../../closeout/prepare/prepare.ts';
import { prepareOnly } from '../../closeout/prepare/prepare-only.ts';
import { sealOf } from '../../closeout/prepare/sealed.ts';
import { requestRemote } from '../../closeout/request/pull-request.ts';
import { stateError, usageError } from '../../core/errors.ts';
import { openRepo } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { currentSession, resolveSession, type Session } from '../../lifecycle/session/session.ts';
import { deriveState } from '../../lifecycle/session/state.ts';
import { begunCloseouts } from '../../store/closeout-state.ts';
import { actorOf } from '../actor.ts';
import { showReview, whyNobody } from '../closeout-ask.ts';
import { facts, nextPush, runCloseout } from '../closeout-run.ts';
import { type Call, type CommandSpec, flag, SESSION_ARG, texts } from '../command.ts';
import { requestReview } from '../request.ts';

export const command: CommandSpec = {
  name: 'closeout',
  summary: 'Review, sign and land a session',
  details:
    'Brings in what is not committed, runs the checks on what would land, shows the review and asks. On yes it writes the summary, metrics, ' +
    'inventory and backup, signs a merge commit and the tag backup/<id>, and moves everything at once. Where anything is in the way, nothing moves, ' +
    'and an interrupted closeout is finished by running the same command again.\n\n' +
    'It asks a person at a terminal. Anywhere else it prints the review and exits 3 (1 where a required check keeps anybody from approving), unless the policy asks for nobody (presence: none) and --yes is given. ' +
    'Under land: pr it seals the session and signs nothing; an approver signs with: git session approve. With --pr it then asks once more, pushes the ' +
    'session branch, and opens a pull or merge request with gh or glab; where neither is here for the remote it pushes nothing and prints the commands. ' +
    'A session that is sealed already goes on there.\n\n' +
    'With --lessons-only the outcomes and pitfalls of an abandoned session land, as one signed commit on base with a signed tag, and none of its changes: ' +
    'so that what is measured of patterns does not see survivors alone. Such a session is over; a new one can go on from its tag.',
  args: [SESSION_ARG],
  options: [
    { flags: '--prepare', description: 'bring in, check and show the review; decide nothing' },
    { flags: '--yes', description: 'approve unattended; counts only where the policy says presence: none' },
    { flags: '--include <path>', description: 'bring in this uncommitted file from outside the session folder (from the top)', many: true },
    { flags: '--drop-pattern <key>', description: 'do not keep this learned pattern', many: true },
    { flags: '--lessons-only', description: 'of an abandoned session, land outcomes and pitfalls without its changes' },
    { flags: '--pr', description: 'after sealing, push the session branch and open a pull or merge request; asks first' },
    { flags: '--push', description: 'fetch first, push base and tag together, and take the landing back where the remote refuses' },
    { flags: '--keep-branch', description: 'do not delete the session branch after landing' },
    { flags: '--plain', description: 'ask in plain lines instead of on a screen: for screen readers and simple terminals' },
  ],
  examples: [
    'git session closeout',
    'git session closeout --pr',
    'git session closeout --prepare --json',
    'git session closeout --drop-pattern auth-system/jwt-tokens',
  ],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const repo = await openRepo();
  refuseTogether(call);
  const session = await sessionToClose(repo, call.args[0]);
  if (flag(call, 'pr')) return closeAndRequest(call, repo, session);
  if (flag(call, 'prepare')) return prepareAndShow(call, repo, session);
  await runCloseout(call, repo, session, 'closeout');
}

function refuseTogether(call: Call): void {
  const other = ['prepare', 'push', 'lessonsOnly'].find((name) => flag(call, name));
  if (!flag(call, 'pr') || other === undefined) return;
  const named = other === 'lessonsOnly' ? 'lessons-only' : other;
  throw usageError({ what: `--pr and --${named} do not go together.`, next: 'git session closeout --pr' });
}

/** Seals, or finds it sealed, and asks for its review. Refused before anything is sealed where no request could follow. */
async function closeAndRequest(call: Call, repo: Repo, session: Session): Promise<void> {
  const { io } = call;
  const { policy } = await initialisedPolicy(repo, io.note);
  if (policy.land.by === 'local') {
    throw stateError({
      what: 'Sessions land in a clone here (land: local), and not by pull request.',
      next: 'Close it with: git session closeout\nOr have an approver change the policy (land: pr).',
    });
  }
  await requestRemote(repo, session.metadata.base);
  if ((await deriveState(repo, session)) !== 'sealed') return runCloseout(call, repo, session, 'closeout');
  const yes = flag(call, 'yes');
  const nobody = whyNobody(policy, yes);
  if (nobody) throw nobody;
  const [{ branch }, { seal }] = await Promise.all([landingBase(repo, session, 'pr'), sealOf(repo, session)]);
  const request = await requestReview(io, repo, session, branch, yes);
  const sealed = { state: 'sealed', session: session.id, base: branch, seal: seal.commit, merge: null, tag: null, notes: [] } as const;
  const ended = { ...sealed, notes: [], home: repo.top, resumed: false };
  const push = request.pushed ? null : await nextPush(repo, session, ended);
  io.json({ ...facts(session, ended, null, policy.presence, push), request });
}

/** The named or checked-out session; with neither, the only one whose closeout was interrupted: the same command finishes it. */
async function sessionToClose(repo: Repo, word: string | undefined): Promise<Session> {
  const begun = word === undefined && (await currentSession(repo)) === null ? begunCloseouts(repo.commonDir) : [];
  return resolveSession(repo, begun.length === 1 ? begun[0] : word);
}

async function prepareAndShow(call: Call, repo: Repo, session: Session): Promise<void> {
  const { io } = call;
  const lessonsOnly = flag(call, 'lessonsOnly');
  const prepared = await prepareOnly(repo, session, { onProgress: io.note, include: texts(call, 'include'), lessonsOnly });
  const { presence } = prepared.policy.policy;
  // People know what they learned; an agent has to be asked before its chat ends.
  const asks = actorOf(call).kind === 'agent' ? askPatterns(repo, prepared) : null;
  const stays = lessonsOnly ? 'abandoned' : 'review';
  io.json({ ...facts(session, { state: 'undecided', session: session.id, stays }, prepared, presence, null), asks });
  showReview(io, prepared);
  if (asks !== null) io.say(`\n${asks}`);
  if (blocking(prepared.checks).length === 0)
    io.say(`\nPrepared. A person closes it with: git session closeout ${lessonsOnly ? '--lessons-only ' : ''}${session.id}`);
}
