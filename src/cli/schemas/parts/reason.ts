/** Why a session was sent back, in a command's facts. */

import { z } from 'zod';

export const reasonPart = z.strictObject({
  text: z.string().describe('What has to change'),
  path: z.string().nullable().describe('The file that it is about; null where none was named'),
  line: z.number().int().nullable().describe('The line in that file; null where none was named'),
});
