import { z } from 'zod';
import { heldPart } from './parts/held.ts';

export const schema = z.strictObject({
  session: z.string().describe('Id of the session'),
  commit: z.string().nullable().describe('The commit of what was left; null: nothing was, or it is queued'),
  files: z.array(z.string()).describe('Files that it holds, relative to the top of the tree'),
  waits: z.string().nullable().describe('Why they are queued and not committed; null: they are not'),
  leftovers: z.array(z.string()).describe('Changed or untracked files outside the session that no record claims; never committed'),
  from_before: z.array(z.string()).describe('The same, but changed already before the session started'),
  held: heldPart,
  drafts: z.array(z.string()).describe('Drafts that were written, relative to the top of the tree'),
});
