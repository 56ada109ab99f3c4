/** What a run of the closeout knows, what decides in it, and what it comes to. */

import type { LandingPreview } from '../core/closeout/landing-preview.ts';
import type { Actor } from '../core/log/record.ts';
import type { PatternDecision } from '../core/pattern/proposal.ts';
import type { SessionState } from '../core/session/metadata.ts';
import type { Reason } from '../core/session/reason.ts';
import type { SessionId } from '../core/session/session-id.ts';
import type { Repo } from '../git/run.ts';
import type { Session } from '../lifecycle/session/session.ts';
import type { CloseoutState } from '../store/closeout-state.ts';
import type { EffectivePolicy } from '../trust/policy-chain.ts';
import type { ApprovingKey } from './land/approver.ts';
import type { Finished } from './land/finish.ts';
import type { FirstApproval } from './land/further.ts';
import type { SummaryEdit } from './land/seal.ts';
import type { Landing } from './land/steps.ts';
import type { Prepared, PrepareOptions } from './prepare/prepare.ts';
import type { ExistingSeal } from './prepare/sealed.ts';
import type { Rejected } from './reject.ts';

/** What a person, or under `presence: none` the command line, decided. */
export type Decision = Approval | { verdict: 'reject'; reasons: Reason[]; by: Actor } | { verdict: 'leave' };

export interface Approval extends PatternDecision {
  verdict: 'approve';
  /** The summary as the person left it, and the draft that they were given; left out where it was not edited. */
  summary?: SummaryEdit;
  /** Concerns of the review that were accepted knowingly. */
  accepted: string[];
  /** The review as it stood when it was approved, where checks were run again during it. */
  prepared?: Prepared;
}

/** What a review rests on beside what was prepared. */
export interface Asked {
  key: ApprovingKey | null;
  /** Why it is asked once more. */
  again: string | null;
  /** What a yes is going to do; null where nobody decides now. */
  landing: LandingPreview | null;
}

/** Shows the review and asks. Throws (exit 1) itself where it shows that nobody can approve. */
export type Ask = (prepared: Prepared, asked: Asked) => Promise<Decision>;

/** Where `signal` is aborted while checks still run, nothing is decided. */
export interface CloseoutOptions extends PrepareOptions {
  ask: Ask;
  /** Told before anything is prepared, once it is known who would sign what. */
  onBegin?: (context: Context, session: Session) => void;
  keepBranch?: boolean;
  /** Push base and tag as a part of landing; taken back where the remote refuses. */
  push?: boolean;
  /** `closeout`: under `land: pr` it seals and nobody signs. `approve`: it signs a sealed session too. */
  as: 'closeout' | 'approve';
  /** False: nobody can decide here, so no key is looked for, and `ask` throws after it has shown the review. */
  decides: boolean;
  /** Land what an abandoned session learned, and none of its changes. */
  lessonsOnly?: boolean;
}

export type CloseoutResult =
  | {
      state: 'closed' | 'sealed';
      session: SessionId;
      base: string;
      seal: string;
      merge: string | null;
      tag: string | null;
      notes: string[];
      /** Top of a worktree that is still there. */
      home: string;
      resumed: boolean;
      /** The remote that base and tag were pushed to as a part of landing; null or left out where nothing was pushed. */
      pushed?: string | null;
    }
  | { state: 'undecided'; session: SessionId; stays: Exclude<SessionState, 'closed'> }
  | { state: 'active'; session: SessionId; rejected: Rejected };

export interface Context {
  repo: Repo;
  options: CloseoutOptions;
  policy: EffectivePolicy;
  goal: CloseoutState['goal'];
  key: ApprovingKey | null;
  /** Short name of the tag that is signed; null where none is, or where a further approval gets a name of its own. */
  tagName: string | null;
  /** The seal of a session that is sealed already. */
  existing: ExistingSeal | null;
  /** The approval that a sealed session has already: this one is added to it. */
  first: FirstApproval | null;
  /** Where `--push` goes. */
  target: { remote: string; merge: string } | null;
}

/** What a finished landing comes to. */
export function resultOf(state: Landing, { notes, home }: Finished, resumed: boolean): CloseoutResult {
  const { landing, goal, session } = state;
  const to = (what: 'base' | 'tag') => landing.moves.find((move) => move.what === what);
  return {
    state: goal === 'land' ? 'closed' : 'sealed',
    session,
    base: landing.baseBranch,
    seal: landing.seal,
    merge: to('base')?.to ?? null,
    tag: to('tag')?.ref.replace('refs/tags/', '') ?? null,
    notes,
    home,
    resumed,
    pushed: landing.push?.remote ?? null,
  };
}
