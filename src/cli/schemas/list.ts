import { z } from 'zod';
import { sessionPart } from './parts/session.ts';

export const schema = z.strictObject({
  sessions: z.array(sessionPart).describe('The sessions that fit, newest first, at most as many as --limit says'),
  total: z.number().int().describe('How many fit without the limit'),
});
