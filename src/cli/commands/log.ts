import { readDiary } from '../../closeout/landed/diary.ts';
import { basesOf } from '../../closeout/verify/audit.ts';
import { usageError } from '../../core/errors.ts';
import { parseSince } from '../../core/session/since.ts';
import { oneLine } from '../../core/text/text.ts';
import { openRepo } from '../../git/repo.ts';
import { effectivePolicy } from '../../trust/policy-chain.ts';
import { type Call, type CommandSpec, flag, text } from '../command.ts';
import { NO_PAGER, paged } from '../pager.ts';
import { printDiary, printGraph } from '../print/diary.ts';
import { whileSlow } from '../progress.ts';

export const command: CommandSpec = {
  name: 'log',
  summary: 'Show the sessions that landed, and who approved them',
  details:
    'Newest first, with the figures of each sealed backup. A session counts as landed where the metadata file of its seal is on the branch, however it was merged. ' +
    'The verdict is that of an earlier `git session verify` on this machine; this command checks no signature.',
  options: [
    { flags: '--since <when>', description: 'landed since then: a date such as 2026-11-01, or an age such as 2w, 3d, 12h' },
    { flags: '--author <name>', description: 'approved, committed or worked on by: a part of a name or address, or an agent\u2019s type' },
    { flags: '--graph', description: 'with the commits that each brought, also those that a squash left to the tag' },
    { flags: '-n, --limit <n>', description: 'at most so many', default: '50' },
    { flags: '--base <branch>', description: 'the branch to read; default: the policy branch' },
    NO_PAGER,
  ],
  examples: ['git session log', 'git session log --since 2w', 'git session log --graph --author dana', 'git session log --limit 5 --json'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const limit = Number(text(call, 'limit'));
  if (!Number.isSafeInteger(limit) || limit < 1) throw usageError({ what: '--limit takes a number from 1.' });
  const repo = await openRepo();
  const branch = text(call, 'base') ?? (await effectivePolicy(repo)).branch;
  const [base] = branch === '' ? [] : await basesOf(repo, branch);
  if (!base && text(call, 'base') !== undefined) throw usageError({ what: `There is no branch "${oneLine(branch, 60)}" in this clone.` });
  const since = sinceOf(call);
  const [author, graph] = [text(call, 'author'), flag(call, 'graph')];
  const { total, entries } = base
    ? await whileSlow('Reading what has landed…', readDiary(repo, base, { limit, since, author, commits: graph }))
    : { total: 0, entries: [] };
  const { io } = call;
  io.json({ base: base?.name ?? null, total, entries });
  await paged(call, repo, (to) => {
    if (graph) printGraph(to, entries);
    else printDiary(to, entries);
    if (entries.length < total) to.say(`… and ${total - entries.length} more (--limit ${total})`);
    if (total === 0)
      to.say(
        base
          ? `No session ${author === undefined ? '' : 'of that name '}has landed on ${base.name}${since ? ' since then' : ' yet'}.`
          : 'No session has landed yet.',
      );
  });
  if (repo.shallow) io.note('This clone is shallow: older landings are not in it. Deepen it with: git fetch --unshallow --tags');
}

function sinceOf(call: Call): Date | undefined {
  const word = text(call, 'since');
  if (word === undefined) return undefined;
  const since = parseSince(word, Date.now());
  if (since !== null) return new Date(since);
  throw usageError({
    what: `"${oneLine(word, 40)}" is no date and no age.`,
    next: 'Say it as 2026-11-01, 2w, 3d or 12h.',
  });
}
