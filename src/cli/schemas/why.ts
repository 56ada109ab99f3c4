import { z } from 'zod';

const session = z.strictObject({
  id: z.string().describe('Id of the session'),
  topic: z.string().describe('The topic as a slug'),
  goal: z.string().nullable().describe('The goal as it was asked; null where none was given'),
  commit: z
    .string()
    .nullable()
    .describe("Full id of the session's own commit; another than the blamed one after a squash, null where only the inventory tells"),
  task: z
    .strictObject({
      task: z.string().describe('Id of the task'),
      description: z.string().nullable().describe('What the task was; null where not recorded'),
    })
    .nullable()
    .describe('The task; null where none was recorded'),
  agent: z
    .strictObject({
      kind: z.enum(['person', 'agent', 'subagent', 'tool']).nullable().describe('What kind of actor; null where only a trailer names it'),
      name: z.string().describe('Its type or name'),
    })
    .nullable()
    .describe('Who did it; null where not recorded'),
  shared_by: z
    .array(
      z.strictObject({
        task: z.string().describe('Id of the task'),
        description: z.string().nullable().describe('What the task was; null where not recorded'),
        agent: z.string().nullable().describe('Type or name of its agent; null where not recorded'),
      }),
    )
    .describe('Tasks whose work the commit holds together, where nothing tells whose this is; task and agent are null then. Else empty'),
  landed: z
    .strictObject({ commit: z.string().describe('Full id of the commit that brought it'), at: z.string().describe('Its date, ISO 8601') })
    .nullable()
    .describe('Where it landed; null while the session is open'),
  approver: z.string().nullable().describe('Who approved, as the tag says; null without an approval'),
  presence: z.enum(['terminal', 'prompt', 'security-key', 'none']).nullable().describe('Who had to be there; none: approved unattended'),
  verdict: z
    .enum(['verified', 'failed', 'unverified', 'not checked', 'no approval'])
    .nullable()
    .describe('Whether the approval holds; null while the session is open'),
});

export const schema = z.strictObject({
  path: z.string().describe('Path of the file from the top of the worktree'),
  line: z.number().int().nullable().describe('The line that was asked for, from 1; null: the whole file'),
  text: z.string().nullable().describe('Text of that line; null for a whole file'),
  origins: z
    .array(
      z.strictObject({
        lines: z.number().int().describe('How many lines of the file'),
        first_line: z.number().int().describe('The first of these lines'),
        commit: z
          .strictObject({
            id: z.string().describe('Full id'),
            subject: z.string().describe('First line of its message'),
            at: z.string().describe('Its date, ISO 8601'),
            author: z.string().describe("The author's address"),
          })
          .nullable()
          .describe('The commit that plain blame names'),
        session: session.nullable().describe('The session that made it; null for a plain commit'),
      }),
    )
    .describe('Most lines first'),
});
