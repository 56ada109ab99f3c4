/** What a probe of `git session doctor` found, and what would mend it. */

import type { Repo } from '../../git/run.ts';

/** `skipped`: it could not be looked at here, and `why` says so. */
export type Health = 'ok' | 'warn' | 'fail' | 'skipped';

export interface Finding {
  health: Health;
  /** One sentence without a period at its end. */
  what: string;
  why?: string | undefined;
  /** A command or a sentence. */
  next?: string | undefined;
  /** What `--fix` would do; returns it as something done. Throws where it cannot. */
  mend?: () => Promise<string> | string;
}

export interface Surroundings {
  repo: Repo;
  now: Date;
  /** Somebody can touch a key or type a passphrase. */
  terminal: boolean;
  /** Told before anything takes long or asks something of a person. */
  tell(line: string): void;
}

export interface Probe {
  /** One word, as printed and in the JSON. */
  name: string;
  look(at: Surroundings): Promise<Finding[]>;
}
