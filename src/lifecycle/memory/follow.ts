/**
 * What a checkout sees of memory, kept ready in a process that lives on (the MCP server, a script): the records of other processes and
 * what git brings (checkout, commit, merge, fetch) are taken up by the next look, and only what is new is read.
 */

import { stateError } from '../../core/errors.ts';
import { parseLogPath } from '../../core/log/log-path.ts';
import { type MemoryLine, scanMemory } from '../../core/memory/scan.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { readMany } from '../../git/batch.ts';
import { refIds } from '../../git/ids.ts';
import { lookUpMany } from '../../git/lean.ts';
import { locate, readHead } from '../../git/locate.ts';
import { refStamp } from '../../git/ref-stamp.ts';
import { openRepo } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { compiledPolicy } from '../../store/compiled-policy.ts';
import { coveredWriter, journalTextFrom } from '../../store/journal.ts';
import { stampOf } from '../../store/offer-cache.ts';
import { readLocalPolicy } from '../../trust/local-policy.ts';
import { policyPlaces, policyRefs } from '../../trust/policy-branch.ts';
import { type Here, sessionHereOrNull } from '../session/here.ts';
import { SeenMemory } from './seen.ts';

export interface MemoryNow {
  repo: Repo;
  /** The session of the checkout; null outside one, where approved project memory alone is seen. */
  here: Here | null;
  /** Names the newest commit of the session, or of the checkout. */
  tip: string;
  /** Another one where what others left, or who approved it, may be another. */
  seen: SeenMemory;
}

/** What is known of one session, or of no session, as of the last look. */
interface View {
  id: SessionId | null;
  /** Of the files that tell whether refs have moved. */
  stamp: string;
  /** Everything that decides on approved memory, as one text. */
  approvedFrom: string;
  /** Log files at the tip that the journal does not hold, by blob. */
  files: Map<string, MemoryLine[]>;
  journal: { lines: MemoryLine[]; next: number };
  seen: SeenMemory | null;
}

export class MemoryFollower {
  readonly #cwd: string;
  #repo: Repo | null = null;
  #policyRefs: string[] = [];
  #view: View | null = null;
  /** Signatures found good; see `ApprovedOptions.known`. */
  readonly #known = new Set<string>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(cwd = process.cwd()) {
    this.#cwd = cwd;
  }

  /** Memory as it is now. Throws (exit 1) outside a repository. Calls at one time take turns. */
  now(): Promise<MemoryNow> {
    const turn = this.#turn.then(() => this.#look());
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #look(): Promise<MemoryNow> {
    const here = await sessionHereOrNull(this.#cwd);
    const repo = await this.#open();
    const id = here?.id ?? null;
    const view = this.#view?.id === id ? this.#view : emptyView(id);
    const tip = here?.tip ?? headOf(repo);
    // Taken before anything is read: what moves meanwhile is seen next time.
    const stamp = this.#stamp(repo, tip);
    if (here) readJournal(here, view);
    const seen = view.seen !== null && view.stamp === stamp ? view.seen : await this.#readTip(repo, here, tip, view);
    view.stamp = stamp;
    this.#view = view;
    return { repo, here, tip, seen };
  }

  async #open(): Promise<Repo> {
    const place = locate(this.#cwd);
    if (this.#repo?.gitDir !== place?.gitDir || this.#repo?.top !== place?.top) {
      this.#view = null;
      this.#repo = null;
    }
    if (this.#repo === null) {
      this.#repo = await openRepo(this.#cwd);
      this.#policyRefs = policyRefs(await policyPlaces(this.#repo));
    }
    return this.#repo;
  }

  #stamp({ commonDir }: Repo, tip: string): string {
    return [tip, stampOf(commonDir), ...[tip, ...this.#policyRefs].map((ref) => refStamp(commonDir, ref))].join('\n');
  }

  /** Takes up what the tip and the policy hold now, where it is not what they held. */
  async #readTip(repo: Repo, here: Here | null, tip: string, view: View): Promise<SeenMemory> {
    const places = await policyPlaces(repo);
    this.#policyRefs = policyRefs(places);
    const log = here ? sessionPaths(here.id).log : null;
    const folders = ['.swarm/log', 'sessions', ...(log ? [log] : [])].map((folder) => `${tip}:${folder}`);
    const at = lookUpMany(repo, [tip], folders);
    if (!at) throw stateError({ what: 'git does not say what is checked out here.', next: 'See what it says: git status' });
    const [logs, sessions, files] = at.folders;
    const tags = await refIds(repo, 'refs/tags/backup/');
    const others = [logs, sessions].map((rows) => [...(rows ?? [])].filter(([name]) => name !== here?.id));
    const judges = [{ ...places, own: [...places.own] }, readLocalPolicy(repo)?.digest ?? null];
    const approvedFrom = JSON.stringify([...judges, tags, others, compiledPolicy(repo.commonDir).memory]);
    const beside = await this.#filesBesideJournal(repo, here, files, view);
    const sameFiles = beside.size === view.files.size && [...beside.keys()].every((oid) => view.files.has(oid));
    const isSame = view.seen !== null && sameFiles && approvedFrom === view.approvedFrom;
    const lines = [...beside.values(), view.journal.lines].flat();
    const own = here && { id: here.id, lines };
    const policy = compiledPolicy(repo.commonDir);
    const seen = isSame && view.seen ? view.seen : new SeenMemory({ place: repo, treeish: tip, policy, own, known: this.#known });
    // Everything was read: from here on nothing can fail half way.
    Object.assign(view, { approvedFrom, files: beside, seen });
    return seen;
  }

  /** The session's log files but for those that the journal covers; see `otherWriters`. */
  async #filesBesideJournal(repo: Repo, here: Here | null, files: Map<string, string> | undefined, view: View): Promise<View['files']> {
    if (!here) return new Map();
    const mine = coveredWriter(repo.commonDir, here.id);
    const oids = [...(files ?? [])].flatMap(([name, oid]) => {
      const file = parseLogPath(here.id, `${sessionPaths(here.id).log}/${name}`);
      return file && file.writer !== mine ? [oid] : [];
    });
    const missing = oids.filter((oid) => !view.files.has(oid));
    const blobs = await readMany(repo, missing);
    const read = new Map(missing.map((oid, i) => [oid, scanMemory(blobs[i]?.body.toString('utf8') ?? '', here.id)]));
    return new Map(oids.map((oid) => [oid, view.files.get(oid) ?? read.get(oid) ?? []]));
  }
}

function emptyView(id: SessionId | null): View {
  return { id, stamp: '', approvedFrom: '', files: new Map(), journal: { lines: [], next: 0 }, seen: null };
}

/** What HEAD stands for, in words of which git and `refStamp` understand one each. */
function headOf({ gitDir }: Repo): string {
  const head = readHead(gitDir);
  if (head === 'unreadable') return 'HEAD';
  return 'branch' in head ? `refs/heads/${head.branch}` : head.detached;
}

/** Takes up what the journal has gained. */
function readJournal({ place, id }: Here, view: View): void {
  const { text, next } = journalTextFrom(place.commonDir, id, view.journal.next);
  view.journal.next = next;
  if (text === '') return;
  const lines = scanMemory(text, id);
  for (const line of lines) view.journal.lines.push(line);
  view.seen?.add(lines);
}
