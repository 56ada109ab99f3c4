import { z } from 'zod';
import { knownPatternPart } from './parts/known-pattern.ts';
import { viewPart } from './parts/memory-entry.ts';

export const schema = z.strictObject({
  ...viewPart,
  patterns: z
    .array(
      z.strictObject({
        ...knownPatternPart,
        score: z.number().describe('Greater is better, comparable within this answer'),
      }),
    )
    .describe('Best first'),
});
