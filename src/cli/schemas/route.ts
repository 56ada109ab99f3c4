import { z } from 'zod';
import { ARTIFACT_KINDS } from '../../core/session/metadata.ts';

const judged = z.strictObject({
  path: z.string().describe('The path that was judged, relative to the top of the worktree'),
  verdict: z
    .enum(['session', 'workspace', 'refused', 'warned'])
    .describe("session: below the session's folder; workspace: a change of the product, allowed; warned: allowed with a warning; refused"),
  kind: z.enum(ARTIFACT_KINDS).nullable().describe('Kind of artifact that it is or would be; null where it can be none'),
  use: z.string().nullable().describe('The path to write instead; null where nothing is wrong or there is none'),
  why: z.string().describe('The reason, as the end of a sentence'),
});

export const schema = z.strictObject({
  paths: z.array(judged).describe('The paths as they were given, each with what was found'),
  who: z.enum(['agent', 'person']).describe('For whom they were judged: agents are refused where people are warned'),
  mode: z.enum(['enforce', 'warn', 'off', 'strict']).describe('routing.mode of the policy in force'),
  session: z.string().nullable().describe('Id of the session checked out here; null outside one'),
});
