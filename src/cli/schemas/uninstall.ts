/** The output of `git session uninstall --json`. */

import { z } from 'zod';

export const schema = z.strictObject({
  branch: z.string().describe('short name of the policy branch'),
  commit: z.string().nullable().describe('the commit that was made there; null where nothing was connected'),
  files: z
    .array(
      z.strictObject({
        path: z.string().describe('relative to the top of the repository'),
        change: z.enum(['remove', 'change']).describe('whether anything is left of the file'),
      }),
    )
    .describe('what the commit removes and changes'),
});
