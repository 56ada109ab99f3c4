import { z } from 'zod';
import { sessionPart } from './parts/session.ts';

const checkout = z.strictObject({
  changed: z.number().int().describe('Tracked files that differ from the last commit, staged or not'),
  untracked: z.number().int().describe('Files that git does not know and does not ignore'),
  disk_bytes: z.number().int().describe('Room that its files take on the disk, those that git ignores too, .git not'),
  disk_whole: z
    .boolean()
    .describe('false: measuring stopped after half a second, and it takes more than that (--disk measures to the end)'),
});

export const schema = z.strictObject({
  sessions: z
    .array(
      sessionPart.extend({
        checkout: checkout.nullable().describe('What lies in its worktree; null where it is checked out nowhere, or the folder is gone'),
      }),
    )
    .describe('The sessions that fit, newest first, at most as many as --limit says'),
  unreadable: z
    .array(z.strictObject({ id: z.string().describe('The session'), why: z.string().describe('What is wrong with its metadata.json') }))
    .describe('Sessions with a branch here whose metadata cannot be read'),
  total: z.number().int().describe('How many fit without the limit'),
});
