import { z } from 'zod';
import { reasonPart } from './parts/reason.ts';

export const schema = z.strictObject({
  session: z.string().describe('Id of the session'),
  state: z.literal('active').describe('It is active again'),
  reasons: z.array(reasonPart).describe('Why it was sent back, as its agents will see it'),
  withdrawn: z.string().nullable().describe('Full id of the seal that was withdrawn; null where it was not sealed'),
  kept: z.string().nullable().describe('Ref that keeps the withdrawn seal; null where there is none'),
  tag: z.string().nullable().describe('Short name of the backup tag that was withdrawn; null where there was none'),
});
