/** Which git this is. */

import { collect } from './spawn.ts';

/** "2.39.5"; null where git does not say. */
export async function gitVersion(): Promise<string | null> {
  const { stdout } = await collect('git', ['--version'], { cwd: process.cwd(), env: process.env });
  return /\bversion (\d+\.\d+(?:\.\d+)?)/.exec(stdout.toString('utf8'))?.[1] ?? null;
}
