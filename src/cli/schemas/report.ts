import { z } from 'zod';
import { metricsSchema } from '../../closeout/schemas/metrics.ts';
import { findingPart } from './parts/finding.ts';

export const schema = z.strictObject({
  session: z.string().describe('Id of the session'),
  state: z.enum(['active', 'review', 'sealed', 'closed', 'abandoned']).describe('Where it stands'),
  page: z.string().nullable().describe('Full path of the page that was written; null where none was'),
  verdict: z
    .enum(['verified', 'failed', 'unverified', 'not checked'])
    .nullable()
    .describe('What verify says of it now; null where nothing is signed yet'),
  findings: z.array(findingPart).describe('What verify found'),
  summary: z.string().describe('The summary, Markdown'),
  metrics: metricsSchema.describe('Its metrics, as metrics.json has them; of an open session as they stand'),
});
