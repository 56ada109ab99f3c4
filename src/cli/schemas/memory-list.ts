import { z } from 'zod';
import { memoryEntryPart, viewPart } from './parts/memory-entry.ts';

export const schema = z.strictObject({
  ...viewPart,
  entries: z.array(z.strictObject(memoryEntryPart)).describe('By namespace and key'),
});
