import { z } from 'zod';

export const movedPart = {
  session: z.string().describe('Id of the session'),
  moves: z
    .array(z.strictObject({ from: z.string().describe('Old path'), to: z.string().describe('New path') }))
    .describe('What was moved, relative to the top of the worktree'),
  commit: z.string().nullable().describe('The commit that holds the moves; null where they are staged, wait or are held'),
  staged: z.array(z.string()).describe('New paths of files that were staged, and stay so for the next commit'),
  waits: z.string().nullable().describe('Why the commit waits; null where it does not'),
  held: z
    .array(z.strictObject({ path: z.string().describe('Path'), why: z.string().describe('Why it was not committed') }))
    .describe('Files that were moved and not committed'),
};
