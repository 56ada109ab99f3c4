import { z } from 'zod';

export const schema = z.strictObject({
  healthy: z.boolean().describe('Nothing failed; warnings may stand'),
  counts: z
    .strictObject({
      ok: z.number().int().describe('Good'),
      warn: z.number().int().describe('Worth a look'),
      fail: z.number().int().describe('Wrong'),
      skipped: z.number().int().describe('Not looked at'),
      mended: z.number().int().describe('Of those that were wrong or worth a look: mended now'),
    })
    .describe('How many findings of each kind'),
  findings: z
    .array(
      z.strictObject({
        probe: z
          .string()
          .describe('What was looked at: versions, worktrees, hooks, commit, signing, policy, agents, records, state or remote'),
        health: z.enum(['ok', 'warn', 'fail', 'skipped']).describe('What it came to, before anything was mended'),
        what: z.string().describe('What was found'),
        why: z.string().nullable().describe('More about it; null where there is no more'),
        next: z.string().nullable().describe('What to do; null where nothing is to be done'),
        mended: z.string().nullable().describe('What --fix did; null where it did nothing'),
        mendable: z.boolean().describe('--fix can mend it'),
      }),
    )
    .describe('In the order in which it was looked at'),
});
