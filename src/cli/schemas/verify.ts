import { z } from 'zod';
import { findingPart } from './parts/finding.ts';

const session = z.strictObject({
  id: z.string().describe('Id of the session'),
  verdict: z
    .enum(['verified', 'failed', 'unverified'])
    .describe('failed: something contradicts what was signed; unverified: nothing proves it'),
  findings: z.array(findingPart).describe('What was found, faults and notes'),
  topic: z.string().describe('The topic as a slug'),
  tag: z.string().nullable().describe('Full name of the backup tag that was judged; null where there is none'),
  approval: z
    .strictObject({
      approver: z
        .strictObject({
          principal: z.string().describe('Who approved, as the list of approvers names them'),
          key: z.string().describe('Fingerprint of the key'),
          format: z.enum(['ssh', 'gpg']).describe('Kind of the key'),
        })
        .describe('The approver that the manifest names; believed only as far as the verdict goes'),
      presence: z.enum(['terminal', 'prompt', 'security-key', 'none']).describe('Who had to be there; none: approved unattended'),
      approved_at: z.string().describe('When it was approved, ISO 8601'),
      closed_at: z.string().describe('When it was sealed, ISO 8601'),
      base_branch: z.string().describe('Short name of the branch that it lands on'),
      seal: z.string().describe("Full id of the seal, the session's last commit"),
      tip: z.string().describe('Full id of the commit before the seal'),
      base: z.string().describe('Full id of the commit of base that it was merged with'),
      landed_tree: z.string().describe('Full id of the tree that was approved to land'),
      manifest_sha256: z.string().describe("Hex digest of the manifest's line with its LF"),
      checks: z
        .array(
          z.strictObject({
            name: z.string().describe('Name of the check'),
            status: z.enum(['passed', 'failed', 'timed-out', 'not-recorded', 'not-needed', 'not-run']).describe('What it came to'),
            required: z.boolean().describe('Whether it had to pass'),
          }),
        )
        .describe('Check results as approved'),
      accepted: z.array(z.string()).describe('What the approver accepted knowingly'),
      policy: z
        .strictObject({
          commit: z.string().describe('Commit of the policy branch that the manifest names'),
          root: z.string().describe('First commit that held policy, as the manifest says'),
          source: z.string().nullable().describe('Commit whose policy files judged; empty where there was no policy'),
        })
        .nullable()
        .describe('The policy that judged; null where it was one of a clone alone (policy: local), which is unaudited'),
    })
    .nullable()
    .describe('What the tag says; null where it says nothing readable'),
  landing: z
    .strictObject({
      commit: z.string().describe('Full id of the commit that brought it to base'),
      at: z.string().describe('Its date, ISO 8601'),
      base: z.string().describe('The branch on which it was found, such as main or origin/main'),
      as: z
        .enum(['signed merge', 'exact', 'as approved', 'updated', 'changed after the seal', 'edited'])
        .nullable()
        .describe(
          'How it landed: by our merge, or by another with the approved tree, the approved changes (updated: with merges of base after the seal), or others; null without an approval',
        ),
      paths: z.array(z.string()).describe('Paths that landed otherwise than they were approved'),
      now: z.enum(['landed', 'reverted']).describe('Whether its files are still on base'),
    })
    .nullable()
    .describe('Where it landed; null where it did not'),
  approvals: z
    .strictObject({
      needed: z.number().int().describe('How many approvals policy asks for'),
      principals: z.array(z.string()).describe('Whose approval counts'),
    })
    .describe('Approvals'),
  cached: z
    .boolean()
    .describe(
      'What the tag says of content was judged earlier on this machine; signatures are checked each time (--no-cache judges all anew)',
    ),
});

export const schema = z.strictObject({
  verdict: z.enum(['verified', 'failed', 'unverified']).describe('The worst verdict'),
  counts: z
    .strictObject({
      verified: z.number().int().describe('Sessions verified'),
      failed: z.number().int().describe('Sessions failed'),
      unverified: z.number().int().describe('Sessions unverified'),
    })
    .describe('Sessions by verdict'),
  sessions: z.array(session).describe('The sessions asked for, newest first'),
  findings: z.array(findingPart).describe('Faults that belong to no session; looked for with --all only'),
  policy: z
    .strictObject({
      branch: z.string().describe('Short name of the policy branch'),
      root: z.string().describe('Full id of the first commit that held policy; empty where there is none'),
      commit: z.string().describe('Full id of the tip that was judged'),
      source: z.string().nullable().describe('Full id of the commit whose policy is in force; null where there is none'),
      local: z.boolean().describe('Whether a policy of this clone alone is in force (git session init --local)'),
    })
    .describe('What the audit rests on'),
});
