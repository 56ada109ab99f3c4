import { z } from 'zod';
import { broughtPart, setUpPart } from './parts/brought.ts';
import { hooksPart } from './parts/hooks.ts';
import { sessionPart } from './parts/session.ts';

export const schema = z.strictObject({
  session: sessionPart,
  worktree: z.string().describe('Top of the worktree that has it checked out now'),
  moved: z.boolean().describe('False where it was checked out there already'),
  brought: broughtPart,
  set_up: setUpPart,
  hooks: hooksPart,
});
