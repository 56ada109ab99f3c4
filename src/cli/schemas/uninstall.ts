/** The output of `git session uninstall --json`. */

import { z } from 'zod';

export const schema = z.strictObject({
  branch: z.string().nullable().describe('short name of the policy branch; null where only this clone is cleared'),
  commit: z
    .string()
    .nullable()
    .describe('the commit that was made there; null where nothing tracked was left to change, or with --dry-run'),
  files: z
    .array(
      z.strictObject({
        path: z.string().describe('relative to the top of the repository'),
        change: z.enum(['remove', 'change']).describe('whether anything is left of the file'),
        exact: z.boolean().describe('true where it is as before the set-up, to the byte; false where only our part went'),
      }),
    )
    .describe('what the commit removes and changes'),
  here: z
    .array(
      z.strictObject({
        path: z.string().describe('absolute'),
        change: z.enum(['remove', 'change']).describe('whether anything is left of the file'),
      }),
    )
    .describe('files of this clone alone that go back to what they were'),
  settings: z
    .array(
      z.strictObject({
        key: z.string().describe('name of the setting'),
        value: z.string().nullable().describe('what it is again; null where it is gone'),
      }),
    )
    .describe("settings of this clone's git configuration"),
  holds: z
    .strictObject({
      records: z
        .array(
          z.strictObject({
            session: z.string().describe('id of the session'),
            count: z.number().int().describe('records that no commit holds'),
          }),
        )
        .describe('sessions with records that are in the private state alone'),
      checkpoints: z.number().int().describe('checkpoints that were asked for and not made'),
      closeouts: z.array(z.string().describe('id of the session')).describe('closeouts that were begun and not finished'),
      awaited: z.array(z.string().describe('id of the session')).describe('sessions approved or sealed here and not yet seen landed'),
      trash: z.array(z.string().describe('full name of the ref')).describe('refs that keep dropped work'),
    })
    .nullable()
    .describe('what the private state holds, or held; null with --agent'),
  notes: z.array(z.string().describe('a sentence for the person')).describe('what else the person should know'),
});
