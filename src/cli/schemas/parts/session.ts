/** A session in a command's facts: the same words everywhere. */

import { z } from 'zod';

export const sessionPart = z.strictObject({
  id: z.string().describe('Id of the session: session-YYYYMMDD-HHMMSS-<topic>, UTC'),
  topic: z.string().describe('The topic as a slug'),
  goal: z.string().nullable().describe('The goal as it was asked; null where none was given'),
  state: z.enum(['active', 'review', 'sealed', 'closed', 'abandoned']).describe('Where it stands in its lifecycle'),
  branch: z.string().describe('Short name of the session branch, whether it still exists or not'),
  base: z.string().describe('Short name of the branch that it started from and lands on'),
  created_at: z.string().describe('When it was started, ISO 8601 UTC'),
  closed_at: z.string().nullable().describe('When it was closed; null before'),
  continues: z.string().nullable().describe('Id of the session that this one continues; null where none'),
  tip: z.string().describe('Full id of its newest commit'),
  worktree: z.string().nullable().describe('Top of the worktree that has its branch checked out; null where none has'),
});
