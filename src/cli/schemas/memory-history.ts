import { z } from 'zod';
import { memoryEntryPart } from './parts/memory-entry.ts';

const { namespace, key, value, not_recorded, by, expires_at, tags, origin } = memoryEntryPart;

export const schema = z.strictObject({
  namespace,
  key,
  session: z.string().nullable().describe('The session whose view this is; null outside one (approved project memory alone)'),
  events: z
    .array(
      z.strictObject({
        what: z
          .enum(['stored', 'deleted', 'expired', 'not-taken'])
          .describe('What happened; not-taken: a claim of a key that was taken, which never counted'),
        at: z.string().describe('When, ISO 8601 UTC'),
        current: z.boolean().describe('Whether this is what the key holds now'),
        by: by.describe('Who wrote the record'),
        task: z.string().nullable().describe('The task it was written for; null where none was named'),
        session: z.string().describe('Id of the session in which it was written'),
        record: z.string().describe('Id of the record; of an expiry the one whose value expired'),
        value: value.describe('The value; null for a deletion'),
        not_recorded,
        expires_at,
        tags,
        origin,
      }),
    )
    .describe('Newest first'),
});
