/** Moves a checkout to a branch with uncommitted changes kept, or says what is in the way. */

import { basename } from 'node:path';
import { stateError } from '../../core/errors.ts';
import { oneLine } from '../../core/text/text.ts';
import { whileHeld } from '../../git/index-file.ts';
import { fullDisk, type Repo, saysFull } from '../../git/run.ts';
import { lockInTheWay, pathsInTheWay, switchTo } from '../../git/switch.ts';
import { withLock } from '../../store/lock.ts';

/** Throws (exit 1) with the paths where uncommitted changes do not fit on the branch; nothing has moved then. */
export async function switchOrRefuse(repo: Repo, branch: string, refusal: { what: string; next: string }): Promise<void> {
  // git lets the index go before it moves HEAD: a second switch in between would take the first one's files for staged ones.
  const lock = `checkout-${basename(repo.gitDir)}`;
  const { moved, said } = await withLock(repo.commonDir, lock, () => switchTo(repo, branch), { timeoutMs: 60_000 });
  if (moved) return;
  if (saysFull(said)) throw fullDisk(said);
  const held = lockInTheWay(said);
  if (held) throw stateError({ what: refusal.what, ...whileHeld(held) });
  const paths = pathsInTheWay(said).map((path) => oneLine(path, 300));
  const more = paths.length > 20 ? [`… and ${paths.length - 20} more`] : [];
  const why = paths.length > 0 ? ['These uncommitted files do not fit on it:', ...paths.slice(0, 20), ...more].join('\n') : said;
  throw stateError({ what: refusal.what, why, next: refusal.next });
}
