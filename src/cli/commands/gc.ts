import { personError, usageError } from '../../core/errors.ts';
import { count, oneLine } from '../../core/text/text.ts';
import type { TrashVerdict } from '../../core/trash.ts';
import { openRepo } from '../../git/repo.ts';
import { KEEP_DAYS, planGc, runGc } from '../../lifecycle/trash.ts';
import { agentAround } from '../../trust/presence.ts';
import { askYesNo, canAsk } from '../ask.ts';
import { type Call, type CommandSpec, flag, text } from '../command.ts';

export const command: CommandSpec = {
  name: 'gc',
  summary: 'Clear out of the trash what is old or kept elsewhere',
  details:
    'The trash keeps what abandon, reject and undo dropped. This shows each thing in it, and what would go: what a branch or tag holds as well, and what ' +
    `has been there for ${KEEP_DAYS} days or longer. Then it asks; --yes answers. A session that is still open loses nothing, and what has no recorded age stays.\n\n` +
    'What is nowhere else goes only by a person, not from an agent. git itself keeps the objects a while longer (two weeks, unless configured otherwise).',
  options: [
    {
      flags: '--keep-days <n>',
      description: `keep what is nowhere else for this many days (default ${KEEP_DAYS}); 0 keeps nothing that may go`,
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
  const keepDays = daysOf(text(call, 'keepDays'));
  const repo = await openRepo();
  const plan = await planGc(repo, keepDays, new Date());
  const going = plan.filter(({ goes }) => goes);
  const facts = (done: boolean) => ({
    keep_days: keepDays,
    done,
    trash: plan.map(({ item, goes, why, days }) => ({ ref: item.ref, object: item.oid, goes, why, days, elsewhere: item.elsewhere })),
  });
  if (plan.length === 0) io.say('The trash is empty.');
  for (const verdict of plan) io.say(said(verdict));
  if (going.length === 0 && plan.length > 0) io.say('Nothing goes.');
  if (flag(call, 'dryRun') || going.length === 0) return io.json(facts(false));
  await allow(going, flag(call, 'yes'));
  await runGc(repo, plan);
  io.json(facts(true));
  io.say(`Removed ${count(going.length, 'ref')} from the trash.`);
}

async function allow(going: readonly TrashVerdict[], yes: boolean): Promise<void> {
  const agent = agentAround(process.env);
  if (agent && going.some(({ item }) => item.elsewhere === null))
    throw personError({
      what: 'What exists nowhere else goes only by a person, so nothing was changed.',
      next: 'A person clears the trash with: git session gc',
    });
  if (yes) return;
  if (!canAsk())
    throw personError({ what: 'There is no terminal to ask, so nothing was changed.', next: 'Do it with: git session gc --yes' });
  if (!(await askYesNo('Remove what goes, for good?'))) throw personError({ what: 'Declined: nothing was changed.' });
}

function said({ item, goes, why, days }: TrashVerdict): string {
  const age = days === null ? '' : `, ${count(Math.max(days, 0), 'day')} old`;
  const where = why === 'held elsewhere' && item.elsewhere ? ` in ${oneLine(item.elsewhere, 100)}` : '';
  return `${goes ? 'goes ' : 'stays'}  ${oneLine(item.ref.replace('refs/git-session/trash/', ''), 120)}  (${why}${where}${age})`;
}

function daysOf(word: string | undefined): number {
  if (word === undefined) return KEEP_DAYS;
  if (/^\d{1,5}$/.test(word)) return Number(word);
  throw usageError({ what: `--keep-days takes a whole number of days, not "${oneLine(word, 40)}".` });
}
