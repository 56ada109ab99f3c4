/** One result of a check in a command's facts, as manifest and backup hold it too. */

import { z } from 'zod';

export const checkResultPart = z.strictObject({
  name: z.string().describe('Name of the check'),
  source: z.enum(['built-in', 'policy']).describe('Whether it is one of ours or a command of the policy'),
  required: z.boolean().describe('Whether a closeout needs it to pass'),
  status: z
    .enum(['passed', 'failed', 'timed-out', 'not-recorded', 'not-needed', 'not-run'])
    .describe('What it came to; of a required one only passed and not-needed are fine'),
  detail: z.string().describe('One line for people: why'),
  tree: z.string().describe('Id of the tree that it ran on: base merged with the tip'),
  exit_code: z.number().int().nullable().describe('Exit code of the command; null where none ended by itself'),
  duration_ms: z.number().int().nullable().describe('How long it took, in milliseconds; null where it did not run'),
  coverage: z.number().min(0).max(100).nullable().describe('Percent of lines covered, 0 to 100; null: not recorded'),
  tests: z
    .strictObject({
      total: z.number().int().describe('Tests that were found'),
      passed: z.number().int().describe('Tests that passed'),
      failed: z.number().int().describe('Tests that failed'),
      skipped: z.number().int().describe('Tests that did not run'),
    })
    .nullable()
    .describe('Counts of tests; null: not recorded'),
  log_sha256: z
    .string()
    .nullable()
    .describe('sha256 (hex) of the captured output, kept as <git dir>/git-session/cache/checks/<sha256>.log'),
  inputs_changed: z.array(z.string()).describe('What the session did to the scripts, configuration and tests that the check consists of'),
  reused_from: z.string().nullable().describe('When it really ran, ISO 8601 UTC, where an earlier result stands in; else null'),
});
