import { z } from 'zod';

export const schema = z.strictObject({
  session: z.string().describe('The session in which it was used'),
  pattern_id: z.string().describe('Id of the pattern'),
  key: z.string().describe('Its key'),
  claim: z.enum(['success', 'failure']).describe('What was said of it: a claim, which no figure rests on'),
  note: z.string().nullable().describe('The note; null: none'),
  record: z.string().describe('Id of the record'),
  at: z.string().describe('Its time, ISO 8601 UTC'),
});
