/** `.swarm/backups/<id>.json`. */

import { z } from 'zod';
import { inventoryArtifact, inventoryChange } from './inventory.ts';
import { kinds, minutes, moment, notRecorded, percent, sessionId, taskStatus, version } from './parts.ts';

const count = z.number().int().min(0);

const entry = z.strictObject({
  key: z.string().describe('The key within the namespace'),
  value: z.json().describe('The value'),
  at: moment.describe('When it was stored, ISO 8601, UTC'),
  by: z.string().describe('Who stored it'),
  task: z.string().nullable().describe('The task that it was stored in; null for none'),
  expires_at: moment.optional().describe('When it goes; left out where it does not'),
  tags: z.array(z.string()).describe('Its tags'),
  origin: z
    .strictObject({
      session: z.string().describe('The session that it was stored in first'),
      record: z.string().describe('Id of the record there'),
      at: moment.describe('When, ISO 8601, UTC'),
      by: z
        .strictObject({
          kind: z.enum(['person', 'agent', 'subagent', 'tool']).describe('What kind of actor'),
          name: z.string().describe('What people call it'),
          id: z.string().optional().describe("The client's own id of the agent"),
        })
        .describe('By whom'),
    })
    .optional()
    .describe('Where it was imported from, as the imported file said; left out where it was stored in this session'),
});

const pattern = z.strictObject({
  pattern_id: z.string().describe('Id of the pattern'),
  key: z.string().describe('Its key in the reasoning bank'),
  success_rate: percent.describe('Percent of closeouts in which it worked, measured; null where none was measured'),
  measured: z
    .strictObject({ k: count.describe('Closeouts in which it worked'), n: count.describe('Closeouts counted') })
    .nullable()
    .describe('What success_rate rests on; null where nothing was measured'),
  claimed_success_rate: z.number().optional().describe('What the agent that stored it said; left out where it said nothing'),
  reusable: z.boolean().nullable().describe('What the agent that stored it said of reuse'),
  change: z.enum(['new', 'changed', 'removed']).describe('What the session did to the reasoning bank'),
  edited: z.boolean().describe("It landed in a person's own version"),
});

export const backupSchema = z.strictObject({
  version,
  session_id: sessionId,
  created_at: moment.describe('When it started, ISO 8601, UTC'),
  closed_at: moment.describe('When it was approved, ISO 8601, UTC'),
  duration_minutes: minutes.describe('Wall-clock minutes from start to close'),
  topic: z.string().describe('What the session was about'),
  goal: z.string().nullable().describe('The goal as it was asked'),
  agents: z
    .array(
      z.strictObject({
        type: z.string().nullable().describe('Type of agent'),
        task: z.string().nullable().describe('What its task was'),
        status: taskStatus,
        duration_minutes: minutes.describe('Wall-clock minutes of the task'),
      }),
    )
    .describe('One for each task, in the order of their start'),
  artifacts: kinds(z.array(z.string()), 'Names of artifacts below their kind'),
  memory_snapshot: z.record(z.string(), z.array(entry)).describe('Live memory of the session by namespace; dropped patterns are left out'),
  metrics: z
    .strictObject({
      test_coverage: percent.describe('Percent of lines covered: the lowest that a passing check recorded'),
      files_created: count.describe('Artifacts, and files added outside the session folder'),
      memory_entries: count.describe('Live entries of memory that the session wrote'),
      agents_spawned: count.describe('Agents that worked'),
    })
    .describe('The figures in short; all of them are in metrics.json'),
  learned_patterns: z.array(pattern).describe('Patterns that the closeout kept'),
  dropped_patterns: z.array(z.string()).describe('Keys of patterns that the closeout did not keep'),
  timings: z
    .strictObject({
      active_minutes: minutes.describe('Minutes in which something was recorded at least every quarter of an hour'),
      tasks: z
        .array(
          z.strictObject({
            task: z.string().describe('Id of the task'),
            started_at: moment.describe('When it started, ISO 8601, UTC'),
            finished_at: moment.nullable().describe('When it ended; null while it is open'),
          }),
        )
        .describe('The tasks, in the order of their start'),
    })
    .describe('When what happened'),
  inventory: z
    .strictObject({
      artifacts: z.array(inventoryArtifact).describe('Every artifact'),
      workspace: z.array(inventoryChange).describe('Every change outside sessions/ and .swarm/'),
    })
    .describe('As in inventory.json'),
  not_recorded: notRecorded,
});
