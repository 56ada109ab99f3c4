import { z } from 'zod';
import { knownPatternPart } from './parts/known-pattern.ts';

export const schema = z.strictObject({
  ...knownPatternPart,
  approved: z.boolean().describe('It is not a proposal of the session that asks'),
  uses: z
    .array(
      z.strictObject({
        session: z.string().describe('Id of the session'),
        at: z.string().describe('When it first used it, ISO 8601 UTC'),
        claim: z.enum(['success', 'failure']).nullable().describe('What was said of it there last; null: nothing'),
        note: z.string().nullable().describe('The note with that; null: none'),
      }),
    )
    .describe('Sessions that used it, oldest first'),
  history: z
    .array(
      z.strictObject({
        key: z.string().describe('The key: its own, or one that was merged into it'),
        what: z.enum(['stored', 'deleted']).describe('What was done'),
        at: z.string().describe('When, ISO 8601 UTC'),
        by: z.string().describe('Who did it'),
        session: z.string().describe('In which session'),
      }),
    )
    .describe('What was written under its key, and under those merged into it, oldest first'),
});
