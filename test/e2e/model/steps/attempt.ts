/** A command that is tried: what is run, and what then is so. Apart, so that it can also be killed in the middle and run again. */

import type { Outcome } from '../draw.ts';
import type { CliRun, World } from '../world.ts';

export interface Attempt {
  /** Run again after a kill, it goes on or says what is so already. */
  argv: string[];
  /** Brings the model to where the command has said that it is. */
  settle(ran: CliRun): Outcome;
  /** After a kill and with the second run refused: whether the first had got to its end, and if so the model follows. */
  wasDone(): boolean;
}

export type Plan = (w: World, top: string) => Attempt | null;

/** A step that tries it. */
export const tried =
  (plan: Plan) =>
  async (w: World, top: string): Promise<Outcome> => {
    const attempt = plan(w, top);
    return attempt ? attempt.settle(await w.cli(top, attempt.argv)) : 'idle';
  };
