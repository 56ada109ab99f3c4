/** `sessions/<id>/metadata.json`. */

import { z } from 'zod';
import { moment, sessionId, version } from './parts.ts';

export const metadataSchema = z.strictObject({
  version,
  id: sessionId,
  topic: z.string().describe('What the session is about, as a slug'),
  goal: z.string().nullable().describe('The goal as it was asked; null where none was given'),
  status: z.enum(['active', 'closed', 'abandoned']).describe('closed is written by the seal, and true once the seal has landed'),
  created_at: moment.describe('When it started, ISO 8601, UTC'),
  closed_at: moment.nullable().describe('When it was approved; null while it is open'),
  branch: z.string().describe('Short name of the session branch'),
  base: z.string().describe('Short name of the branch that it started from and lands on'),
  continues: sessionId.nullable().describe('The session that this one continues'),
  related: z.array(sessionId).describe('Other sessions that have to do with it'),
  backup_location: z.string().nullable().describe('Path of the backup; null while it is open'),
});
