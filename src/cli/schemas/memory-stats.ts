import { z } from 'zod';

const count = z.number().int().min(0);

export const schema = z.strictObject({
  session: z.string().nullable().describe('The session whose view this is; null outside one (approved project memory alone)'),
  namespaces: z
    .array(
      z.strictObject({
        namespace: z.string().describe('The namespace'),
        scope: z.enum(['session', 'project']).describe('Whether it lives as long as its session, or outlives it once approved'),
        keys: count.describe('Keys that hold something now'),
        own: count.describe('How many of them this session stored'),
        bytes: count.describe('What their values take as JSON'),
        large: count.describe('How many of the values have files of their own'),
        expiring: count.describe('How many of the keys will expire'),
        gone: count.describe('Keys that were written and hold nothing now: deleted or expired'),
        writes: count.describe('Records that wrote there'),
        writers: z.array(z.string()).describe('Names of who wrote them'),
        first_at: z.string().describe('Time of the first of these records, ISO 8601 UTC'),
        last_at: z.string().describe('Time of the last one'),
      }),
    )
    .describe('By name'),
  bad_lines: count.nullable().describe("Lines of the session's log and journal that are no record; null outside a session"),
  unknown_records: count.nullable().describe('Records there of kinds or versions that this program does not know; null outside a session'),
});
