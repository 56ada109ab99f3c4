import { z } from 'zod';

const entry = z.strictObject({
  id: z.string().describe('Id of the session'),
  topic: z.string().describe('The topic as a slug'),
  goal: z.string().nullable().describe('The goal as it was asked; null where none was given'),
  commit: z.string().describe('Full id of the commit that brought it to base'),
  landed_at: z.string().describe('Its date, ISO 8601'),
  base: z.string().describe('The branch that was read, such as main or origin/main'),
  tag: z.string().nullable().describe('Full name of the backup tag; null where there is none'),
  approver: z.string().nullable().describe('Who approved, as the tag says; null without one'),
  approvers: z.array(z.string()).describe('Everybody who signed, as the tags on the seal say, the first approver first'),
  presence: z.enum(['terminal', 'prompt', 'security-key', 'none']).nullable().describe('Who had to be there; none: approved unattended'),
  verdict: z
    .enum(['verified', 'not checked', 'no approval'])
    .describe('verified: by an earlier `verify` on this machine; no approval: there is no tag'),
  now: z.enum(['present', 'changed', 'gone']).describe("The session's metadata on the branch now: as sealed, another, or gone (reverted)"),
  changes: z.number().int().nullable().describe('Workspace changes, from the sealed backup'),
  artifacts: z.number().int().nullable().describe('Artifacts, from the sealed backup'),
  checks: z
    .strictObject({ passed: z.number().int().describe('Checks that passed'), needed: z.number().int().describe('Checks that were needed') })
    .nullable()
    .describe('Check results, from the manifest'),
  agents: z.number().int().nullable().describe('Agents that worked, from the sealed backup'),
  duration_minutes: z.number().nullable().describe('Minutes from start to closeout, from the sealed backup'),
  patterns: z.number().int().nullable().describe('Patterns learned, from the sealed backup'),
  merged: z.boolean().describe('Its commits are on the branch themselves; false: squashed or rebased, and only the tag keeps them'),
  commits: z
    .array(
      z.strictObject({
        id: z.string().describe('Full id'),
        author: z.string().describe("The author's name"),
        email: z.string().describe("The author's address"),
        subject: z.string().describe('First line of the message'),
      }),
    )
    .nullable()
    .describe('The commits that it brought, newest first; null without --graph'),
  lessons_only: z.boolean().describe('It was abandoned, and only what it learned landed, as the manifest says'),
});

export const schema = z.strictObject({
  base: z.string().nullable().describe('The branch that was read; null where this clone has none'),
  total: z.number().int().describe('How many landings fit, also those beyond --limit'),
  entries: z.array(entry).describe('Newest landing first'),
});
