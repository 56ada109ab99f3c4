import { z } from 'zod';
import { memoryEntryPart } from './parts/memory-entry.ts';

export const schema = z.strictObject(memoryEntryPart);
