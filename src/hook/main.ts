/** Entry of the hook bundle: `git <hook>`. A failure of ours never costs the user anything: one line, a private note, exit 0. */

import { locate } from '../git/locate.ts';
import { keepError } from '../store/hook-errors.ts';
import { gitHook } from './git-hook.ts';

/** What the sh hooks take as "no"; every other code lets git go on. */
const REFUSED = 10;

function main([kind, ...args]: string[]): number {
  const place = locate(process.cwd());
  if (!place) return 0;
  try {
    return kind === 'git' && gitHook(place, args[0] ?? '') === 'refused' ? REFUSED : 0;
  } catch (error) {
    process.stderr.write('git-session: its own check failed and was passed over (git-session/errors.jsonl has the reason).\n');
    keepError(place.commonDir, `${kind} ${args[0] ?? ''}`, error);
    return 0;
  }
}

process.exitCode = main(process.argv.slice(2));
