/** A task in a command's facts. */

import { z } from 'zod';

export const taskPart = z.strictObject({
  task: z.string().describe('Id of the task'),
  description: z.string().nullable().describe('What it is about; null where nobody said'),
  agent: z.string().describe('Type of the agent, or its name where no type was given'),
  status: z.enum(['open', 'completed', 'failed', 'cancelled']).describe('How it stands'),
  started_at: z.string().describe('ISO 8601 UTC'),
  finished_at: z.string().nullable().describe('ISO 8601 UTC; null while it is open'),
  files: z.number().int().describe('How many files were edited under it'),
  note: z.string().nullable().describe('What was said at its end; null where nothing was'),
});

export const artifactPart = z.strictObject({
  kind: z.enum(['code', 'tests', 'docs', 'scripts', 'notes']).describe('Kind of artifact'),
  path: z.string().describe('Path relative to the top of the tree'),
  size: z.number().int().describe('Bytes'),
});

export const changePart = z.strictObject({
  status: z.enum(['A', 'M', 'D', 'T']).describe('Added, modified, deleted, or of another type'),
  path: z.string().describe('Path relative to the top of the tree'),
});

export const basePart = z.strictObject({
  name: z.string().describe('Short name of the base branch'),
  commit: z.string().nullable().describe('Its commit now; null where the branch is not in this clone'),
  ahead: z.number().int().nullable().describe('Commits that only the session has'),
  behind: z.number().int().nullable().describe('Commits that only base has: how far it moved'),
});

export const recordsPart = z.strictObject({
  total: z.number().int().describe('Records of the session'),
  bad: z.number().int().describe('Lines that are no record'),
  unknown: z.number().int().describe('Records of a kind or version that this program does not know'),
});
