/** The commits that each landed session brought: its own ones, also where a squash or rebase left them to the backup tag. */

import type { SessionId } from '../../core/session/session-id.ts';
import { ask, type Repo } from '../../git/run.ts';
import type { Landing } from './landings.ts';

export interface BroughtCommit {
  id: string;
  author: string;
  /** The author's address. */
  email: string;
  subject: string;
}

interface Row extends BroughtCommit {
  parents: string[];
  /** Its place in git's order, newest first. */
  place: number;
}

/** Newest first, of every landing on the first-parent line of `tip`. One process, however many sessions. */
export async function broughtCommits(repo: Repo, tip: string, landings: readonly Landing[]): Promise<Map<SessionId, BroughtCommit[]>> {
  const rows = await readHistory(repo, [tip, ...landings.flatMap(({ tag }) => tag?.seal ?? [])]);
  const landed = new Map<string, Landing[]>();
  for (const landing of landings) landed.set(landing.commit, [...(landed.get(landing.commit) ?? []), landing]);
  const line: string[] = [];
  for (let commit: string | undefined = tip; commit !== undefined; commit = rows.get(commit)?.parents[0]) line.push(commit);
  const known = new Set<string>();
  const brought = new Map<SessionId, BroughtCommit[]>();
  // From the beginning, so that what base had before, or another session brought, is no session's a second time.
  for (const commit of line.reverse()) {
    for (const { id, tag, parents } of landed.get(commit) ?? []) {
      const own = unknownFrom(rows, tag?.seal ?? parents[1] ?? commit, known);
      brought.set(
        id,
        own.sort((a, b) => a.place - b.place).map(({ parents: _, place: __, ...row }) => row),
      );
    }
    unknownFrom(rows, commit, known);
  }
  return brought;
}

/** The commits reachable from `start` that are not known yet; they are known afterwards. */
function unknownFrom(rows: ReadonlyMap<string, Row>, start: string, known: Set<string>): Row[] {
  const found: Row[] = [];
  const open = [start];
  for (let commit = open.pop(); commit !== undefined; commit = open.pop()) {
    const row = known.has(commit) ? undefined : rows.get(commit);
    if (!row) continue;
    known.add(commit);
    found.push(row);
    open.push(...row.parents);
  }
  return found;
}

async function readHistory(repo: Repo, starts: readonly string[]): Promise<Map<string, Row>> {
  const format = '--format=%H%x00%P%x00%an%x00%ae%x00%s';
  const out = await ask(repo, ['log', '--stdin', '--topo-order', format], { input: `${starts.join('\n')}\n` });
  const rows = new Map<string, Row>();
  for (const line of out.split('\n')) {
    const [id = '', parents = '', author = '', email = '', subject = ''] = line.split('\0');
    if (id !== '') rows.set(id, { id, parents: parents.split(' ').filter(Boolean), author, email, subject, place: rows.size });
  }
  return rows;
}
