/** The output of `git session backup import --json`. */

import { z } from 'zod';

export const schema = z.strictObject({
  file: z.string().describe('Absolute path of the bundle'),
  refs: z
    .array(
      z.strictObject({
        ref: z.string().describe('Full name'),
        oid: z.string().describe('Full id of the object'),
        made: z.boolean().describe('False where it stood here already'),
      }),
    )
    .describe('Every ref of the bundle'),
});
