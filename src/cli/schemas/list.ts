import { z } from 'zod';
import { sessionPart } from './parts/session.ts';

export const schema = z.strictObject({
  sessions: z.array(sessionPart).describe('The sessions that fit, newest first, at most as many as --limit says'),
  unreadable: z
    .array(z.strictObject({ id: z.string().describe('The session'), why: z.string().describe('What is wrong with its metadata.json') }))
    .describe('Sessions with a branch here whose metadata cannot be read'),
  total: z.number().int().describe('How many fit without the limit'),
});
