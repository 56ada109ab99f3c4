import { z } from 'zod';
import { hooksPart } from './parts/hooks.ts';
import { sessionPart } from './parts/session.ts';

export const schema = z.strictObject({
  session: sessionPart,
  worktree: z.string().describe('Top of the worktree that has it checked out now'),
  moved: z.boolean().describe('False where it was checked out there already'),
  hooks: hooksPart,
});
