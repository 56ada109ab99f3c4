/** A pattern as it is offered. */

import { z } from 'zod';

export const patternPart = z.strictObject({
  id: z.string().describe('Id of the pattern'),
  key: z.string().describe('Its key in the reasoning bank'),
  title: z.string().describe('What it is about, on one line'),
  kind: z.enum(['strategy', 'pitfall']).describe('Something to do, or to avoid'),
  approach: z.string().nullable().describe('The approach; null where none was stored'),
  lessons: z.array(z.string()).describe('Lessons learned'),
  session: z.string().describe('Id of the session that learned it'),
  approver: z.string().nullable().describe('Who approved that session; null where policy asks for nobody (memory.trust: landed)'),
  succeeded: z.number().int().describe('Closeouts of sessions that used it in which it worked'),
  of: z.number().int().describe('Closeouts counted; 0: none yet'),
});
