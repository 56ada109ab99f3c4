import { z } from 'zod';
import { recordedPart } from './parts/memory-entry.ts';

export const schema = z.strictObject(recordedPart);
