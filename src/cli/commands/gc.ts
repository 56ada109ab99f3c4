import { personError, stateError, usageError } from '../../core/errors.ts';
import { isKeepDays } from '../../core/policy/policy.ts';
import { count, oneLine } from '../../core/text/text.ts';
import type { TrashVerdict } from '../../core/trash.ts';
import { openRepo } from '../../git/repo.ts';
import { planGc, type Retention, retention, runGc } from '../../lifecycle/trash.ts';
import { noPerson } from '../../trust/presence.ts';
import { askYesNo, nobodyToAsk } from '../ask.ts';
import { type Call, type CommandSpec, flag, text } from '../command.ts';
import { printTrash } from '../print/gc.ts';
import { whileSlow } from '../progress.ts';

export const command: CommandSpec = {
  name: 'gc',
  summary: 'Clear out of the trash what is old or kept elsewhere',
  details:
    'The trash keeps what abandon, reject and undo dropped. This shows each thing in it with what it holds and since when, and what would go: nothing ' +
    'that is younger than the retention (the setting trash.keep_days, 60 days where nobody set it; `git config gitsession.trashKeepDays` may lengthen it ' +
    'in one clone). Then it asks; --yes answers. A session that is still open loses nothing. What has no recorded age goes only where a branch or tag ' +
    'holds it as well.\n\n' +
    'What is nowhere else goes only by a person, not from an agent. git itself keeps the objects a while longer (two weeks, unless configured otherwise).',
  options: [
    {
      flags: '--keep-days <n>',
      description: 'another retention, this once; shorter only than the default, not than what policy or personal settings say',
    },
    { flags: '--dry-run', description: 'show what would go, and change nothing' },
    { flags: '-y, --yes', description: 'do it without asking' },
  ],
  examples: ['git session gc --dry-run', 'git session gc --keep-days 30 --yes'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const { io } = call;
  const wanted = wantedDays(text(call, 'keepDays'));
  const repo = await openRepo();
  const keepDays = allowedDays(wanted, await retention(repo));
  const plan = await whileSlow('Looking through the trash…', planGc(repo, keepDays, new Date()));
  const going = plan.filter(({ goes }) => goes);
  const facts = (done: boolean) => ({
    keep_days: keepDays,
    done,
    trash: plan.map(({ item, goes, why, since, days }) => ({
      ref: item.ref,
      object: item.oid,
      subject: item.subject,
      commits_only_here: item.onlyHere,
      goes,
      why,
      since,
      days,
      elsewhere: item.elsewhere,
    })),
  });
  if (plan.length === 0) io.say('The trash is empty.');
  for (const verdict of plan) printTrash(io, verdict);
  if (going.length === 0 && plan.length > 0) io.say('Nothing goes.');
  if (flag(call, 'dryRun') || going.length === 0) return io.json(facts(false));
  await allow(going, flag(call, 'yes'));
  await runGc(repo, plan);
  io.json(facts(true));
  io.say(`Removed ${count(going.length, 'ref')} from the trash.`);
}

async function allow(going: readonly TrashVerdict[], yes: boolean): Promise<void> {
  const other = noPerson(process.env);
  if (other && going.some(({ item }) => item.elsewhere === null))
    throw personError({
      what: 'What exists nowhere else goes only by a person, so nothing was changed.',
      why: other,
      next: 'A person clears the trash with: git session gc',
    });
  if (yes) return;
  const why = nobodyToAsk();
  if (why) throw personError({ what: 'Not answered, so nothing was changed.', why, next: 'Do it with: git session gc --yes' });
  if (!(await askYesNo('Remove what goes, for good?'))) throw personError({ what: 'Declined: nothing was changed.' });
}

function wantedDays(word: string | undefined): number | null {
  if (word === undefined) return null;
  if (isKeepDays(word)) return Number(word);
  throw usageError({ what: `--keep-days takes a whole number of days, not "${oneLine(word, 40)}".` });
}

/** What somebody has set is not undercut by an option. */
function allowedDays(wanted: number | null, { days, source }: Retention): number {
  if (wanted === null || wanted >= days || source === null) return wanted ?? days;
  throw stateError({
    what: `The trash of this clone is kept for ${count(days, 'day')}, so nothing was removed.`,
    why: `${source} says so, and --keep-days can only keep longer than that.`,
    next: 'Change the setting; see it with: git session config trash.keep_days',
  });
}
