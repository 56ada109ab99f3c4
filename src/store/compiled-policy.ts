/** The policy in force, as the last command that read it from the policy branch left it. A hint for the hot path: approval never reads it. */

import { existsSync } from 'node:fs';
import { DEFAULT_POLICY, type Policy } from '../core/policy/policy.ts';
import { asObject, parseJson } from '../core/text/json.ts';
import { readOrNull, writeAtomic } from './files.ts';
import { privatePaths } from './paths.ts';

/** The compiled policy, or the defaults where none was left or it cannot be read. */
export function compiledPolicy(commonDir: string): Policy {
  return understood(textOf(commonDir)) ?? DEFAULT_POLICY;
}

/** As compiledPolicy, for what refuses: throws where a policy was left and cannot be read, since the defaults may allow more. */
export function policyToJudgeBy(commonDir: string): Policy {
  const text = textOf(commonDir);
  const policy = text === null ? DEFAULT_POLICY : understood(text);
  if (!policy) throw new Error('the compiled policy (git-session/cache/policy.json in the git dir) cannot be read');
  return policy;
}

function understood(text: string | null): Policy | null {
  const policy = asObject(asObject(parseJson(text ?? ''))?.policy);
  return policy?.version === 1 && asObject(policy.branch) && asObject(policy.routing) ? (policy as unknown as Policy) : null;
}

const textOf = (commonDir: string) => readOrNull(privatePaths(commonDir).policy);

/** Leaves the policy for the hot path, with the commit it was read at. */
export function compilePolicy(commonDir: string, policy: Policy, commit: string | null): void {
  const text = `${JSON.stringify({ commit, policy })}\n`;
  const path = privatePaths(commonDir).policy;
  if (readOrNull(path) !== text) writeAtomic(path, text);
}

/** The compiled policy where it was read at exactly this commit by a program that knew the same keys, else null. */
export function compiledAt(commonDir: string, commit: string): Policy | null {
  const raw = asObject(parseJson(textOf(commonDir) ?? ''));
  const policy = asObject(raw?.policy);
  return raw?.commit === commit && policy && Object.keys(DEFAULT_POLICY).every((key) => key in policy)
    ? (policy as unknown as Policy)
    : null;
}

/** Whether any command of this clone has left a policy yet. */
export function hasCompiledPolicy(commonDir: string): boolean {
  return existsSync(privatePaths(commonDir).policy);
}
