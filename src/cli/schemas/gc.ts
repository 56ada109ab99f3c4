/** The output of `git session gc --json`. */

import { z } from 'zod';

export const schema = z.strictObject({
  keep_days: z.number().int().describe('The retention: nothing younger than so many days goes'),
  done: z.boolean().describe('True where what goes has gone'),
  trash: z
    .array(
      z.strictObject({
        ref: z.string().describe('Full name'),
        object: z.string().describe('Full id of what it holds, or held'),
        subject: z.string().describe('First line of the message of that commit or tag'),
        commits_only_here: z.number().int().describe('How many of its commits no branch or tag has'),
        goes: z.boolean().describe('Whether it goes, or went'),
        why: z
          .enum(['held elsewhere', 'past its retention', 'not old enough', 'age not recorded', 'session open', 'number in use'])
          .describe('The reason; `number in use`: it remembers that the tag of this name was pushed'),
        since: z.string().nullable().describe('When its session or act was last changed, ISO 8601; null where that is not recorded'),
        days: z.number().int().nullable().describe('Whole days since then; null where that is not recorded'),
        elsewhere: z.string().nullable().describe('A branch or tag that holds it as well; null where none does'),
      }),
    )
    .describe('Every ref of the trash'),
});
