import { draftDocuments, writeDrafts } from '../../closeout/prepare/draft.ts';
import { usageError } from '../../core/errors.ts';
import { count, visible } from '../../core/text/text.ts';
import { openRepo } from '../../git/repo.ts';
import { observeCommits } from '../../lifecycle/checkpoint/observe.ts';
import { sweep } from '../../lifecycle/checkpoint/sweep.ts';
import { refuseEnded } from '../../lifecycle/session/here.ts';
import { loadSession, resolveSession } from '../../lifecycle/session/session.ts';
import { compiledPolicy } from '../../store/compiled-policy.ts';
import { type Call, type CommandSpec, text } from '../command.ts';
import { SESSION_OPTION } from '../hook-options.ts';
import { heldFacts, printHeld } from '../print/held.ts';

export const command: CommandSpec = {
  name: 'hooks session-end',
  summary: 'Commit what is left and draft the summary',
  details:
    'Commits queued checkpoints and what the tasks left in the session folder, lists what is uncommitted elsewhere, and writes drafts of ' +
    'session-summary.md and inventory.json, with --export-metrics also of metrics.json, into the session folder. ' +
    'Drafts stay uncommitted; the closeout writes the final ones. The session stays open.',
  options: [
    { flags: '--export-metrics [true]', description: 'write metrics.json as well' },
    SESSION_OPTION,
    { flags: '--wait', description: 'wait for other processes that are committing (this command always does)' },
  ],
  examples: ['git session hooks session-end --export-metrics true'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const metrics = wantsMetrics(call);
  const repo = await openRepo();
  const session = await resolveSession(repo, text(call, 'session'));
  const policy = compiledPolicy(repo.commonDir);
  await refuseEnded({ place: repo, id: session.id, tip: session.tip, checkedOut: session.worktree === repo.top, policy });
  await observeCommits(repo, session);
  const swept = await sweep(repo, session);
  const now = (await loadSession(repo, session.id)) ?? session;
  const top = now.worktree;
  const drafts = top === null ? [] : await draftDocuments(repo, now, { metrics });
  if (top !== null) writeDrafts(repo, top, drafts);
  call.io.json({
    session: session.id,
    commit: swept.commit,
    files: swept.files,
    waits: swept.waits,
    leftovers: swept.leftovers,
    from_before: swept.fromBefore,
    held: heldFacts(swept.held),
    drafts: drafts.map((draft) => draft.path),
  });
  const what = swept.files.length > 0 ? `what was left (${count(swept.files.length, 'file')})` : 'the records';
  if (swept.commit) call.io.say(`Committed ${what} as ${swept.commit.slice(0, 10)}`);
  else if (swept.waits) call.io.say(`Queued, committed by a later command: ${visible(swept.waits)}`);
  printHeld(call.io, swept.held, 'git session hooks session-end');
  const n = swept.leftovers.length;
  list(call, `Outside the session, and not committed (${count(n, 'file')}; git add claims one for the next commit):`, swept.leftovers);
  list(call, `Yours, from before the session, and not committed (${count(swept.fromBefore.length, 'file')}):`, swept.fromBefore);
  for (const { path } of drafts) call.io.say(`Draft: ${path}`);
  if (top === null) call.io.say('No worktree has the session checked out: no drafts were written.');
  call.io.say('Next: git session closeout');
}

function list({ io }: Call, title: string, paths: readonly string[]): void {
  if (paths.length === 0) return;
  io.say(title);
  for (const path of paths.slice(0, 20)) io.say(`  ${visible(path)}`);
  if (paths.length > 20) io.say(`  and ${paths.length - 20} more`);
}

/** `--export-metrics`, alone or with true or false. */
function wantsMetrics(call: Call): boolean {
  const given = call.options.exportMetrics;
  if (given === undefined || given === false || given === 'false') return false;
  if (given === true || given === 'true') return true;
  throw usageError({ what: '--export-metrics takes true or false.' });
}
