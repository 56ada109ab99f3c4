import { z } from 'zod';
import { recordedPart } from './parts/memory-entry.ts';

export const schema = z.strictObject({
  ...recordedPart,
  expires_at: z.string().nullable().describe('When the key becomes absent; null: never'),
});
