import { z } from 'zod';
import { patternPart } from './parts/pattern.ts';
import { reasonPart } from './parts/reason.ts';

export const schema = z.strictObject({
  session: z.string().describe('Id of the session'),
  task: z.string().describe('Id of the task, as given or made of its description'),
  description: z.string().nullable().describe('What the task is; null: nobody said'),
  agent: z.string().describe('Who does it'),
  record: z.string().nullable().describe('Id of the record of its start; null: it was open already, and nothing is new'),
  artifacts: z.record(z.string(), z.string()).describe('Where each kind of artifact goes: folders relative to the top of the tree'),
  memory: z
    .strictObject({
      session: z.string().describe('Namespace that lives as long as the session'),
      project: z.string().describe('Namespace that outlives it once a person approves'),
    })
    .describe('Namespaces of memory'),
  sent_back: z.array(reasonPart).describe('Why a person sent the session back, where no closeout was prepared since'),
  patterns: z.array(patternPart).describe('What approved sessions learned that fits the description, best first'),
});
