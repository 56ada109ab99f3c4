/** Whether the key that git is set to sign with signs, and whether that would be an approval. */

import { SessionError } from '../../core/errors.ts';
import { oneLine } from '../../core/text/text.ts';
import type { Repo } from '../../git/run.ts';
import { effectivePolicy } from '../../trust/policy-chain.ts';
import { canSign, type Signer, signingKey } from '../../trust/signing.ts';
import type { Finding, Probe, Surroundings } from './finding.ts';

export const signing: Probe = {
  name: 'signing',
  look: async (at) => {
    const key = await keyOf(at.repo);
    return [key instanceof SessionError ? missing(key) : await tried(at, key)];
  },
};

async function keyOf(repo: Repo): Promise<Signer | SessionError> {
  try {
    return await signingKey(repo);
  } catch (error) {
    if (error instanceof SessionError) return error;
    throw error;
  }
}

/** Who approves nothing needs no key. */
function missing(error: SessionError): Finding {
  return {
    health: 'warn',
    what: `You can approve nothing here: ${oneLine(error.message, 200).replace(/\.$/, '')}`,
    why: error.why,
    next: error.next,
  };
}

async function tried({ repo, terminal, tell }: Surroundings, key: Signer): Promise<Finding> {
  const asks = key.needsTouch ? 'waits for a touch' : key.needsPassphrase !== false ? 'may ask for a passphrase' : null;
  if (asks && !terminal)
    return { health: 'skipped', what: 'The signing key was not tried', why: `The ${key.describe} ${asks}, and there is no terminal.` };
  if (asks)
    tell(
      key.needsTouch
        ? `Touch your security key when it blinks (${key.describe}).`
        : `The passphrase of your ${key.describe} may be asked for.`,
    );
  const { approvers, initialised } = await effectivePolicy(repo);
  const verdict = await canSign(repo, approvers, key, { touch: true });
  if (!initialised) return { health: 'ok', what: `The ${key.describe} signs` };
  if (verdict?.ok) return { health: 'ok', what: `The ${key.describe} signs, as ${oneLine(verdict.principal ?? '', 80)}, an approver` };
  return {
    health: 'warn',
    what: `The ${key.describe} signs, and is no approver's`,
    why: verdict?.why,
    next: 'An approver can add it: git session init --approver <address> --key <public key>',
  };
}
