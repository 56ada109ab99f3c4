import { z } from 'zod';

export const hooksPart = z
  .enum(['active', 'inactive', 'absent', 'foreign'])
  .describe(
    "Whether git runs our hooks here: active; inactive (set up, but this clone does not run them); absent (not set up); foreign (another manager's, that does not call ours)",
  );
