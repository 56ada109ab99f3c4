/** One run of the checks, as `check` does and prints it. */

import { BUILT_INS, type CheckProgress, checkedTree, isFine, lastLines, logPath, runChecks } from '../closeout/checks/index.ts';
import { landingBase } from '../closeout/prepare/base.ts';
import { SessionError, stateError, usageError } from '../core/errors.ts';
import { count, oneLine, visible } from '../core/text/text.ts';
import { readStatus } from '../git/porcelain.ts';
import { commitOf } from '../git/refs.ts';
import type { Repo } from '../git/run.ts';
import type { Session } from '../lifecycle/session/session.ts';
import { type EffectivePolicy, effectivePolicy } from '../trust/policy-chain.ts';
import type { Io } from './io.ts';
import { printChecks } from './print/checks.ts';

/** What the checks would run on, and by which policy. */
export interface ToCheck {
  session: Session;
  base: { branch: string; commit: string };
  policy: EffectivePolicy;
}

/** Throws (exit 2) where a name is no check, and (exit 1) where base or policy cannot be read. */
export async function toCheck(repo: Repo, session: Session, names: readonly string[], io: Io): Promise<ToCheck> {
  const policy = await effectivePolicy(repo, { onPinned: (line) => io.note(visible(line, '\n')) });
  const known = [...BUILT_INS, ...policy.policy.checks.list].map(({ name }) => name);
  for (const name of names) if (!known.includes(name)) throw unknownCheck(name, known);
  return { session, base: await baseOf(repo, session), policy };
}

/** Runs and prints them; true where no required check stands in the way. Throws (exit 1) where the session conflicts with base. */
export async function checkOnce(repo: Repo, what: ToCheck, names: readonly string[], io: Io): Promise<boolean> {
  const { session, base, policy } = what;
  if (!policy.initialised) io.note('No policy is set up here yet: only the built-in checks are there to run.');
  const made = await checkedTree(repo, base.commit, session.tip);
  if ('conflicts' in made) throw conflict(base.branch, made.conflicts);
  const { tree } = made;
  const uncommitted = (await readStatus(repo)).length;
  if (uncommitted > 0) io.note(`${count(uncommitted, 'file is', 'files are')} not committed, and not checked.`);
  const checks = await runChecks(repo, {
    ...{ tree, base, tip: session.tip, session, policy: policy.policy, purpose: 'look' },
    ...(names.length > 0 ? { only: new Set(names) } : {}),
    onProgress: (progress) => tell(io, progress),
  });
  const open = checks.filter((check) => check.required && !isFine(check));
  io.json({ session: session.id, base, tip: session.tip, tree, policy: policy.source, uncommitted, ok: open.length === 0, checks });
  printChecks(io, checks, (sha256) => ({ lines: lastLines(repo.commonDir, sha256), log: logPath(repo.commonDir, sha256) }));
  if (open.length > 0) {
    const names = open.map(({ name }) => oneLine(name, 60)).join(', ');
    io.note(`${io.paint('red', count(open.length, 'required check'))} did not pass: ${names}.`);
  }
  return open.length === 0;
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
