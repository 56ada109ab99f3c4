import { readFileSync } from 'node:fs';
import { usageError } from '../../core/errors.ts';
import { oneLine } from '../../core/text/text.ts';
import { openRepo } from '../../git/repo.ts';
import { planStart } from '../../lifecycle/start/start-plan.ts';
import { agentHere } from '../actor.ts';
import { type Call, type CommandSpec, flag, text } from '../command.ts';
import { SETUP_OPTIONS, startAndTell, worktreeOf } from '../start-run.ts';

export const command: CommandSpec = {
  name: 'start',
  summary: 'Start a session on a topic',
  details:
    "Makes a branch session/<time>-<topic> with one commit that holds the session's metadata and first record, and switches to it. " +
    'Whatever you have staged, changed or untracked comes along as it is.\n\n' +
    "The base, on which the session lands, is the current branch; from a session branch it is that session's base.\n\n" +
    'Where --worktree puts it, which ignored files (.env and the like) are brought along and which command sets it up, the policy says under "worktree". ' +
    'The command is run once a person of this clone has agreed to it; what it prints goes to standard error. A set-up that fails or is not run leaves the session standing.',
  args: [{ spec: '[topic...]', description: 'a few words that name the outcome' }],
  options: [
    { flags: '--goal <text>', description: 'what shall be true at the end, in a sentence or two' },
    { flags: '--base <branch>', description: 'start from, and land on, this branch' },
    { flags: '--stack', description: 'from a session branch: build on its tip instead of its base' },
    { flags: '--worktree [path]', description: 'work in a new linked worktree, and leave this checkout alone' },
    { flags: '--from <session>', description: 'continue that session: its artifacts and notes are listed' },
    ...SETUP_OPTIONS,
    { flags: '--topic-stdin', description: 'read the topic from standard input, so that it passes through no shell' },
  ],
  examples: [
    'git session start auth-system-implementation',
    'git session start "login form" --goal "People can log in with a password" --worktree',
    'git session start project-alpha-core --from 20251117-120000',
  ],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const topic = topicOf(call);
  const repo = await openRepo();
  const now = new Date();
  const plan = await planStart(
    repo,
    {
      topic,
      goal: text(call, 'goal'),
      base: text(call, 'base'),
      stack: flag(call, 'stack'),
      worktree: worktreeOf(call),
      from: text(call, 'from'),
      actor: agentHere(),
    },
    now,
  );
  call.io.json(await startAndTell(call, repo, plan, now, topic));
}

function topicOf(call: Call): string {
  const path = text(call, 'worktree');
  if (!flag(call, 'topicStdin')) {
    if (call.args.length > 0 || path === undefined) return call.args.join(' ');
    throw usageError({
      what: 'The topic is missing.',
      why: `--worktree took "${oneLine(path, 60)}" for its path.`,
      next: 'Put the topic first: git session start <topic> --worktree',
    });
  }
  if (call.args.length > 0)
    throw usageError({ what: 'The topic was given twice.', next: 'Give it as words, or on standard input with --topic-stdin.' });
  return readFileSync(0, 'utf8');
}
