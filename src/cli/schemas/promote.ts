import { z } from 'zod';
import { movedPart } from './parts/moved.ts';

export const schema = z.strictObject({
  ...movedPart,
  replaced: z.boolean().describe('Whether a file of the product was overwritten'),
  warning: z.string().nullable().describe('What routing warns of at the new place; null where it is fine'),
});
