import { landingBase } from '../../closeout/base.ts';
import { BUILT_INS, type CheckProgress, checkedTree, isFine, lastLines, logPath, runChecks } from '../../closeout/checks/index.ts';
import { EXIT, SessionError, stateError, usageError } from '../../core/errors.ts';
import { count, oneLine, visible } from '../../core/text.ts';
import { readStatus } from '../../git/porcelain.ts';
import { commitOf } from '../../git/refs.ts';
import { openRepo } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { resolveSession, type Session } from '../../lifecycle/session.ts';
import { effectivePolicy } from '../../trust/policy-chain.ts';
import { type Call, type CommandSpec, text } from '../command.ts';
import type { Io } from '../io.ts';
import { printChecks } from '../print/checks.ts';

export const command: CommandSpec = {
  name: 'check',
  summary: 'Run the quality checks on what would land',
  details:
    "The checks run on base merged with the session's newest commit, in a folder outside the repository that is gone afterwards; uncommitted files are not seen. " +
    'A closeout runs them again: nothing rests on a result of this command, except where policy says `reuse: true`.\n\n' +
    'Exits with 1 where a required check did not pass.',
  args: [{ spec: '[names...]', description: 'run only these checks' }],
  options: [{ flags: '--session <id>', description: 'check another session than the one that is checked out' }],
  examples: ['git session check', 'git session check tests secrets', 'git session check --json'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const { io } = call;
  const repo = await openRepo();
  const session = await resolveSession(repo, text(call, 'session'));
  const { policy, source, initialised } = await effectivePolicy(repo, { onPinned: (line) => io.note(visible(line, '\n')) });
  const known = [...BUILT_INS, ...policy.checks.list].map(({ name }) => name);
  for (const name of call.args) if (!known.includes(name)) throw unknownCheck(name, known);
  if (!initialised) io.note('No policy is set up here yet: only the built-in checks are there to run.');
  const base = await baseOf(repo, session);
  const made = await checkedTree(repo, base.commit, session.tip);
  if ('conflicts' in made) throw conflict(base.branch, made.conflicts);
  const { tree } = made;
  const uncommitted = (await readStatus(repo)).length;
  if (uncommitted > 0) io.note(`${count(uncommitted, 'file is', 'files are')} not committed, and not checked.`);
  const checks = await runChecks(repo, {
    ...{ tree, base, tip: session.tip, session, policy, purpose: 'look' },
    ...(call.args.length > 0 ? { only: new Set(call.args) } : {}),
    onProgress: (progress) => tell(io, progress),
  });
  const open = checks.filter((check) => check.required && !isFine(check));
  io.json({ session: session.id, base, tip: session.tip, tree, policy: source, uncommitted, ok: open.length === 0, checks });
  printChecks(io, checks, (sha256) => ({ lines: lastLines(repo.commonDir, sha256), log: logPath(repo.commonDir, sha256) }));
  if (open.length > 0) {
    io.note(
      `${io.paint('red', count(open.length, 'required check'))} did not pass: ${open.map(({ name }) => oneLine(name, 60)).join(', ')}.`,
    );
    process.exitCode = EXIT.state;
  }
}

/** Where it would land; of a session stacked on one that is still open, that one's branch. */
async function baseOf(repo: Repo, session: Session): Promise<{ branch: string; commit: string }> {
  try {
    const { branch, commit } = await landingBase(repo, session);
    return { branch, commit };
  } catch (error) {
    const branch = session.metadata.base;
    const commit = error instanceof SessionError ? await commitOf(repo, `refs/heads/${branch}`) : null;
    if (commit) return { branch, commit };
    throw error;
  }
}

function tell(io: Io, progress: CheckProgress): void {
  if (progress.phase === 'output') io.note(io.paint('dim', `  ${oneLine(progress.check, 40)} │ ${visible(progress.line, '\t')}`));
  // Our own are done in a moment.
  else if (progress.phase === 'started' && !BUILT_INS.some(({ name }) => name === progress.check))
    io.note(`Running ${oneLine(progress.check, 60)} …`);
}

function unknownCheck(name: string, known: string[]) {
  return usageError({
    what: `There is no check "${oneLine(name, 60)}".`,
    next: `These are there: ${known.map((one) => oneLine(one, 60)).join(', ')}`,
  });
}

function conflict(base: string, paths: string[]) {
  return stateError({
    what: `The session conflicts with ${oneLine(base, 120)}, so there is no tree to check.`,
    why: paths
      .slice(0, 20)
      .map((path) => oneLine(path))
      .join('\n'),
    next: `On the session branch: git merge ${oneLine(base, 120)}, resolve, and commit.`,
  });
}
