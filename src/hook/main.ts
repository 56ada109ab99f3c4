/** Entry of the hook bundle: `git <hook>` or `agent <client> <event>`. A failure of ours never costs the user anything: one line, a private note, exit 0. */

import { locate } from '../git/locate.ts';
import { keepError } from '../store/hook-errors.ts';
import { agentHook } from './agent-hook.ts';
import { loadGate } from './load-gate.ts';

/** What the sh hooks take as "no"; every other code lets git go on. */
const REFUSED = 10;

function runGitHook(hook: string): number {
  const place = locate(process.cwd());
  if (!place) return 0;
  try {
    return loadGate().gitHook(place, hook) === 'refused' ? REFUSED : 0;
  } catch (error) {
    process.stderr.write('git-session: its own check failed and was passed over (git-session/errors.jsonl has the reason).\n');
    keepError(place.commonDir, `git ${hook}`, error);
    return 0;
  }
}

const [kind, ...args] = process.argv.slice(2);
if (kind === 'git') process.exitCode = runGitHook(args[0] ?? '');
else if (kind === 'agent') void agentHook(args);
