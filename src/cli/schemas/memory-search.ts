import { z } from 'zod';
import { memoryEntryPart, viewPart } from './parts/memory-entry.ts';

export const schema = z.strictObject({
  ...viewPart,
  entries: z
    .array(
      z.strictObject({
        ...memoryEntryPart,
        score: z.number().nullable().describe('Greater is better, comparable within this answer; null where no words were given'),
        snippet: z.string().describe('The part of the value around the first word found, on one line'),
      }),
    )
    .describe('Best first; without words by namespace and key'),
});
