import { z } from 'zod';

export const schema = z.strictObject({
  session: z.string().describe('Id of the session'),
  done: z.boolean().describe('False with --dry-run: the branches say what would become of them'),
  tip: z.string().describe("Full id of the commit that this clone's branch is at now"),
  branches: z
    .array(
      z.strictObject({
        ref: z.string().describe('Full name of the branch as it was fetched'),
        how: z
          .enum(['same', 'forward', 'joined'])
          .describe('`same`: nothing new there; `forward`: only they had gone on; `joined`: both had, and a merge commit holds both'),
        tip: z.string().describe("Full id of the commit that this clone's branch was at after it; with --dry-run, of one like it"),
        records: z.number().int().nullable().describe('Records that only they had; null where they were not counted'),
        unsealed: z.boolean().describe('It was sealed on one side, and is active again for what the other did since'),
      }),
    )
    .describe("Other clones' branches of the session"),
  push: z
    .string()
    .nullable()
    .describe('The command line that gives the result to the others; null where they have it, or there is no remote'),
  notes: z.array(z.string()).describe('What a person should know of it'),
});
