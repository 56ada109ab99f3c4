/** What a start would do: everything that can be known, or refused, before anything changes. Reads only. */

import { stateError, usageError } from '../../core/errors.ts';
import type { Actor } from '../../core/log/record.ts';
import { branchOf, idOfBranch, makeSessionId, parseTopic, type SessionId } from '../../core/session/session-id.ts';
import { oneLine } from '../../core/text/text.ts';
import { committerIdent } from '../../git/build-commit.ts';
import { currentBranch } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { hasCompiledPolicy } from '../../store/compiled-policy.ts';
import { refuseMidOperation, refuseWhileLive } from '../checkout/guard.ts';
import { type PolicyNow, policyNow } from '../policy-now.ts';
import { currentSession, prefixOf, resolveSession, type Session } from '../session/session.ts';
import type { DirtyFiles } from './dirty.ts';
import { uncommitted } from './dirty-now.ts';
import { hasLogs, noBranch, refFacts, refuseReadOnly } from './start-facts.ts';

export interface StartRequest {
  topic: string;
  goal?: string | undefined;
  base?: string | undefined;
  /** From a session branch: start from its tip. */
  stack?: boolean;
  /** A path, or true for the default place. */
  worktree?: string | true | undefined;
  /** The session to continue. */
  from?: string | undefined;
  /** The same, of which this clone has nothing. */
  continues?: SessionId | undefined;
  /** Who starts it; null: the person whose name its first commit bears. */
  actor: Actor | null;
}

export interface StartPlan {
  topic: string;
  goal: string | null;
  prefix: string;
  /** Short name of the base branch and its commit. */
  base: string;
  baseCommit: string;
  /** Sessions whose names could be in the way of this one's. */
  taken: Set<SessionId>;
  /** Open sessions of the same topic, but for the one that it continues. */
  sameTopic: readonly SessionId[];
  from: Session | null;
  /** The session that it continues, whether this clone has it or not. */
  continues: SessionId | null;
  /** The session that this checkout leaves. */
  leaves: SessionId | null;
  worktree: string | true | null;
  dirty: DirtyFiles;
  /** Who commits, as git says it. */
  ident: string;
  actor: Actor;
  policy: PolicyNow;
  /** Other sessions' logs are on base: there may be patterns to offer. */
  learned: boolean;
}

const MAX_GOAL = 4000;

/** Throws (exit 1 or 2) with the reason where a session cannot start here; nothing has changed then. */
export async function planStart(repo: Repo, request: StartRequest, now: Date): Promise<StartPlan> {
  const topic = parseTopic(request.topic);
  const goal = checkedGoal(request.goal);
  const moves = request.worktree === undefined;
  // Loaded while git answers: the rules are many.
  const looking = lookForSecrets(request);
  const reading = policyNow(repo);
  const changes = moves ? uncommitted(repo) : Promise.resolve<DirtyFiles>(new Map());
  // Refused before they are read: nobody waits for them then.
  for (const promise of [reading, changes, looking]) promise.catch(() => {});
  // The branch prefix is policy; the first command of a clone has to wait for it.
  if (!hasCompiledPolicy(repo.commonDir)) await reading;
  const prefix = prefixOf(repo);
  const head = await currentBranch(repo);
  const beside = `git session start ${topic} --worktree`;
  if (moves) await refuseMidOperation(repo, beside);
  const here = head !== null && idOfBranch(head, prefix) ? await currentSession(repo) : null;
  if (head === null && request.base === undefined) throw await noBranch(repo, prefix);
  const base = baseName(request, head ?? '', here, prefix);
  if (moves && here) await refuseWhileLive(repo, here, now, beside);
  const [{ baseCommit, taken, sameTopic }, ident, dirty, from] = await Promise.all([
    refFacts(repo, { base, head, prefix, topic, now }),
    committerIdent(repo),
    changes,
    request.from === undefined ? null : resolveSession(repo, request.from),
  ]);
  await looking;
  const learned = await hasLogs(repo, base, baseCommit);
  refuseReadOnly(repo);
  return {
    topic,
    goal,
    prefix,
    base,
    baseCommit,
    taken,
    sameTopic: sameTopic.filter((id) => id !== from?.id),
    from,
    continues: from?.id ?? request.continues ?? null,
    learned,
    leaves: moves ? (here?.id ?? null) : null,
    worktree: request.worktree ?? null,
    dirty,
    ident,
    actor: request.actor ?? personOf(ident),
    policy: await reading,
  };
}

async function lookForSecrets({ topic, goal }: StartRequest): Promise<void> {
  const { refuseSecretIn } = await import('./refuse-secrets.ts');
  refuseSecretIn('topic', topic);
  if (goal !== undefined) refuseSecretIn('goal', goal);
}

/** The person that `ident` names, as git says it. */
function personOf(ident: string): Actor {
  return { kind: 'person', name: oneLine(/^(.*) <[^<>]*> /.exec(ident)?.[1] ?? '', 200).trim() || 'unknown' };
}

function checkedGoal(raw: string | undefined): string | null {
  const goal = raw?.trim() ?? '';
  if (goal.length > MAX_GOAL) {
    throw usageError({
      what: 'The goal is too long.',
      why: `It has ${goal.length} characters; the limit is ${MAX_GOAL}.`,
      next: 'Say it in a few sentences, and put the rest in a note of the session.',
    });
  }
  if (!goal.isWellFormed() || goal.includes('\0')) throw usageError({ what: 'The goal holds characters that are no text.' });
  return goal === '' ? null : goal;
}

/** Short name of the branch to start from. */
function baseName(request: StartRequest, head: string, here: Session | null, prefix: string): string {
  if (request.base !== undefined) {
    const base = request.base.replace(/^refs\/heads\//, '');
    if (idOfBranch(base, prefix) && !request.stack) {
      throw stateError({
        what: `${oneLine(base, 120)} is a session's branch.`,
        why: 'A session lands on its base, and this one has not landed itself.',
        next: 'Add --stack to build on it knowingly, or name another base.',
      });
    }
    return base;
  }
  if (!idOfBranch(head, prefix)) return head;
  if (request.stack) return head;
  if (here) return here.metadata.base;
  throw stateError({
    what: `${oneLine(head, 120)} looks like a session's branch, but holds no metadata of one.`,
    next: 'Name the base with --base <branch>.',
  });
}

/** The id and branch of this topic, at the first second from `at` on that no session has. */
export function freeName(plan: Pick<StartPlan, 'topic' | 'taken' | 'prefix'>, at: Date): { id: SessionId; branch: string } {
  for (let second = 0; ; second++) {
    const id = makeSessionId(plan.topic, new Date(at.getTime() + second * 1000));
    if (!plan.taken.has(id)) return { id, branch: branchOf(id, plan.prefix) };
  }
}
