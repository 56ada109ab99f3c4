import { z } from 'zod';
import { sessionPart } from './parts/session.ts';
import { artifactPart, basePart, changePart, recordsPart, taskPart } from './parts/task.ts';

export const schema = z.strictObject({
  session: sessionPart,
  started_by: z.string().nullable().describe('Who started it; null where its first record is not here'),
  resumed_at: z.array(z.string()).describe('When its branch was checked out again in this clone, ISO 8601 UTC, oldest first'),
  abandoned_because: z.string().nullable().describe('The reason that was given; null where none was, or it is not abandoned'),
  found_at: z
    .string()
    .describe('Full ref that its newest commit was found under: branch, backup tag, trash, or a branch that it landed on'),
  base: basePart,
  agents: z.array(z.string()).describe('Types, or else names, of the agents that its records know'),
  tasks: z.array(taskPart).describe('Its tasks, in the order of their start'),
  artifacts: z.array(artifactPart).describe('Its artifacts'),
  workspace_changes: z.array(changePart).nullable().describe('Its changes outside sessions/ and .swarm/; null where that cannot be told'),
  memory: z
    .array(
      z.strictObject({
        key: z.string().describe('Key with its namespace in front'),
        by: z.string().describe('Who stored it'),
        at: z.string().describe('ISO 8601 UTC'),
        task: z.string().nullable().describe('Under which task; null where under none'),
        cleaned: z.boolean().describe('It lived as long as the session: the backup holds it, and the log no more'),
      }),
    )
    .describe("Live entries of the session's own memory; of a sealed or closed one as it was sealed"),
  patterns: z
    .strictObject({
      learned: z
        .array(z.strictObject({ id: z.string().describe('Id of the pattern'), title: z.string().describe('What it is about') }))
        .describe('Patterns that the session stored'),
      offered: z.array(z.string()).describe('Ids of patterns that it was offered'),
      used: z.array(z.string()).describe('Ids of patterns that its agents say they used'),
    })
    .describe('What it learned, and what it was offered'),
  checks: z
    .array(
      z.strictObject({
        name: z.string().describe('Name of the check'),
        status: z.string().describe('What its last recorded run came to'),
        at: z.string().describe('When it ran, ISO 8601 UTC'),
        tests: z.number().nullable().describe('Tests that ran; null where not recorded'),
        coverage: z.number().nullable().describe('Percent of lines; null where not recorded'),
      }),
    )
    .describe('The last recorded run of each check'),
  rejections: z
    .array(
      z.strictObject({
        at: z.string().describe('ISO 8601 UTC'),
        text: z.string().describe('The reason, with the place that it is about in front'),
      }),
    )
    .describe('Why it was sent back, oldest first'),
  approval: z
    .strictObject({
      tag: z.string().describe('Short name of the backup tag'),
      seal: z.string().describe('Full id of the commit that the tag names'),
      approver: z.string().describe('The principal that it names'),
      also_by: z.array(z.string()).describe('Principals that further approval tags of this seal name'),
      key: z.string().describe('Fingerprint of the key that it names'),
      approved_at: z.string().describe('ISO 8601 UTC'),
      presence: z.string().describe('How a person was asked for; none: nobody was'),
      checks: z
        .array(
          z.strictObject({
            name: z.string().describe('Name of the check'),
            status: z.string().describe('What it came to'),
            required: z.boolean().describe('Whether policy requires it'),
          }),
        )
        .describe('The checks that were approved'),
      patterns_kept: z.array(z.string()).describe('Ids of the patterns that were kept'),
    })
    .nullable()
    .describe('What the backup tag says, not verified here; null where there is no tag'),
  landed: z
    .strictObject({
      base: z.string().describe('The branch on which it was found, such as main or origin/main'),
      commit: z.string().describe('Full id of the commit that brought it'),
      at: z.string().describe('Its date, ISO 8601 UTC'),
      reverted: z.boolean().describe('Its files are no longer on the branch'),
    })
    .nullable()
    .describe('Where it landed; null where it did not'),
  records: recordsPart,
  notes: z.array(z.string()).describe('Sentences that a person should read'),
});
