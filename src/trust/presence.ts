/** Whether a person is there to approve (design "Trust"): a terminal of their own, and no agent around it. */

import { closeSync, openSync } from 'node:fs';
import { agentAround } from '../core/agent-env.ts';
import { inCi } from '../core/ci.ts';
import { personError, type SessionError } from '../core/errors.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { Signer } from './signer.ts';

export { AGENT_VARIABLES, agentAround } from '../core/agent-env.ts';

export type PresenceMode = Policy['presence'];

/** Set in git's hooks, and by our own and the agents' hook scripts. */
const HOOK_VARIABLES = ['GIT_SESSION_HOOK', 'GIT_INDEX_FILE', 'GIT_QUARANTINE_PATH'];

/** What presence looks at, so that tests can stand in for a terminal. */
interface Surroundings {
  env: NodeJS.ProcessEnv;
  /** Standard input and output are terminals. */
  terminal: boolean;
  /** The controlling terminal can be opened. */
  controlling(): boolean;
}

/** This process's own surroundings. */
function surroundings(): Surroundings {
  return { env: process.env, terminal: process.stdin.isTTY === true && process.stdout.isTTY === true, controlling };
}

function controlling(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r+'));
    return true;
  } catch {
    return false;
  }
}

export interface PresenceOptions {
  /** The key that will sign; `security-key` looks at it. */
  signer?: Signer;
  /** The prompt hook says that the person typed it in an agent's chat. */
  prompted?: boolean;
  around?: Surroundings;
}

/** Why it is no person who runs this, as a sentence: an agent's environment, or a hook; null where nothing says so. */
export function noPerson(env: NodeJS.ProcessEnv): string | null {
  const agent = agentAround(env);
  if (agent) return `This runs in the environment of ${agent.agent} (${agent.variable} is set).`;
  const hook = HOOK_VARIABLES.find((name) => env[name]);
  return hook ? `This runs inside a hook (${hook} is set).` : null;
}

/**
 * Admits a decision (approve, reject, keep, drop) or throws (exit 3) with why it needs a person. `prompt` is `terminal` here, unless the
 * prompt hook of an agent's chat asks. `none` admits everything and is to be shown as "unattended" wherever the approval is.
 */
export function presence(policy: Pick<Policy, 'presence'>, options: PresenceOptions = {}): { ok: true; mode: PresenceMode } {
  const mode = policy.presence;
  if (mode === 'none' || (mode === 'prompt' && options.prompted)) return { ok: true, mode };
  const around = options.around ?? surroundings();
  const other = noPerson(around.env);
  if (other) throw refused(other);
  if (inCi(around.env)) throw refused('CI is set, so nobody is asked.');
  if (!around.terminal) throw refused('Standard input and output are not a terminal.');
  if (!around.controlling()) throw refused('There is no controlling terminal.');
  if (mode === 'security-key' && options.signer && !isHardware(options.signer)) {
    throw personError({
      what: 'The policy asks for a security key, and yours is not one.',
      why: `git would sign with the ${options.signer.describe}.`,
      next: 'Make one with: ssh-keygen -t ed25519-sk, and have an approver add it to .swarm/allowed_signers',
    });
  }
  return { ok: true, mode };
}

function isHardware(signer: Signer): boolean {
  return signer.publicKey?.startsWith('sk-') === true;
}

function refused(why: string): SessionError {
  return personError({
    what: 'A person decides this, at a terminal of their own.',
    why,
    next: 'Run the same command yourself in a terminal that neither an agent nor CI started.',
  });
}

/** As the review, the manifest's readers and `log` print it. */
export function presenceText(mode: PresenceMode): string {
  const texts = { none: 'unattended', prompt: 'at a prompt', terminal: 'at a terminal', 'security-key': 'with a security key' };
  return texts[mode];
}
