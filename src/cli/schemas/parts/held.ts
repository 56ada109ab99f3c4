/** A file that was not committed, in a command's facts. */

import { z } from 'zod';

export const heldPart = z
  .array(
    z.strictObject({
      path: z.string().describe('Relative to the top of the tree'),
      why: z.string().describe('Why it was not committed'),
    }),
  )
  .describe('Files that were left alone');
