/** What `closeout` and `approve` share: who decides, the run, and what is printed of its end. */

import type { Ask, CloseoutResult } from '../closeout/context.ts';
import { pushLine } from '../closeout/land/push-line.ts';
import { refusePatterns } from '../closeout/prepare/decided-patterns.ts';
import { blocking, initialisedPolicy, type Prepared } from '../closeout/prepare/prepare.ts';
import { pushApproval } from '../closeout/request/push-approval.ts';
import { closeOut } from '../closeout/run.ts';
import { concernsOf } from '../core/closeout/review.ts';
import { EXIT } from '../core/errors.ts';
import { patternKey } from '../core/pattern/pattern.ts';
import type { Policy } from '../core/policy/policy.ts';
import { reasonFacts, reasonText } from '../core/session/reason.ts';
import { oneLine } from '../core/text/text.ts';
import { repoAt } from '../git/repo.ts';
import type { Repo } from '../git/run.ts';
import { loadSession, type Session } from '../lifecycle/session/session.ts';
import { actorOf } from './actor.ts';
import { refuseUnapprovable, reviewer, showReview, whyNobody } from './closeout-ask.ts';
import { type Call, flag, texts } from './command.ts';
import type { Io } from './io.ts';
import { requestReview } from './request.ts';
import type { CloseoutFacts } from './schemas/closeout.ts';
import { wantsPlain } from './screens.ts';

/** Runs to the end, prints it, and gives the facts. */
export async function runCloseout(call: Call, repo: Repo, session: Session, as: 'closeout' | 'approve'): Promise<void> {
  const { io } = call;
  const inForce = await initialisedPolicy(repo, io.note);
  const { policy } = inForce;
  const yes = flag(call, 'yes');
  const nobody = whyNobody(policy, yes);
  let seen: Prepared | null = null;
  const dropped = new Set(texts(call, 'dropPattern').map(patternKey));
  const plain = wantsPlain(flag(call, 'plain'));
  const asks = nobody === null ? await reviewer({ io, repo, yes, plain, dropped, by: actorOf(call) }) : null;
  const look: Ask = async (prepared, about) => {
    seen = prepared;
    if (as === 'closeout') refusePatterns(prepared, { dropped });
    if (asks) return asks.ask(prepared, about);
    showReview(io, prepared);
    io.json(
      facts(
        session,
        { state: 'undecided', session: session.id, stays: prepared.sealed ? 'sealed' : 'review' },
        prepared,
        policy.presence,
        null,
      ),
    );
    refuseUnapprovable(prepared);
    throw nobody ?? new TypeError('nobody to ask');
  };
  // An approval by pull request is pushed once it is made, and stands here where the remote refuses it.
  const pushesApproval = as === 'approve' && policy.land.by === 'pr' && flag(call, 'push');
  const { close, ...told } = asks ?? { onProgress: io.note, close: () => {} };
  let result = await closeOut(repo, session, {
    ...told,
    ask: look,
    policy: inForce,
    keepBranch: flag(call, 'keepBranch'),
    push: flag(call, 'push') && !pushesApproval,
    include: texts(call, 'include'),
    as,
    decides: nobody === null,
    lessonsOnly: flag(call, 'lessonsOnly'),
  }).finally(close);
  if (pushesApproval && result.state === 'sealed') {
    const { tag, notes } = await pushApproval(repo, session, inForce, io.note);
    result = { ...result, tag, notes: [...result.notes, ...notes] };
  }
  const push = flag(call, 'push') ? null : await nextPush(repo, session, result);
  const requests = flag(call, 'pr') && result.state === 'sealed' ? result : null;
  tell(io, result, {
    ...{ session, unattended: policy.presence === 'none', push: requests ? null : push },
    ...{ lessonsOnly: flag(call, 'lessonsOnly'), requests: requests !== null },
  });
  const request = requests ? await requestAfter(io, repo, requests, yes) : null;
  io.json({ ...facts(session, result, seen, policy.presence, request?.pushed ? null : push), request });
  if (result.state === 'undecided' || result.state === 'active') process.exitCode = EXIT.person;
}

/** Asks for the review of a session that was sealed just now. */
async function requestAfter(io: Io, repo: Repo, { home, session: id, base }: Ended, yes: boolean) {
  const here = repoAt(repo, home);
  const sealed = await loadSession(here, id);
  return sealed && requestReview(io, here, sealed, base, yes);
}

type Ended = Extract<CloseoutResult, { home: string }>;

/** What has to be pushed now, as a command line; null where there is no remote or nothing to push. */
export function nextPush(repo: Repo, session: Session, result: CloseoutResult): Promise<string | null> {
  if (result.state !== 'closed' && result.state !== 'sealed') return Promise.resolve(null);
  const home = repoAt(repo, result.home);
  if (result.state === 'closed') return pushLine(home, result.base, [result.base, ...(result.tag === null ? [] : [result.tag])]);
  return pushLine(home, result.base, [result.tag ?? session.branch]);
}

/** The facts that `--json` prints. */
export function facts(
  session: Session,
  result: CloseoutResult,
  prepared: Prepared | null,
  presence: Policy['presence'],
  push: string | null,
): CloseoutFacts {
  const ended = result.state === 'closed' || result.state === 'sealed' ? result : null;
  return {
    session: session.id,
    state: result.state !== 'undecided' ? result.state : result.stays,
    base: ended?.base ?? prepared?.base.branch ?? session.metadata.base,
    review: prepared === null ? null : reviewFacts(prepared),
    seal: ended?.seal ?? null,
    merge: ended?.merge ?? null,
    tag: ended?.tag ?? null,
    unattended: ended !== null && presence === 'none',
    rejected: result.state === 'active' ? result.rejected.reasons.map(reasonFacts) : null,
    push,
    pushed: ended?.pushed ?? null,
    resumed: ended?.resumed ?? false,
    notes: ended?.notes ?? [],
    request: null,
    asks: null,
  };
}

function reviewFacts(prepared: Prepared): NonNullable<CloseoutFacts['review']> {
  const review = { ...prepared, facts: prepared.content.facts };
  return {
    tip: prepared.session.tip,
    tree: prepared.tree,
    digest: prepared.digest,
    checks: prepared.checks,
    blocking: blocking(prepared.checks).map((check) => check.name),
    concerns: concernsOf(review),
    leftovers: prepared.leftovers,
    strays: prepared.strays.map(({ path, use }) => ({ path, use })),
  };
}

interface TellContext {
  session: Session;
  unattended: boolean;
  push: string | null;
  /** Of an abandoned session, its lessons alone. */
  lessonsOnly?: boolean;
  /** A request is asked for next: nothing is to be done by hand. */
  requests?: boolean;
}

export function tell(io: Io, result: CloseoutResult, context: TellContext): void {
  const { session, push } = context;
  const unattended = context.unattended ? ', unattended' : '';
  io.say();
  if (result.state === 'undecided') {
    io.say(`Nothing was decided. The session stays ${result.stays === 'review' ? 'in review' : result.stays}.`);
    return;
  }
  if (result.state === 'active') {
    io.say(`${session.id} is active again.`);
    for (const reason of result.rejected.reasons) io.say(`  ${oneLine(reasonText(reason), 600)}`);
    return;
  }
  if (result.resumed) io.say('An interrupted closeout was found and finished.');
  if (result.state === 'closed') {
    const what = context.lessonsOnly ? `What ${session.id} learned` : session.id;
    io.say(`${io.paint('green', '✓')} ${what} has landed on ${result.base} (approved${unattended}).`);
    io.say(`  ${context.lessonsOnly ? 'commit' : 'merge '}  ${result.merge?.slice(0, 12) ?? ''}`);
    io.say(`  backup  ${result.tag ?? ''}`);
    if (result.pushed) io.say(`  pushed  to ${oneLine(result.pushed, 120)}: ${oneLine(result.base, 120)} and the tag`);
  } else if (result.tag !== null) {
    io.say(`${io.paint('green', '✓')} ${session.id} is approved${unattended}: ${result.tag}.`);
  } else {
    io.say(
      `${io.paint('green', '✓')} ${session.id} is sealed. It lands on ${result.base} by pull request, once an approver has signed it.`,
    );
  }
  for (const note of result.notes) io.say(`  ${note}`);
  if (push) io.say(`\nPush it with:\n  ${push}`);
  if (result.state === 'sealed' && result.tag === null && !context.requests) {
    io.say(`Then open the pull request (git session closeout --pr ${session.id} does both).`);
    io.say(`An approver signs, in any clone, with:\n  git session approve ${session.id}`);
  }
}
