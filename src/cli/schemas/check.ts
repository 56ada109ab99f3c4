import { z } from 'zod';
import { checkResultPart } from './parts/check-result.ts';

export const schema = z.strictObject({
  session: z.string().describe('Id of the session'),
  base: z.strictObject({
    branch: z.string().describe('Short name of the branch that it would land on'),
    commit: z.string().describe('Full id of the commit of base that was merged'),
  }),
  tip: z.string().describe("Full id of the session's newest commit"),
  tree: z.string().describe('Id of the checked tree: base merged with the tip'),
  policy: z.string().nullable().describe('The commit whose policy was in force; null where there is none yet'),
  uncommitted: z.number().int().describe('Files of the working tree that are not committed, and so were not checked'),
  ok: z.boolean().describe('True where no required check stands in the way of a closeout'),
  checks: z.array(checkResultPart).describe('Built-in checks first, then the policy’s in its order'),
});
