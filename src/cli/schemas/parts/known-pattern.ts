/** A pattern of the reasoning bank in full, its fields as the description of the system has them. */

import { z } from 'zod';

export const knownPatternPart = {
  pattern_id: z.string().describe('Id of the pattern'),
  key: z.string().describe('Its key in the reasoning bank'),
  title: z.string().describe('What it is about, on one line'),
  kind: z.enum(['strategy', 'pitfall']).describe('Something to do, or to avoid'),
  description: z.string().nullable().describe('What it is; null where nobody said'),
  approach: z.string().nullable().describe('How it is done; null where nobody said'),
  implementation: z.json().nullable().describe('Details of the approach, any JSON; null: none'),
  code_snippets: z.json().nullable().describe('Code, any JSON; null: none'),
  lessons_learned: z.array(z.string()).describe('Lessons learned'),
  applies_to: z.array(z.string()).describe('Phrasings of tasks that it fits, by which it is found'),
  success_metrics: z
    .strictObject({
      sessions_used: z.number().int().describe('Sessions that used it, whether they have ended or not'),
      success_rate: z.number().nullable().describe('Percent of the closeouts counted in which it worked; null: none was counted'),
      test_coverage_avg: z.number().nullable().describe('Percent, over those closeouts whose checks recorded it; null: none did'),
    })
    .describe('Derived from records, closeouts and checks; never what an agent said'),
  measured: z
    .strictObject({
      k: z.number().int().describe('Closeouts in which it worked: approved with the required checks passed'),
      n: z.number().int().describe('Closeouts counted: these, and those rejected, abandoned or failed'),
    })
    .describe('What success_rate rests on'),
  claims: z
    .strictObject({
      success: z.number().int().describe('Sessions that said it served them'),
      failure: z.number().int().describe('Sessions that said it failed them'),
    })
    .describe('What agents said with `pattern use`; no figure rests on it'),
  claimed: z
    .strictObject({
      success_rate: z.number().nullable().describe('Percent; null: it did not say'),
      sessions_used: z.number().nullable().describe('Sessions; null: it did not say'),
      test_coverage_avg: z.number().nullable().describe('Percent; null: it did not say'),
      reusable: z.boolean().nullable().describe('Whether it can be used again; null: it did not say'),
    })
    .describe('What the agent that stored it said of it'),
  provenance: z
    .strictObject({
      session: z.string().describe('The session that stored this version'),
      at: z.string().describe('When, ISO 8601 UTC'),
      by: z.string().describe('Who stored it'),
      record: z.string().describe('Id of the record'),
      approver: z.string().nullable().describe('Who approved that session; null: nobody yet, or policy asks for nobody'),
      commit: z.string().nullable().describe('The seal of that session, which the approver signed; null as above'),
      sessions: z.array(z.string()).describe('Every session that used it'),
    })
    .describe('Where it comes from'),
  merged_from: z.array(z.string()).describe('Ids and keys of patterns that were merged into it'),
  tags: z.array(z.string()).describe('Words given with it'),
};
