import { z } from 'zod';

export const schema = z.strictObject({
  id: z.string().describe('Id of the abandoned session'),
  reason: z.string().nullable().describe('The reason that was given; null where none was'),
  commit: z.string().describe('Full id of the commit that says so'),
  trash: z.string().describe('Full ref under which it is kept'),
  worktree: z.string().nullable().describe('Top of the worktree that had it checked out; null where none had'),
  branch: z.string().nullable().describe('The branch that worktree is on now; null where it is detached, or there was none'),
  withdrawn_tag: z.string().nullable().describe('Full ref of the backup tag that went to the trash; null where there was none'),
});
