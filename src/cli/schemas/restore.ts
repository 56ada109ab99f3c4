import { z } from 'zod';
import { sessionPart } from './parts/session.ts';
import { schema as started } from './start.ts';

export const schema = z.strictObject({
  restored: sessionPart.nullable().describe('The session that is active again; null with --continue'),
  started: started.nullable().describe('With --continue: the new session, as `start` tells it; null without'),
});
