import { z } from 'zod';

export const schema = z.strictObject({
  session: z.string().describe('The session that proposes it'),
  from: z.string().describe('Key of the pattern that goes'),
  into: z.string().describe('Key of the pattern that stays, with what both say and were measured'),
  record: z.string().describe('Id of the record that stored it'),
  at: z.string().describe('Its time, ISO 8601 UTC'),
});
