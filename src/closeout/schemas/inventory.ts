/** `sessions/<id>/inventory.json`. */

import { z } from 'zod';
import { actor, blob, bytes, notRecorded, sessionId, version } from './parts.ts';

const task = z.string().nullable().describe('The task that made it what it is');

export const inventoryArtifact = z.strictObject({
  path: z.string().describe('Path in the tree'),
  kind: z.enum(['code', 'tests', 'docs', 'scripts', 'notes']).describe('Kind of artifact'),
  name: z.string().describe("Path below the kind's folder"),
  status: z.literal('added').describe('Artifacts are always new'),
  blob: blob.describe('Id of its content'),
  size: bytes.describe('Bytes'),
  task,
  actor,
});

export const inventoryChange = z.strictObject({
  path: z.string().describe('Path in the tree'),
  status: z.enum(['added', 'modified', 'deleted']).describe('What the session did to it'),
  blob: blob.nullable().describe('Id of its content; null for a deletion'),
  size: bytes.nullable().describe('Bytes; null for a deletion'),
  task,
  actor,
});

export const inventorySchema = z.strictObject({
  version,
  session_id: sessionId,
  artifacts: z.array(inventoryArtifact).describe('Every file below artifacts/'),
  workspace: z.array(inventoryChange).describe('Every change outside sessions/ and .swarm/'),
  not_recorded: notRecorded,
});
