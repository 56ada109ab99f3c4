import { z } from 'zod';
import { checkResultPart } from './parts/check-result.ts';
import { reasonPart } from './parts/reason.ts';

export const schema = z.strictObject({
  session: z.string().describe('Id of the session'),
  state: z
    .enum(['active', 'review', 'sealed', 'closed', 'abandoned'])
    .describe('Where it stands now: closed means landed; review and abandoned mean that nothing was decided'),
  base: z.string().describe('Short name of the branch that it lands on'),
  review: z
    .strictObject({
      tip: z.string().describe("Full id of the session's newest commit before the seal"),
      tree: z.string().describe('Id of the checked tree: base merged with the tip'),
      digest: z.string().describe('Hex sha256 of what the review rests on'),
      checks: z.array(checkResultPart).describe('Every check on that tree'),
      blocking: z.array(z.string()).describe('Names of required checks that keep it from being approved'),
      concerns: z.array(z.string()).describe('What has to be accepted knowingly'),
      leftovers: z.array(z.string()).describe("Uncommitted paths outside the session's folder: no part of this closeout"),
      strays: z
        .array(
          z.strictObject({
            path: z.string().describe('Path'),
            use: z.string().nullable().describe('Where it belongs; null where nobody can say'),
          }),
        )
        .describe('Files where routing does not want them'),
    })
    .nullable()
    .describe('What was reviewed; null where an interrupted closeout was only finished'),
  seal: z.string().nullable().describe('Full id of the seal commit; null where there is none'),
  merge: z.string().nullable().describe('Full id of the signed merge commit on base; null where it has not landed here'),
  tag: z.string().nullable().describe('Short name of the signed backup tag; null where nothing was signed'),
  unattended: z.boolean().describe('Approved without a person, as the policy says (presence: none)'),
  rejected: z.array(reasonPart).nullable().describe('Why it was sent back; null where it was not'),
  pushed: z.string().nullable().describe('Remote that base and tag were pushed to as a part of landing; null where none was'),
  push: z.string().nullable().describe('Command line that brings this to the remote; null without one, or where nothing is to push'),
  resumed: z.boolean().describe('An interrupted closeout was found and finished'),
  notes: z.array(z.string()).describe('What a person should know of the tidying'),
  request: z
    .strictObject({
      remote: z.string().describe('Name of the remote'),
      branch: z.string().describe('The session branch'),
      title: z.string().describe('Title of the request'),
      body: z.string().describe('Its text, Markdown: how to approve and verify it, and the sealed summary'),
      tool: z.enum(['gh', 'glab']).nullable().describe('The program that opens it; null where none for this remote is here'),
      pushed: z.boolean().describe('The remote has the branch as it is here'),
      url: z.string().nullable().describe('Address of the request as the program printed it; null without one'),
      failed: z.string().nullable().describe('Why the program opened none; null where it did, or was not asked to'),
      next: z.array(z.string()).describe('Command lines that are left to do by hand'),
    })
    .nullable()
    .describe('The request for review; null without --pr, or where nothing was sealed'),
  asks: z.string().nullable().describe('What the agent that prepares is asked, once in a session: to propose patterns; null otherwise'),
});

export type CloseoutFacts = z.infer<typeof schema>;
