/** The output of `git session backup export --json`. */

import { z } from 'zod';

export const schema = z.strictObject({
  session: z.string().describe('Id of the session'),
  file: z.string().describe('Absolute path of the bundle'),
  refs: z.array(z.string().describe('Full name of a ref in it')).describe('What it holds, with the whole history of each'),
});
