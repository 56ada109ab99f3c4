/** What a person asks of init. */

import type { SetupName } from '../../agents/setup/index.ts';
import type { KeyWish } from './key.ts';
import type { PolicyWish } from './policy-draft.ts';

export interface InitWish extends KeyWish, PolicyWish {
  /** Another approver to name. */
  approver?: { principal: string; key: string } | undefined;
  hooks: boolean;
  /** Clients of agents to connect. */
  agents: readonly SetupName[];
  /** Write nothing that is tracked. */
  local: boolean;
}
