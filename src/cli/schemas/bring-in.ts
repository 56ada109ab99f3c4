/** The output of `git session bring-in --json`. */

import { z } from 'zod';

export const schema = z.strictObject({
  session: z.string().describe('id of the session'),
  branch: z.string().describe('short name of the branch that was merged'),
  commit: z.string().nullable().describe('the merge; null where the session holds everything of the branch already'),
  left: z.array(z.string()).describe("files that lie uncommitted in the branch's worktree, and stay behind"),
});
