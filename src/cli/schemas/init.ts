/** The output of `git session init --json`. */

import { z } from 'zod';
import { hooksPart } from './parts/hooks.ts';

export const schema = z.strictObject({
  branch: z.string().describe('short name of the policy branch'),
  commit: z.string().nullable().describe('the commit that was made there; null where nothing was left to commit, or with --dry-run'),
  signed: z.boolean().nullable().describe('whether that commit carries a signature; null without a commit'),
  files: z
    .array(
      z.strictObject({
        path: z.string().describe('relative to the top of the repository'),
        change: z.enum(['add', 'change']).describe('whether the file is new'),
      }),
    )
    .describe('what the commit adds and changes'),
  settings: z
    .array(
      z.strictObject({
        key: z.string().describe('name of the setting'),
        value: z.string().describe('its value'),
      }),
    )
    .describe("settings written to this clone's git configuration, so that git signs with the chosen key and runs the hooks"),
  signer: z
    .strictObject({
      principal: z.string().describe('the address that git commits under'),
      key: z.string().describe('fingerprint of the key'),
      format: z.enum(['ssh', 'gpg']).describe('kind of key'),
    })
    .nullable()
    .describe('who signs here; null where no key was chosen, or it is yet to be made'),
  hooks: hooksPart.nullable().describe('whether the git hooks run in this clone; null with --dry-run'),
  local: z.boolean().describe('true: this clone alone is set up, and there is nothing to commit'),
  here: z
    .array(
      z.strictObject({
        path: z.string().describe('absolute'),
        change: z.enum(['add', 'change']).describe('whether the file is new'),
      }),
    )
    .describe('files of this clone alone that are not committed: scripts of hooks, and with --local all of them'),
  agents: z
    .array(z.enum(['claude', 'codex', 'gemini', 'copilot', 'opencode', 'cursor', 'generic']))
    .describe('clients of agents that are connected'),
  tried: z
    .array(
      z.strictObject({
        name: z.string().describe('name of the check'),
        status: z.enum(['passed', 'failed', 'timed-out', 'not-recorded', 'not-needed', 'not-run']).describe('what came of trying it'),
        detail: z.string().describe('one line of why'),
      }),
    )
    .describe('the proposed checks that were tried once'),
  notes: z.array(z.string().describe('a sentence for the person')).describe('what else the person should know'),
});
