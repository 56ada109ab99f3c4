import { z } from 'zod';

const count = z.number().int().min(0);

export const schema = z.strictObject({
  session: z.string().describe('The session that they were imported into'),
  added: count.describe('How many entries were added'),
  already_here: count.describe('How many were there already'),
  older: count.describe('How many were left out, since their keys were stored later here'),
  deleted: count.describe('How many were left out, since their keys were deleted here since'),
  expired: count.describe('How many were left out, since they have expired'),
});
