/**
 * Closing at a prompt (design "Trust"): the review in the chat, then the person's own next prompt decides. Only what that review showed is
 * signed, and only where policy says `presence: prompt` and the client shows that a person is at it.
 */

import type { Answer } from '../agents/event.ts';
import { showReview } from '../cli/closeout-ask.ts';
import { nextPush, tell } from '../cli/closeout-run.ts';
import type { Ask } from '../closeout/context.ts';
import { blocking, initialisedPolicy, type Prepared, prepare } from '../closeout/prepare/prepare.ts';
import { reject } from '../closeout/reject.ts';
import { closeOut } from '../closeout/run.ts';
import { concernsOf } from '../core/closeout/review.ts';
import { personError, stateError, usageError } from '../core/errors.ts';
import { parseReason } from '../core/session/reason.ts';
import { oneLine } from '../core/text/text.ts';
import { apartNote, branchesApart } from '../lifecycle/apart.ts';
import { personIn } from '../lifecycle/session/actor.ts';
import type { Session } from '../lifecycle/session/session.ts';
import { deriveState } from '../lifecycle/session/state.ts';
import type { EffectivePolicy } from '../trust/policy-chain.ts';
import { presence } from '../trust/presence.ts';
import { collector } from './lines.ts';
import type { ChatPlace } from './place.ts';

/** A longer text is not shown whole by every client, and nobody signs what was not shown. */
const MOST = 9000;
/** The client gives its prompt hook so long (ms); a decision runs the checks again. */
const LIMIT = 8 * 60_000;

/** Prepares and shows the review, and how it is decided. */
export async function showCloseout(place: ChatPlace): Promise<Answer> {
  const session = mustHave(place);
  const { repo, chat } = place;
  const state = await deriveState(repo, session);
  if (state !== 'active' && state !== 'review') throw stateError({ what: `${session.id} is ${state}: there is nothing to prepare.` });
  const { io, text } = collector();
  const policy = await initialisedPolicy(repo, io.note);
  const begun = Date.now();
  const prepared = await prepare(repo, session, { policy });
  for (const branch of await branchesApart(repo, prepared.session)) io.say(apartNote(branch));
  showReview(io, prepared);
  const review = text();
  const terminal = `In a terminal: git session closeout ${session.id}`;
  const why = whyNotHere(place, policy, prepared, review, Date.now() - begun);
  if (why !== null) return { stop: `${review.slice(0, MOST)}\n\n${why}\n${terminal}` };
  chat.keep('shown', { session: session.id, digest: prepared.digest });
  const concerns = concernsOf({ ...prepared, facts: prepared.content.facts });
  // What stands out is accepted knowingly, as at the terminal: by its topic.
  const yes = concerns.length === 0 ? 'yes' : `yes ${session.metadata.topic}`;
  return { stop: `${review}\n\nYour next prompt decides: /session-closeout ${yes}, or /session-closeout no <reason>.\n${terminal}` };
}

/** Why nobody can decide in this chat, as a sentence; null where the person can. */
function whyNotHere(place: ChatPlace, { policy }: EffectivePolicy, prepared: Prepared, review: string, ms: number): string | null {
  if (blocking(prepared.checks).length > 0) return 'Required checks have not passed.';
  if (policy.presence !== 'prompt' && policy.presence !== 'none')
    return `The policy says presence: ${policy.presence}, so it is not decided in a chat.`;
  if (!place.adapter.attended(process.env)) return 'This chat shows no sign of a person at it, so it is not decided here.';
  if (review.length > MOST) return 'The review is too long to be shown whole here.';
  if (ms > LIMIT) return 'The checks take longer than the client waits for an answer.';
  return null;
}

/** Lands what was shown last in this chat, or says why not. */
export async function approveHere(place: ChatPlace, topic: string | null): Promise<Answer> {
  const session = mustHave(place);
  const { repo, chat } = place;
  const policy = await admitted(place, session);
  const shown = chat.read('shown');
  chat.forget('shown');
  if (shown?.session !== session.id) {
    throw personError({
      what: 'No review was shown just before this, so there is nothing to approve.',
      next: 'Show it with: /session-closeout',
    });
  }
  const ask: Ask = async (prepared, { key }) => {
    const concerns = concernsOf({ ...prepared, facts: prepared.content.facts });
    if (prepared.digest !== shown.digest) {
      throw personError({
        what: 'The session, its base or the results of its checks have changed since the review was shown.',
        next: 'Look at it again with: /session-closeout',
      });
    }
    if (concerns.length > 0 && topic !== session.metadata.topic) {
      throw personError({
        what: `This review has points to accept knowingly: ${concerns.map((text) => oneLine(text)).join('; ')}.`,
        next: `Show it again with /session-closeout, and then: /session-closeout yes ${session.metadata.topic}`,
      });
    }
    if (key?.signer.needsPassphrase !== false && key !== null)
      throw locked(session, `The ${key.signer.describe} is locked, or only gpg knows whether it is.`);
    if (key?.signer.needsTouch) throw locked(session, `The ${key.signer.describe} waits for a touch.`);
    return { verdict: 'approve', dropped: new Set(), accepted: concerns };
  };
  const result = await closeOut(repo, session, { ask, policy, as: 'closeout', decides: true });
  const { io, text } = collector();
  tell(io, result, { session, unattended: policy.policy.presence === 'none', push: await nextPush(repo, session, result) });
  return { stop: text() };
}

/** Sends the session back; its agents see the reason. */
export async function rejectHere(place: ChatPlace, reason: string): Promise<Answer> {
  const session = mustHave(place);
  await admitted(place, session);
  place.chat.forget('shown');
  if (reason.length > 4000) throw usageError({ what: 'The reason is too long.', next: 'Say it in at most 4000 characters.' });
  await reject(place.repo, session, [parseReason(reason)], personIn(place.repo.top), { prompted: true });
  return { stop: `${session.id} is active again. Its agents are told the reason with your next prompt.` };
}

function mustHave({ session }: ChatPlace): Session {
  if (session) return session;
  throw stateError({ what: 'No session is checked out here.', next: 'Start one with: /session-start <topic>' });
}

/** The policy in force, where it admits a decision in this chat. Throws (exit 3) where it does not. */
async function admitted({ repo, adapter }: ChatPlace, session: Session): Promise<EffectivePolicy> {
  const policy = await initialisedPolicy(repo);
  if (!adapter.attended(process.env)) {
    throw personError({
      what: 'This chat shows no sign of a person at it, so nothing is decided here.',
      next: `In a terminal: git session closeout ${session.id}`,
    });
  }
  presence(policy.policy, { prompted: true });
  return policy;
}

const locked = (session: Session, why: string) =>
  personError({
    what: 'Your key has to be asked for, which a chat cannot do; nothing was changed.',
    why,
    next: `In a terminal: git session closeout ${session.id}`,
  });
