/** What a checkpoint asks of git, asked while its request is still being written: most requests are committed by who made them. */

import { committerIdent } from '../../git/build-commit.ts';
import { stagedAmong } from '../../git/entries.ts';
import { indexStamp } from '../../git/index-file.ts';
import type { Repo } from '../../git/run.ts';
import { hasDrainJournal } from '../../store/drain-journal.ts';
import { logTip } from '../session/log-tip.ts';
import type { Session } from '../session/session.ts';

interface Asked {
  gitDir: string;
  /** The checkout, its index as it was before it was read, and the commit that it was compared with. */
  key: string;
  paths: ReadonlySet<string>;
  staged: Promise<Set<string>>;
  ident: Promise<string>;
  /** Milliseconds since the epoch. */
  at: number;
}

/** An identity carries its moment. */
const IDENT_MS = 1000;
let asked: Asked | null = null;

/** Begins to ask for a checkpoint of these paths of a checkout; not where another process is committing, which takes this one along. */
export function askAhead(at: Repo, { id, tip }: Pick<Session, 'id' | 'tip'>, paths: readonly string[]): void {
  if (hasDrainJournal(at.commonDir)) return;
  const key = keyOf(at, tip);
  const [staged, ident] = [stagedAmong(at, tip, paths), committerIdent(at)];
  asked = { gitDir: at.gitDir, key, paths: new Set(paths), staged, ident, at: Date.now() };
  // Whoever needs the answer hears of it. The log of a commit is kept where it is read.
  for (const answer of [staged, ident, logTip(at, tip, id)]) answer.catch(() => {});
}

/** As stagedAmong, perhaps asked already. */
export async function stagedNow(at: Repo, commit: string, paths: readonly string[]): Promise<Set<string>> {
  const known = asked?.key === keyOf(at, commit) && paths.every((path) => asked?.paths.has(path)) ? asked : null;
  return known ? known.staged : stagedAmong(at, commit, paths);
}

/** As committerIdent, perhaps asked a moment ago. */
export async function identNow(repo: Repo): Promise<string> {
  return asked?.gitDir === repo.gitDir && Date.now() - asked.at < IDENT_MS ? asked.ident : committerIdent(repo);
}

const keyOf = (at: Repo, commit: string) => `${at.gitDir}\0${indexStamp(at.gitDir)}\0${commit}`;
