import { z } from 'zod';

export const schema = z.strictObject({
  session: z.string().describe('Id of the session that it was done in'),
  act: z
    .enum(['start', 'switch', 'abandon', 'restore', 'checkpoint', 'adopt', 'promote', 'prepare', 'closeout', 'sync', 'undo'])
    .describe('What is taken back; `undo` with --redo'),
  at: z.string().describe('When that was done, ISO 8601 UTC'),
  done: z.boolean().describe('False with --dry-run'),
  refs: z
    .array(
      z.strictObject({
        ref: z.string().describe('Full name'),
        from: z.string().nullable().describe('The object that it stood on; null where it is made'),
        to: z.string().nullable().describe('The object that it stands on then; null where it goes'),
      }),
    )
    .describe('Refs that move, and those that keep what is dropped'),
  checkouts: z
    .array(
      z.strictObject({
        worktree: z.string().describe('Top of the worktree'),
        branch: z.string().nullable().describe('The branch that it is on then; null where it is detached or removed'),
        commit: z.string().nullable().describe('The commit that it is detached at then; null otherwise'),
      }),
    )
    .describe('Checkouts that move'),
  files: z
    .array(z.strictObject({ from: z.string().describe('Where it is'), to: z.string().describe('Where it goes back to') }))
    .describe('Files that move back'),
  needs_person: z.boolean().describe('It takes back an approval or a landing'),
  notes: z.array(z.string()).describe('What a person should know of it'),
});
