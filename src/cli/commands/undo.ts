import { personError, stateError } from '../../core/errors.ts';
import { matchIds, type SessionId } from '../../core/session/session-id.ts';
import { oneLine } from '../../core/text/text.ts';
import { openRepo } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { drain } from '../../lifecycle/checkpoint/checkpoint.ts';
import { currentSession, prefixOf } from '../../lifecycle/session/session.ts';
import { readActs } from '../../store/acts.ts';
import { effectivePolicy } from '../../trust/policy-chain.ts';
import { presence } from '../../trust/presence.ts';
import { planUndo, said } from '../../undo/plan.ts';
import { runUndo } from '../../undo/run.ts';
import { actorOf } from '../actor.ts';
import { askYesNo, nobodyToAsk } from '../ask.ts';
import { type Call, type CommandSpec, flag } from '../command.ts';
import { printUndo } from '../print/undo.ts';
import { whileSlow } from '../progress.ts';

export const command: CommandSpec = {
  name: 'undo',
  summary: 'Take back what was done last',
  details:
    'Takes back the last start, switch, abandon, restore, checkpoint, adopt, promote, sync, prepared or landed closeout that was done in this checkout or in its ' +
    'session: shows what it would do and asks; --yes answers. Again, it takes back the one before. What came after stays, or it is refused; what ' +
    'has been pushed is not taken back. What it drops is kept under refs/git-session/trash/undone/.\n\n' +
    'To take back an approval or a landing is for a person at a terminal, as the approval was, also with --yes.',
  args: [{ spec: '[session]', description: 'what was done last in that session; an id or a beginning of it' }],
  options: [
    { flags: '--redo', description: 'take the last undo back' },
    { flags: '--dry-run', description: 'show what it would do, and change nothing' },
    { flags: '-y, --yes', description: 'do it without asking' },
  ],
  examples: ['git session undo', 'git session undo --redo --yes', 'git session undo 20251117-143022 --dry-run'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const { io, args } = call;
  const repo = await openRepo();
  // What waits for its commit came after what would be taken back.
  await whileSlow('Committing what waits…', drain(repo, { wait: true }));
  const session = args[0] === undefined ? ((await currentSession(repo))?.id ?? null) : sessionNamed(repo, args[0]);
  const scope = { session, top: args[0] === undefined ? repo.top : null };
  const plan = await whileSlow('Looking at what was done…', planUndo(repo, scope, flag(call, 'redo'), new Date()));
  const facts = (done: boolean) => ({
    session: plan.act.session,
    act: plan.act.name,
    at: plan.act.at,
    done,
    refs: plan.refs,
    checkouts: plan.heads.map(({ top, to }) => ({
      worktree: top,
      branch: to && 'branch' in to ? to.branch : null,
      commit: to && 'commit' in to ? to.commit : null,
    })),
    files: plan.files.map(({ from, to }) => ({ from, to })),
    needs_person: plan.needsPerson,
    notes: plan.notes,
  });
  printUndo(io, plan);
  if (flag(call, 'dryRun')) return io.json(facts(false));
  if (plan.needsPerson) presence((await effectivePolicy(repo, { fresh: true })).policy);
  if (!flag(call, 'yes')) {
    const why = nobodyToAsk();
    if (why) throw personError({ what: 'Not answered, so nothing was changed.', why, next: 'Do it with: git session undo --yes' });
    if (!(await askYesNo('Do it?'))) throw personError({ what: 'Declined: nothing was changed.' });
  }
  await whileSlow('Putting it back…', runUndo(repo, plan, actorOf(call)));
  io.json(facts(true));
  io.say(
    plan.redo
      ? `Done again. ${io.paint('dim', 'Back with: git session undo')}`
      : `Undone. ${io.paint('dim', 'Back with: git session undo --redo')}`,
  );
}

/** Also a session of which nothing but its acts is known any more. */
function sessionNamed(repo: Repo, word: string): SessionId {
  const acts = readActs(repo.commonDir);
  const ids = matchIds(word, [...new Set(acts.map((act) => act.session))], prefixOf(repo));
  const [only, second] = ids;
  if (only && !second) return only;
  throw stateError({
    what: only
      ? `"${oneLine(word, 60)}" names ${ids.length} sessions.`
      : `Nothing was done in a session "${oneLine(word, 60)}" in this clone.`,
    next: only ? ids.slice(0, 10).join('\n') : acts.slice(-1).map((act) => `The last of all is: ${said(act)}`)[0],
  });
}
