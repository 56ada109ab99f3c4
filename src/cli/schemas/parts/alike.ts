/** A pattern that says nearly the same. */

import { z } from 'zod';

export const alikePart = z.strictObject({
  key: z.string().describe('Its key'),
  id: z.string().describe('Its id'),
  title: z.string().describe('Its title'),
  similarity: z.number().int().describe('Percent of shared words, what names it counting double'),
});
