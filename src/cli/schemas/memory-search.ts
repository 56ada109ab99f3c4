import { z } from 'zod';
import { foundPart, memoryEntryPart } from './parts/memory-entry.ts';

export const schema = z.strictObject({
  ...foundPart,
  entries: z
    .array(
      z.strictObject({
        ...memoryEntryPart,
        score: z.number().nullable().describe('Greater is better, comparable within this answer; null where no words were given'),
        snippet: z.string().describe('The part of the value around the first word found, on one line'),
        matches: z
          .array(
            z.strictObject({
              word: z.string().describe('The word that was looked for, lower case'),
              found: z.string().describe('The word that stands there'),
              field: z.enum(['key', 'tags', 'title', 'description', 'lessons', 'applies_to', 'value']).describe('Where'),
              how: z
                .enum(['word', 'beginning', 'typo'])
                .describe('The word itself, one with the same beginning, or one with a typing error'),
            }),
          )
          .describe('Why it was found; empty where no words were given'),
      }),
    )
    .describe('Best first; without words by namespace and key'),
});
