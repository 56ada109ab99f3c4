import { askPatterns } from '../../closeout/ask-patterns.ts';
import { blocking } from '../../closeout/prepare.ts';
import { prepareOnly } from '../../closeout/prepare-only.ts';
import { openRepo } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { currentSession, resolveSession, type Session } from '../../lifecycle/session.ts';
import { begunCloseouts } from '../../store/closeout-state.ts';
import { actorOf } from '../actor.ts';
import { showReview } from '../closeout-ask.ts';
import { facts, runCloseout } from '../closeout-run.ts';
import { type Call, type CommandSpec, flag, texts } from '../command.ts';

export const command: CommandSpec = {
  name: 'closeout',
  summary: 'Review, sign and land a session',
  details:
    'Brings in what is not committed, runs the checks on what would land, shows the review and asks. On yes it writes the summary, metrics, ' +
    'inventory and backup, signs a merge commit and the tag backup/<id>, and moves everything at once. Where anything is in the way, nothing moves, ' +
    'and an interrupted closeout is finished by running the same command again.\n\n' +
    'It asks a person at a terminal. Anywhere else it prints the review and exits 3 (1 where a required check keeps anybody from approving), unless the policy asks for nobody (presence: none) and --yes is given. ' +
    'Under land: pr it seals the session and signs nothing; an approver signs with: git session approve.\n\n' +
    'With --lessons-only the outcomes and pitfalls of an abandoned session land, as one signed commit on base with a signed tag, and none of its changes: ' +
    'so that what is measured of patterns does not see survivors alone. Such a session is over; a new one can go on from its tag.',
  args: [{ spec: '[session]', description: 'id or a beginning of it; the checked-out session when left out' }],
  options: [
    { flags: '--prepare', description: 'bring in, check and show the review; decide nothing' },
    { flags: '--yes', description: 'approve unattended; counts only where the policy says presence: none' },
    { flags: '--include <path>', description: 'bring in this uncommitted file from outside the session folder (from the top)', many: true },
    { flags: '--drop-pattern <key>', description: 'do not keep this learned pattern', many: true },
    { flags: '--lessons-only', description: 'of an abandoned session, land outcomes and pitfalls without its changes' },
    { flags: '--push', description: 'fetch first, push base and tag together, and take the landing back where the remote refuses' },
    { flags: '--keep-branch', description: 'do not delete the session branch after landing' },
    { flags: '--plain', description: 'ask in plain lines instead of on a screen: for screen readers and simple terminals' },
  ],
  examples: ['git session closeout', 'git session closeout --prepare --json', 'git session closeout --drop-pattern auth-system/jwt-tokens'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const repo = await openRepo();
  const session = await sessionToClose(repo, call.args[0]);
  if (flag(call, 'prepare')) return prepareAndShow(call, repo, session);
  await runCloseout(call, repo, session, 'closeout');
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
