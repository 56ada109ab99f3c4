/** What a new worktree was given: files of the main checkout, and the policy's set-up. */

import { z } from 'zod';

export const broughtPart = z
  .array(
    z.strictObject({
      path: z.string().describe('Path from the top, as the policy lists it'),
      how: z.enum(['copied', 'linked', 'kept', 'left']).describe('kept: something is there already; left: not brought'),
      why: z.string().nullable().describe('Why it was kept or left; null where it was brought'),
    }),
  )
  .describe('What worktree.copy and worktree.link of the policy name; empty where no worktree was made');

export const setUpPart = z
  .strictObject({
    command: z.string().describe('worktree.setup of the policy'),
    status: z.enum(['passed', 'failed', 'not run']).describe('What came of it; the session stands in any case'),
    exit_code: z.number().int().nullable().describe('Its exit code; null where it was not run, or ended by a signal'),
    why: z.string().nullable().describe('Why it was not run, or how it failed; null where it passed'),
  })
  .nullable()
  .describe('The set-up of the new worktree; null where none was made, or the policy has no set-up');
