/** Which session, task and agent stand behind a line. A trailer alone is never believed: the commit must be the session's. */

import type { Inventory } from '../../core/documents/inventory.ts';
import type { Actor } from '../../core/log/record.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import { asSessionId, idOfBranch, type SessionId } from '../../core/session/session-id.ts';
import { foldTasks } from '../../core/session/tasks.ts';
import { parseTrailers } from '../../core/session/trailers.ts';
import { stepOfLine, stepsBetween } from '../../core/session/whose-line.ts';
import { asObject, parseJson } from '../../core/text/json.ts';
import { arrivalsOf } from '../../git/ancestry.ts';
import { readMany, statMany } from '../../git/batch.ts';
import { type BlamedLine, blame } from '../../git/blame.ts';
import { type CommitInfo, listCommits, oidAt, readAt } from '../../git/objects.ts';
import { currentBranch, isAncestor } from '../../git/refs.ts';
import type { Repo } from '../../git/run.ts';
import { prefixOf } from '../../lifecycle/session/session.ts';
import { type Landing, listLandings } from './landings.ts';
import { type KnownSession, knowLanded, knowOpen } from './why-session.ts';

export interface Origin {
  /** The commit that made the line what it is, by plain blame; null where it cannot be read. */
  commit: CommitInfo | null;
  /** Null where the commit belongs to no session. */
  session: SessionOrigin | null;
}

export interface SessionOrigin {
  id: SessionId;
  topic: string;
  goal: string | null;
  /** The session's own commit; another than the blamed one after a squash or rebase, and null where only the inventory tells. */
  commit: string | null;
  task: { task: string; description: string | null } | null;
  agent: { kind: Actor['kind'] | null; name: string } | null;
  /** Where the commit holds the work of several tasks and nothing tells whose this is: all of them, and no one task or agent. Else empty. */
  sharedBy: { task: string; description: string | null; agent: string | null }[];
  /** Null: it is still open. */
  landing: Landing | null;
}

/** A line with what stands behind it. */
export interface Answer extends Origin {
  line: BlamedLine;
}

/** What stands behind lines blamed at `tip`, in order; landings are those on its first-parent line. */
export async function askWhy(repo: Repo, tip: string, lines: readonly BlamedLine[]): Promise<Answer[]> {
  const asking = await openAsking(repo, tip);
  const groups = new Map<string, BlamedLine[]>();
  for (const line of lines) {
    const key = `${line.commit} ${line.path}`;
    const group = groups.get(key);
    if (group) group.push(line);
    else groups.set(key, [line]);
  }
  const answers: Answer[] = [];
  for (const group of groups.values()) answers.push(...(await askGroup(asking, group)));
  return answers.sort((a, b) => a.line.now - b.line.now);
}

/** What is read once for all lines, and only where a line needs it. */
interface Asking {
  repo: Repo;
  landings: readonly Landing[];
  /** The session whose branch is checked out. */
  here: SessionId | null;
  know(id: SessionId): Promise<KnownSession | null>;
  broughtBy(commit: string): Promise<string | null>;
}

async function openAsking(repo: Repo, tip: string): Promise<Asking> {
  const [landings, branch] = await Promise.all([listLandings(repo, tip), currentBranch(repo)]);
  const known = new Map<SessionId, Promise<KnownSession | null>>();
  let brought: ReturnType<typeof arrivalsOf> | null = null;
  return {
    repo,
    landings,
    here: branch === null ? null : idOfBranch(branch, prefixOf(repo)),
    know: (id) => {
      const landing = landings.find((candidate) => candidate.id === id);
      const session = known.get(id) ?? (landing ? knowLanded(repo, landing) : knowOpen(repo, id));
      known.set(id, session);
      return session;
    },
    broughtBy: async (commit) => {
      brought ??= arrivalsOf(repo, tip);
      return (await brought)(commit);
    },
  };
}

/** Lines of one commit and path. */
async function askGroup(asking: Asking, lines: BlamedLine[]): Promise<Answer[]> {
  // `<commit>^!` is the commit alone, without its parents.
  const [commit = null] = await listCommits(asking.repo, [`${lines[0]?.commit}^!`]);
  if (!commit) return lines.map((line) => ({ line, commit, session: null }));
  for await (const id of candidates(asking, commit)) {
    const session = await asking.know(id);
    const found = session && (await originsIn(asking.repo, session, lines, commit));
    if (found) return lines.map((line, i) => ({ line, commit, session: found[i] ?? null }));
  }
  return lines.map((line) => ({ line, commit, session: null }));
}

/** Sessions that may have made a commit, the likeliest first; each is still to be proved. */
async function* candidates(asking: Asking, commit: CommitInfo): AsyncGenerator<SessionId> {
  const said = asSessionId(parseTrailers(commit.message).get('Session-Id')?.[0] ?? '');
  if (said) yield said;
  if (asking.here) yield asking.here;
  const brought = asking.landings.length > 0 ? await asking.broughtBy(commit.oid) : null;
  for (const landing of asking.landings) if (landing.commit === brought) yield landing.id;
}

/** What the session says of the lines, or null where the commit is neither its own nor its landing. */
async function originsIn(
  repo: Repo,
  session: KnownSession,
  lines: readonly BlamedLine[],
  commit: CommitInfo,
): Promise<SessionOrigin[] | null> {
  const { id, metadata, landing } = session;
  const of = (found: Found): SessionOrigin => ({ id, topic: metadata.topic, goal: metadata.goal, landing, ...found });
  const path = lines[0]?.path ?? '';
  if (session.commits.has(commit.oid)) {
    const whose = await doneBy(repo, session, path, commit);
    return lines.map(({ text }) => of({ commit: commit.oid, ...whose(text) }));
  }
  if (!landing || !(await isAncestor(repo, commit.oid, landing.commit))) return null;
  const squashed = landing.parents.length === 1;
  const own = squashed ? await throughSquash(repo, session, lines, commit.oid) : [];
  if (own.some((found) => found !== null)) return own.map((found) => of(found ?? NOBODY));
  const entry = landing.commit === commit.oid ? await inventoried(repo, session, path) : null;
  // A merge may bring several sessions: only one whose inventory names the path can have made the line.
  if (!entry && !(squashed && landing.commit === commit.oid)) return null;
  return lines.map(() => of(entry ?? NOBODY));
}

type Done = Pick<SessionOrigin, 'task' | 'agent' | 'sharedBy'>;
type Found = Pick<SessionOrigin, 'commit'> & Done;
const NOBODY: Found = { commit: null, task: null, agent: null, sharedBy: [] };

/** After a squash or rebase: the session's own commit that has this very file, blamed there. Null for a line that is not the session's. */
async function throughSquash(repo: Repo, session: KnownSession, lines: readonly BlamedLine[], commit: string): Promise<(Found | null)[]> {
  const path = lines[0]?.path ?? '';
  const places = [session.tip, ...session.commits];
  const [here, ...there] = await statMany(
    repo,
    [commit, ...places].map((place) => `${place}:${path}`),
  );
  const same = places[there.findIndex((object) => object !== null && object.oid === here?.oid)];
  const blamed = new Map((same ? ((await blame(repo, same, path)) ?? []) : []).map((line) => [line.now, line]));
  const found = new Map<string, (text: string) => Found>();
  const origins: (Found | null)[] = [];
  for (const { line, text } of lines) {
    const own = blamed.get(line);
    if (!own || !session.commits.has(own.commit)) {
      origins.push(null);
      continue;
    }
    const key = `${own.commit} ${own.path}`;
    const [info] = found.has(key) ? [] : await listCommits(repo, [`${own.commit}^!`]);
    if (info) {
      const whose = await doneBy(repo, session, own.path, info);
      found.set(key, (said) => ({ commit: info.oid, ...whose(said) }));
    }
    origins.push(found.get(key)?.(text) ?? null);
  }
  return origins;
}

/** What the sealed inventory says of a path: edited in the landing, so that no commit of the session has it. */
async function inventoried(repo: Repo, session: KnownSession, path: string): Promise<Found | null> {
  const text = await readAt(repo, session.tip, sessionPaths(session.id).inventory);
  const inventory = asObject(parseJson(text ?? '')) as Partial<Inventory> | null;
  const entry = [...(inventory?.artifacts ?? []), ...(inventory?.workspace ?? [])].find((row) => row.path === path);
  return entry ? { commit: null, ...named(session, entry.task, entry.actor) } : null;
}

/** Who left a line in this commit: of the record of that very blob, else of the commit's own trailers; of several tasks the one whose recorded content first held it. */
async function doneBy(repo: Repo, session: KnownSession, path: string, commit: CommitInfo): Promise<(text: string) => Done> {
  const said = parseTrailers(commit.message);
  const tasks = said.get('Session-Task') ?? [];
  const blob = await oidAt(repo, commit.oid, path);
  if (tasks.length > 1) return doneBySeveral(repo, session, { path, blob, tasks, parent: commit.parents[0] ?? null });
  const record = session.records.findLast(({ kind, data }) => kind === 'file.edited' && data.path === path && data.blob === blob);
  if (record?.kind === 'file.edited' && record.data.task !== null) {
    const done = named(session, record.data.task, record.actor);
    return () => done;
  }
  const agent = said.get('Session-Agent')?.[0];
  const done = named(session, tasks[0] ?? null, agent ? { kind: null, name: agent } : (record?.actor ?? null));
  return () => done;
}

async function doneBySeveral(
  repo: Repo,
  session: KnownSession,
  { path, blob, tasks, parent }: { path: string; blob: string | null; tasks: string[]; parent: string | null },
): Promise<(text: string) => Done> {
  const before = parent === null ? null : await oidAt(repo, parent, path);
  const steps = stepsBetween(session.records, path, before, blob);
  const by = steps.flatMap((step) => step.by);
  const known = [...new Set(by.flatMap(({ task }) => task ?? []))];
  const [only, second] = known;
  // Another task of the commit may have touched other files only.
  if (only !== undefined && second === undefined && by.every(({ task }) => task !== null)) {
    const done = named(session, only, by.at(-1)?.actor ?? null);
    return () => done;
  }
  const contents = [before, ...steps.map((step) => step.blob)].filter((oid) => oid !== null);
  const objects = await readMany(repo, contents);
  const texts = new Map(contents.map((oid, i) => [oid, objects[i]?.body.toString('utf8')]));
  const shared = sharedBy(session, known.length > 1 ? known : tasks);
  return (text) => {
    const found = stepOfLine(steps, text, before, (oid) => texts.get(oid));
    const [one, another] = found?.by ?? [];
    return one && !another && one.task !== null ? named(session, one.task, one.actor) : shared;
  };
}

function sharedBy(session: KnownSession, tasks: readonly string[]): Done {
  const rows = tasks.map((id) => ({ id, ...named(session, id, null) }));
  return {
    task: null,
    agent: null,
    sharedBy: rows.map(({ id, task, agent }) => ({ task: id, description: task?.description ?? null, agent: agent?.name ?? null })),
  };
}

/** A task with its description, and the agent by the type that the task's start named. */
function named(session: KnownSession, id: string | null, actor: SessionOrigin['agent']): Done {
  const task = id === null ? undefined : foldTasks(session.records).find((candidate) => candidate.task === id);
  const name = task?.agent.type ?? actor?.name ?? task?.agent.name;
  return {
    task: id === null ? null : { task: id, description: task?.description ?? null },
    agent: name === undefined ? null : { kind: actor?.kind ?? null, name },
    sharedBy: [],
  };
}
