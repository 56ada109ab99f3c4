import { z } from 'zod';

export const schema = z.strictObject({
  sessions: z
    .array(
      z.strictObject({
        session: z.string().describe('Id of the session'),
        base: z.string().describe('Short name of its base'),
        found: z
          .enum(['landed', 'upstream', 'open'])
          .describe('landed: on base in this clone; upstream: only on what base tracks, as last fetched; open: on neither, or not whole'),
        verdict: z
          .enum([
            ...['signed merge', 'exact', 'as approved', 'updated', 'changed after the seal', 'edited'],
            ...['partial', 'reverted', 'unapproved', 'unverified'],
          ] as const)
          .nullable()
          .describe('What is on base beside what was approved; null where nothing is'),
        paths: z.array(z.string()).describe('Paths that landed otherwise than they were approved, or without the rest'),
        commit: z.string().nullable().describe('Full id of the commit that brought it to base; null where it is not there'),
        notes: z.array(z.string()).describe('What was found and done in this clone, and what was left'),
      }),
    )
    .describe('The sealed sessions that were looked for'),
});
