import { z } from 'zod';
import { hooksPart } from './parts/hooks.ts';
import { reasonPart } from './parts/reason.ts';
import { sessionPart } from './parts/session.ts';
import { artifactPart, basePart, changePart, recordsPart, taskPart } from './parts/task.ts';

export const schema = z.strictObject({
  session: sessionPart.nullable().describe('The session of this checkout; null outside of one'),
  base: basePart.nullable().describe('How base stands to it; null outside a session'),
  tasks: z.array(taskPart).describe('Its tasks, in the order of their start'),
  artifacts: z.array(artifactPart).describe('Its artifacts at the tip'),
  workspace_changes: z
    .array(changePart)
    .nullable()
    .describe('Changes outside sessions/ and .swarm/ since it left base; null where that cannot be told'),
  uncommitted: z
    .array(
      z.strictObject({
        path: z.string().describe('Path relative to the top of the tree'),
        how: z.string().describe('untracked, staged, modified, staged and modified, or unmerged'),
      }),
    )
    .describe('What is not committed in this checkout'),
  queued_checkpoints: z.number().int().describe('Checkpoints that wait to be committed, of all sessions of this clone'),
  memory_entries: z.number().int().describe("Live memory entries of the session's own records"),
  records: recordsPart.extend({
    uncommitted: z
      .number()
      .int()
      .describe('Records of memory, tasks and uses of patterns since the last checkpoint: a push leaves them here'),
  }),
  rejection: z
    .strictObject({
      at: z.string().describe('ISO 8601 UTC'),
      reasons: z.array(reasonPart).describe('What has to change'),
    })
    .nullable()
    .describe('The last rejection, until the next closeout is prepared; null where there is none'),
  hooks: hooksPart,
  initialised: z.boolean().describe('Whether a policy is in force'),
  local_policy: z.boolean().describe('Whether that is a policy of this clone alone (git session init --local)'),
  unpushed_landings: z.array(z.string()).describe('Ids of sessions that landed on base and are not on its upstream as last fetched'),
  awaiting: z.array(z.string()).describe('Ids of sessions approved here and not yet seen landed'),
  open_sessions: z.array(sessionPart).describe('Outside a session: those whose branch stands'),
  notes: z.array(z.string()).describe('Sentences that a person should read'),
  next: z.string().describe('What to do next'),
});
