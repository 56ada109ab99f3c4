/** `sessions/<id>/metrics.json`. */

import { z } from 'zod';
import { kinds, minutes, moment, notRecorded, percent, sessionId, taskStatus, version } from './parts.ts';

const count = z.number().int().min(0);
const lines = count.nullable();

export const metricsSchema = z.strictObject({
  version,
  session_id: sessionId,
  created_at: moment.describe('When it started, ISO 8601, UTC'),
  closed_at: moment.describe('When it was approved, ISO 8601, UTC'),
  duration_minutes: minutes.describe('Wall-clock minutes from start to close'),
  active_minutes: minutes.describe('Minutes in which something was recorded at least every quarter of an hour'),
  agents_spawned: count.describe('Agents that worked: one per id that a client gave, and one per task where it gave none'),
  files_created: count.describe('Artifacts, and files added outside the session folder'),
  artifacts: kinds(count, 'Number of artifacts by kind'),
  workspace: z
    .strictObject({
      added: count.describe('Files added'),
      modified: count.describe('Files changed'),
      deleted: count.describe('Files deleted'),
    })
    .describe('Changes outside sessions/ and .swarm/'),
  lines_added: lines.describe('Lines added in all these files; null where one is binary'),
  lines_removed: lines.describe('Lines removed in all these files; null where one is binary'),
  memory_entries: count.describe('Live entries of memory that the session wrote'),
  memory: z.record(z.string(), count).describe('The same by namespace'),
  test_coverage: percent.describe('Percent of lines covered: the lowest that a passing check recorded'),
  agents: z
    .array(
      z.strictObject({
        type: z.string().nullable().describe('Type of agent'),
        id: z.string().optional().describe("The client's own id; left out where it gave none"),
        tasks: z.array(z.string()).describe('Ids of its tasks'),
        outcomes: z
          .strictObject({
            completed: count.describe('Tasks that were completed'),
            failed: count.describe('Tasks that failed'),
            cancelled: count.describe('Tasks that were cancelled'),
            open: count.describe('Tasks that have not ended'),
          })
          .describe('What became of its tasks'),
        started_at: moment.describe('When its first task started, ISO 8601, UTC'),
        finished_at: moment.optional().describe('When its last task ended; left out while one is open'),
        duration_minutes: minutes.describe('Wall-clock minutes of its tasks together'),
        edits: count.describe('Edits that were recorded'),
        files_edited: count.describe('Files that it edited'),
        lines_added: lines.describe('Lines added in the files whose last recorded edit is of its tasks; null where one is binary'),
        lines_removed: lines.describe('Lines removed in the same files'),
        tokens: z.number().min(0).nullable().describe('Tokens of its tasks together'),
        tool_calls: z.number().min(0).nullable().describe('Calls of tools of its tasks together'),
      }),
    )
    .describe('The agents, in the order of their first task'),
  tasks: z
    .array(
      z.strictObject({
        task: z.string().describe('Id of the task'),
        description: z.string().nullable().describe('What it was'),
        agent_type: z.string().nullable().describe('Type of agent'),
        status: taskStatus,
        started_at: moment.describe('When it started, ISO 8601, UTC'),
        finished_at: moment.optional().describe('When it ended; left out while it is open'),
        duration_minutes: minutes.optional().describe('Wall-clock minutes; left out while it is open'),
        edits: count.describe('Edits that were recorded'),
        files_edited: count.describe('Files that it edited'),
        lines_added: lines.describe('Lines added in the files whose last recorded edit is its own; null where one is binary'),
        lines_removed: lines.describe('Lines removed in the same files'),
        model: z.string().nullable().describe('The model that its agent used'),
        tokens: z.number().min(0).nullable().describe('Tokens that it took'),
        tool_calls: z.number().min(0).nullable().describe('Calls of tools that it made'),
      }),
    )
    .describe('The tasks, in the order of their start'),
  checks: z
    .array(
      z.strictObject({
        name: z.string().describe('Name of the check'),
        required: z.boolean().describe('Whether the closeout needed it to pass'),
        status: z.enum(['passed', 'failed', 'timed-out', 'not-recorded', 'not-needed', 'not-run']).describe('What it came to'),
        duration_ms: z.number().min(0).nullable().describe('How long it took, in milliseconds; null where it did not run'),
        coverage: percent.describe('Percent of lines covered, where the check measures that'),
        tests: z
          .strictObject({
            total: count.describe('Tests that were found'),
            passed: count.describe('Tests that passed'),
            failed: count.describe('Tests that failed'),
            skipped: count.describe('Tests that did not run'),
          })
          .nullable()
          .describe('Counts of tests, where the check runs some'),
      }),
    )
    .describe('Results of the checks at the sealing'),
  records: z
    .strictObject({
      total: count.describe('Records of the session'),
      bad: count.describe('Lines that could not be read'),
      unknown: count.describe('Records of kinds that this program does not know'),
    })
    .describe('What the figures were made from'),
  not_recorded: notRecorded,
});
