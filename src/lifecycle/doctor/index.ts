/** The probes of `git session doctor`, one after another: each looks for itself, and a failing one stops no other. */

import { SessionError } from '../../core/errors.ts';
import { GitError } from '../../git/run.ts';
import { agents } from './agents.ts';
import type { Finding, Health, Probe, Surroundings } from './finding.ts';
import { hookCommit } from './hook-commit.ts';
import { hooks } from './hooks.ts';
import { policy } from './policy.ts';
import { privateState } from './private-state.ts';
import { records } from './records.ts';
import { remote } from './remote.ts';
import { signing } from './signing.ts';
import { versions } from './versions.ts';
import { worktrees } from './worktrees.ts';

export interface Diagnosis {
  probe: string;
  health: Health;
  what: string;
  why: string | null;
  next: string | null;
  /** What was mended; null where nothing was. */
  mended: string | null;
  /** `--fix` can mend it. */
  mendable: boolean;
}

// Worktrees first: what an earlier, killed run of ours left is cleared before anything counts worktrees.
const PROBES: readonly Probe[] = [versions, worktrees, hooks, hookCommit, signing, policy, agents, records, privateState, remote];

/** Looks at everything, and with `fix` mends what is safe. `each` is told as soon as a probe is done. */
export async function diagnose(at: Surroundings, fix: boolean, each: (found: Diagnosis) => void): Promise<Diagnosis[]> {
  const all: Diagnosis[] = [];
  for (const { name, look } of PROBES) {
    for (const finding of await findings(look, at)) {
      const row = await asDiagnosis(name, finding, fix);
      all.push(row);
      each(row);
    }
  }
  return all;
}

async function findings(look: Probe['look'], at: Surroundings): Promise<Finding[]> {
  try {
    return await look(at);
  } catch (error) {
    return [{ health: 'fail', ...told(error) }];
  }
}

async function asDiagnosis(probe: string, { health, what, why, next, mend }: Finding, fix: boolean): Promise<Diagnosis> {
  const row = { probe, health, what, why: why ?? null, next: next ?? null, mended: null, mendable: mend !== undefined };
  if (!mend || !fix) return mend ? { ...row, next: next ?? 'git session doctor --fix' } : row;
  try {
    return { ...row, mended: await mend() };
  } catch (error) {
    const failed = told(error);
    return { ...row, health: 'fail', why: `It could not be mended: ${failed.what}`, next: failed.next ?? row.next };
  }
}

/** An error that is known, in its own words; a bug of ours goes up. */
function told(error: unknown): Pick<Finding, 'what' | 'why' | 'next'> {
  const known = error instanceof GitError ? error.asSessionError() : error;
  if (known instanceof SessionError) return { what: known.message.replace(/\.$/, ''), why: known.why, next: known.next };
  const { syscall, message } = error as NodeJS.ErrnoException;
  if (syscall) return { what: message };
  throw error;
}
