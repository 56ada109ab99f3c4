import { z } from 'zod';
import { movedPart } from './parts/moved.ts';

export const schema = z.strictObject(movedPart);
