/** A finding of an audit in a command's facts. */

import { z } from 'zod';

export const findingPart = z.strictObject({
  level: z.enum(['failed', 'unverified', 'note']).describe('How grave it is; a note is no fault'),
  code: z.string().describe('Short name for programs, such as tag-unsigned'),
  what: z.string().describe('What was found, in a sentence'),
});
