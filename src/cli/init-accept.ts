/** Accepting another beginning of the policy than the one that this clone goes by: shown, and asked at a terminal. */

import { personError, type SessionError } from '../core/errors.ts';
import { parseSigners } from '../core/policy/signers.ts';
import { oneLine } from '../core/text/text.ts';
import type { Repo } from '../git/run.ts';
import { type InitPlace, initPlace } from '../lifecycle/init/place.ts';
import { type OtherRoot, OtherRootError } from '../trust/other-policy.ts';
import { acceptRoot, lookAt } from '../trust/policy-chain.ts';
import { presence } from '../trust/presence.ts';
import { askYesNo, nobodyToAsk } from './ask.ts';
import type { Io } from './io.ts';

/**
 * As `initPlace`; where another policy stands against the one that this clone goes by, a person looks at it first. Whatever either policy
 * says of presence, this takes somebody at a terminal (else exit 3): which of them counts is just what is asked. `--yes` does not answer it.
 */
export async function placeOrAccept(io: Io, repo: Repo): Promise<InitPlace> {
  try {
    return await initPlace(repo);
  } catch (error) {
    if (!(error instanceof OtherRootError)) throw error;
    await accept(io, repo, error, error.other);
    return initPlace(repo);
  }
}

async function accept(io: Io, repo: Repo, error: SessionError, other: OtherRoot): Promise<void> {
  io.note(oneLine(error.message, 400));
  io.note(oneLine(error.why ?? '', 400));
  presence({ presence: 'terminal' });
  const why = nobodyToAsk();
  if (why) throw personError({ what: 'Nobody has accepted it.', why, next: 'Run git session init in a terminal.' });
  const { policy, approvers } = await lookAt(repo, other);
  const { signers, gpg } = approvers;
  const names = [...parseSigners(signers).flatMap((line) => line.principals), ...gpg.map(({ fingerprint }) => fingerprint)];
  io.note(`The policy of ${oneLine(other.branch)} begins at ${other.root}; in force are the files of ${other.source}.`);
  io.note(`Its approvers: ${oneLine(names.join(', '), 400) || 'nobody'}. Its presence: ${policy.presence}.`);
  if (!(await askYesNo('Judge by it from now on?'))) throw personError({ what: 'Declined: nothing was changed.' });
  await acceptRoot(repo, other);
}
