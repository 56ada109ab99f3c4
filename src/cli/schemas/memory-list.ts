import { z } from 'zod';
import { foundPart, memoryEntryPart } from './parts/memory-entry.ts';

export const schema = z.strictObject({
  ...foundPart,
  entries: z.array(z.strictObject(memoryEntryPart)).describe('By namespace and key'),
});
