/** Preparing where nobody decides: what `closeout --prepare` and agents ask for. */

import { stateError } from '../core/errors.ts';
import type { Repo } from '../git/run.ts';
import type { Session } from '../lifecycle/session.ts';
import { deriveState } from '../lifecycle/state.ts';
import { initialisedPolicy, type Prepared, type PrepareOptions, prepare } from './prepare.ts';

/** As `prepare`, with the policy read anew. Throws (exit 1) where the session is past that, or the repository was never set up. */
export async function prepareOnly(repo: Repo, session: Session, options: Omit<PrepareOptions, 'policy'>): Promise<Prepared> {
  const state = await deriveState(repo, session);
  if (state !== 'active' && state !== 'review') {
    throw stateError({
      what: `${session.id} is ${state}: there is nothing to prepare.`,
      next: `See it with: git session show ${session.id}`,
    });
  }
  return prepare(repo, session, { ...options, policy: await initialisedPolicy(repo, options.onProgress) });
}
