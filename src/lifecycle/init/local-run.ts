/** Carries a plan out that sets this clone alone up: nothing that git tracks changes. */

import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { setLocalConfig } from '../../git/config.ts';
import type { Repo } from '../../git/run.ts';
import { writeAtomic } from '../../store/files.ts';
import { privatePaths } from '../../store/paths.ts';
import { keepSetUp, makeKeptFolder } from '../../store/set-up.ts';
import { effectivePolicy } from '../../trust/policy-chain.ts';
import { refreshPrivateHooks } from '../hooks/private.ts';
import { entryOf } from './approver.ts';
import { refuseChange } from './guard.ts';
import { makeKey } from './key.ts';
import { withLocalApprover } from './local-plan.ts';
import type { FileChange, InitPlan } from './plan.ts';
import { hooksOn, type InitDone, keepSettings } from './run.ts';

/** Throws (exit 3) where it takes a person; nothing has changed then. */
export async function runLocal(repo: Repo, plan: InitPlan): Promise<InitDone> {
  const { key, place } = plan;
  refuseLocalChange(repo, plan);
  const signer = key.kind === 'new' ? await makeKey(key) : plan.signer;
  const named = key.kind === 'new' && signer ? await withLocalApprover(repo, await entryOf(signer), plan.own) : [];
  for (const file of [...plan.own, ...named]) write(repo, file);
  await keepSettings(repo, key.kind === 'none' ? [] : key.settings);
  // Should it get a policy one day, that one counts.
  if (place.branch !== '') await setLocalConfig(repo, 'gitsession.policyBranch', place.branch);
  await effectivePolicy(repo, { fresh: true });
  if (plan.agents.length > 0) refreshPrivateHooks(repo);
  const notes: string[] = [];
  return { commit: null, signed: false, signer, hooks: await hooksOn(repo, plan, notes), notes };
}

/** Throws (exit 3) where policy or approvers of this clone are changed, approvers are named, and no person is there. */
export function refuseLocalChange(repo: Repo, plan: InitPlan): void {
  const { local } = privatePaths(repo.commonDir);
  refuseChange({ ...plan, files: plan.own.map(({ path }) => ({ path: relative(local, path) })) });
}

function write(repo: Repo, { path, before, after, executable }: FileChange): void {
  // The private folder goes as a whole.
  if (!relative(privatePaths(repo.commonDir).root, path).startsWith('..')) {
    writeAtomic(path, after);
    return;
  }
  makeKeptFolder(repo.commonDir, dirname(path));
  keepSetUp(repo.commonDir, { files: [{ path, before, after }] });
  const isNew = !existsSync(path);
  writeFileSync(path, after);
  if (isNew && executable) chmodSync(path, 0o755);
}
