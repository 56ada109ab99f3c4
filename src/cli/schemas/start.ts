import { z } from 'zod';
import { broughtPart, setUpPart } from './parts/brought.ts';
import { hooksPart } from './parts/hooks.ts';
import { patternPart } from './parts/pattern.ts';
import { sessionPart } from './parts/session.ts';

export const schema = z.strictObject({
  session: sessionPart,
  base_commit: z.string().describe('Full id of the commit of base that it started from'),
  linked_worktree: z.string().nullable().describe('Top of the new linked worktree; null where this checkout was switched'),
  brought: broughtPart,
  set_up: setUpPart,
  metadata: z.string().describe("Path of the session's metadata file"),
  artifacts: z
    .strictObject({
      code: z.string().describe('Folder for source files and configuration'),
      tests: z.string().describe('Folder for tests'),
      docs: z.string().describe('Folder for documentation'),
      scripts: z.string().describe('Folder for scripts'),
      notes: z.string().describe('Folder for plans, decisions and lessons'),
    })
    .describe('Where artifacts go, relative to the top of the worktree'),
  carried: z.array(z.string()).describe('Paths with uncommitted changes that came along'),
  initialised: z.boolean().describe('Whether a policy is in force; without one a closeout needs `git session init` first'),
  notes: z.array(z.string()).describe('What a person should know: other open sessions of the topic, and about the policy'),
  hooks: hooksPart,
  continues: z
    .strictObject({
      session: z.string().describe('Id of the session that this one continues'),
      commit: z.string().describe('Full id of the commit that its artifacts were listed from'),
      artifacts: z
        .array(
          z.strictObject({
            kind: z.string().describe('Kind of artifact'),
            path: z.string().describe('Path in that commit'),
            here: z.boolean().describe('Whether the new checkout has it too'),
          }),
        )
        .describe('Its artifacts'),
      notes: z
        .array(
          z.strictObject({ path: z.string().describe('Path in that commit'), text: z.string().describe('Its first 4,000 characters') }),
        )
        .describe('Its notes, with their text'),
      decisions: z.json().describe('What it did and how that came out, as approved memory has it; null where nobody has approved it'),
      patterns: z.array(patternPart).describe('What it learned, as approved'),
    })
    .nullable()
    .describe('The session named by --from; null without one'),
  patterns: z.array(patternPart).describe('Approved patterns of other sessions that fit topic and goal'),
});
