import { z } from 'zod';
import { schema as importedRefs } from './backup-import.ts';
import { sessionPart } from './parts/session.ts';
import { schema as started } from './start.ts';

const count = z.number().int();

export const schema = z.strictObject({
  restored: sessionPart.nullable().describe('The session whose branch stands again; null where a new session started instead'),
  started: started.nullable().describe('With --continue, or from a backup: the new session, as `start` tells it; null otherwise'),
  imported: importedRefs.shape.refs.nullable().describe('From a bundle: every ref of it; null otherwise'),
  backup: z
    .strictObject({
      session: z.string().describe('Id of the session that it is of'),
      entries: count.describe('Entries of memory that the new session got'),
      left_out: count.describe('Entries that are here already, newer here, deleted here, or have expired'),
      artifacts: count.describe('Artifacts that it names, and does not hold'),
      workspace: count.describe('Workspace changes that it names, and does not hold'),
    })
    .nullable()
    .describe('From a backup alone: what it held; null otherwise'),
});
