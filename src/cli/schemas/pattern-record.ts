import { z } from 'zod';
import { alikePart } from './parts/alike.ts';

export const schema = z.strictObject({
  session: z.string().describe('The session in which it was recorded'),
  pattern_id: z.string().describe('Id of the pattern, as given or made of its title'),
  key: z.string().describe('Its key in the reasoning bank'),
  change: z.enum(['new', 'changed']).describe('Whether there was a pattern under this key'),
  record: z.string().describe('Id of the record'),
  at: z.string().describe('Its time, ISO 8601 UTC'),
  alike: z.array(alikePart).describe('Patterns that say nearly the same, most alike first'),
});
