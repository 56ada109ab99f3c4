/** Every setting of the policy with its value and where that comes from, for people. */

import { join } from 'node:path';
import { SessionError } from '../core/errors.ts';
import { POLICY_KEYS, policyValue } from '../core/policy/keys.ts';
import { counts, type Wish, wishes } from '../core/policy/personal.ts';
import { DEFAULT_POLICY, type Policy } from '../core/policy/policy.ts';
import { readAt } from '../git/objects.ts';
import type { Repo } from '../git/run.ts';
import { readOrNull } from '../store/files.ts';
import { POLICY_FILE } from '../trust/approvers.ts';
import { localPath, readLocalPolicy } from '../trust/local-policy.ts';
import { type EffectivePolicy, effectivePolicy } from '../trust/policy-chain.ts';

export interface Setting {
  key: string;
  value: unknown;
  /** `policy`: the file in force sets it; `personal`: git's configuration made it stricter, or says it for this machine; `default`: nobody set it. */
  source: 'policy' | 'personal' | 'default';
  /** Where the file in force sets it; null where it does not. */
  line: number | null;
  column: number | null;
  default: unknown;
}

/** The file in the working tree, which may be another than the one in force. */
export interface FileHere {
  /** `file:line:column: what`; empty where it is valid. */
  mistakes: string[];
  /** Settings that it gives another value than the file in force does; empty where it has mistakes. */
  differs: string[];
}

export interface Settings {
  effective: EffectivePolicy;
  /** The file in force: its path in the tree, or that of this clone alone. */
  place: string;
  settings: Setting[];
  personal: Wish[];
  /** Null where there is none. */
  here: FileHere | null;
  /** Sentences that a person should read. */
  notes: string[];
}

/** The settings in force. Throws as `effectivePolicy` does: with line and column where the file in force is not valid. */
export async function settingsNow(repo: Repo): Promise<Settings> {
  const notes: string[] = [];
  const effective = await effectivePolicy(repo, { onPinned: (text) => notes.push(text) });
  const { parsePolicy, placesInPolicy } = await import('../trust/policy-file.ts');
  const text =
    effective.local !== null
      ? (readLocalPolicy(repo)?.text ?? null)
      : effective.source === null
        ? null
        : await readAt(repo, effective.source, POLICY_FILE);
  const policy = text === null ? DEFAULT_POLICY : parsePolicy(text, POLICY_FILE);
  const places = text === null ? new Map() : placesInPolicy(text);
  const personal = wishes(policy, effective.own);
  const own = new Set<string | null>(personal.filter(counts).map(({ key }) => key));
  const settings = POLICY_KEYS.map((key): Setting => {
    const place = places.get(key);
    return {
      key,
      value: policyValue(effective.policy, key),
      source: own.has(key) ? 'personal' : place ? 'policy' : 'default',
      line: place?.line ?? null,
      column: place?.column ?? null,
      default: policyValue(DEFAULT_POLICY, key),
    };
  });
  const place = effective.local === null ? POLICY_FILE : localPath(repo.commonDir, POLICY_FILE);
  return { effective, place, settings, personal, here: fileHere(repo, policy, parsePolicy), notes: [...notes, ...effective.notes] };
}

function fileHere(repo: Repo, inForce: Policy, parse: (text: string, name: string) => Policy): FileHere | null {
  const text = readOrNull(join(repo.top, POLICY_FILE));
  if (text === null) return null;
  try {
    const here = parse(text, POLICY_FILE);
    const same = (key: string) => JSON.stringify(policyValue(here, key)) === JSON.stringify(policyValue(inForce, key));
    return { mistakes: [], differs: POLICY_KEYS.filter((key) => !same(key)) };
  } catch (error) {
    if (!(error instanceof SessionError)) throw error;
    return { mistakes: (error.why ?? error.message).split('\n'), differs: [] };
  }
}
