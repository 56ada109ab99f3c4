/** Preparing where nobody decides: what `closeout --prepare` and agents ask for. */

import { stateError } from '../../core/errors.ts';
import type { Repo } from '../../git/run.ts';
import type { Session } from '../../lifecycle/session/session.ts';
import { deriveState } from '../../lifecycle/session/state.ts';
import { initialisedPolicy, type Prepared, type PrepareOptions, prepare } from './prepare.ts';
import { prepareLessons } from './prepare-lessons.ts';

type Options = Omit<PrepareOptions, 'policy'> & {
  /** The lessons of an abandoned session alone. */
  lessonsOnly?: boolean;
};

/** As `prepare`, with the policy read anew. Throws (exit 1) where the session is past that, or the repository was never set up. */
export async function prepareOnly(repo: Repo, session: Session, options: Options): Promise<Prepared> {
  const state = await deriveState(repo, session);
  const mayPrepare = options.lessonsOnly ? state === 'abandoned' : state === 'active' || state === 'review';
  if (!mayPrepare) {
    throw stateError({
      what: `${session.id} is ${state}: there is nothing to prepare${options.lessonsOnly ? ' of an abandoned session' : ''}.`,
      next: `See it with: git session show ${session.id}`,
    });
  }
  const policy = await initialisedPolicy(repo, options.onProgress);
  return (options.lessonsOnly ? prepareLessons : prepare)(repo, session, { ...options, policy });
}
