/** Reads what the documents of a closeout are made from: records, objects and the results of checks. */

import { aboutOf } from '../../core/documents/about.ts';
import {
  type ArtifactFact,
  type CloseoutFacts,
  type Origin,
  type PatternFact,
  patternFact,
  type WorkspaceFact,
} from '../../core/documents/facts.ts';
import { recordedChecks } from '../../core/documents/recorded-checks.ts';
import { withDecisions } from '../../core/documents/trajectory.ts';
import type { AnyRecord } from '../../core/log/record.ts';
import { isPattern } from '../../core/memory/key.ts';
import { foldMemory, isWritten } from '../../core/memory/memory.ts';
import { proposalsOf } from '../../core/pattern/proposal.ts';
import type { CheckResult } from '../../core/policy/policy.ts';
import { foldTasks, tasksWithoutAgent } from '../../core/session/tasks.ts';
import { readMany, statMany } from '../../git/batch.ts';
import { type LineCount, linesChanged } from '../../git/lines-changed.ts';
import { type Change, type CommitInfo, diffTrees, listCommits } from '../../git/objects.ts';
import type { Repo } from '../../git/run.ts';
import { type Artifact, listArtifacts } from '../../lifecycle/files/artifacts.ts';
import { fillValues } from '../../lifecycle/memory/values.ts';
import { readBank } from '../../lifecycle/patterns/bank.ts';
import { type RecordSet, sessionRecords } from '../../lifecycle/session/records.ts';
import type { Session } from '../../lifecycle/session/session.ts';

/** What a session holds at its tip, as read from the repository. */
export interface SessionContent {
  facts: CloseoutFacts;
  records: AnyRecord[];
  /** Every path that differs from where the session left base. */
  changes: Change[];
  /** The session's own commits, newest first. */
  commits: CommitInfo[];
}

export interface ContentRequest {
  session: Session;
  /** Where the session left base. */
  mergeBase: string;
  /** Short name of the branch that it lands on. */
  base: string;
  /** A commit of that branch, whose approved memory the session's patterns are compared with. */
  landsOn: string;
  checks: CheckResult[];
  closedAt: string;
}

/** The texts of files larger than this are not read for a line about them. */
const MOST_BYTES = 256 * 1024;

/** What a session's tip holds, as far as no record says it. */
export interface TreeReading {
  changes: Change[];
  commits: CommitInfo[];
  lines: Map<string, LineCount | null>;
  artifacts: Artifact[];
  abouts: Map<string, string | null>;
  outside: Change[];
  sizes: (number | null)[];
}

/** Everything the documents say, from the session's tip and this clone's journal. */
export async function readContent(repo: Repo, request: ContentRequest): Promise<SessionContent> {
  const [reading, recorded] = await Promise.all([
    readTree(repo, request.session, request.mergeBase),
    sessionRecords(repo, request.session),
  ]);
  return contentOf(repo, request, reading, recorded);
}

/** What the tip holds. The same for as long as tip and merge base are. */
export async function readTree(repo: Repo, session: Session, mergeBase: string): Promise<TreeReading> {
  const [changes, lines, artifacts, commits] = await Promise.all([
    diffTrees(repo, mergeBase, session.tip),
    linesChanged(repo, mergeBase, session.tip),
    listArtifacts(repo, session.id, session.tip),
    listCommits(repo, [`${mergeBase}..${session.tip}`]),
  ]);
  const outside = changes.filter(({ path }) => !/^(sessions|\.swarm)\//.test(path));
  const [abouts, sizes] = await Promise.all([
    readAbouts(repo, artifacts),
    statMany(
      repo,
      outside.map((change) => (change.status === 'D' ? '' : change.newOid)),
    ),
  ]);
  return { changes, commits, lines, artifacts, abouts, outside, sizes: sizes.map((row) => row?.size ?? null) };
}

/** Tip and records as one, beside what is approved on base. */
export async function contentOf(repo: Repo, request: ContentRequest, reading: TreeReading, recorded: RecordSet): Promise<SessionContent> {
  const { session } = request;
  const { records, bad, unknown } = recorded;
  const { lines, outside, sizes, commits } = reading;
  const origin = originsOf(records);
  const entries = fillValues(repo, session.tip, foldMemory(records, Date.parse(request.closedAt)));
  const tasks = foldTasks(records);
  const facts: CloseoutFacts = {
    id: session.id,
    topic: session.metadata.topic,
    goal: session.metadata.goal,
    created_at: session.metadata.created_at,
    closed_at: request.closedAt,
    continues: session.metadata.continues,
    abandoned: abandonedIn(records),
    base: request.base,
    tasks,
    personTasks: tasksWithoutAgent(records, tasks),
    artifacts: reading.artifacts.map(
      (artifact): ArtifactFact => ({
        kind: artifact.kind,
        path: artifact.path,
        blob: artifact.oid,
        size: artifact.size,
        about: reading.abouts.get(artifact.oid) ?? null,
        lines: lines.get(artifact.path) ?? null,
        ...origin(artifact.path, artifact.oid),
      }),
    ),
    workspace: outside.map(
      (change, i): WorkspaceFact => ({
        path: change.path,
        status: STATUS[change.status],
        blob: change.status === 'D' ? null : change.newOid,
        size: sizes[i] ?? null,
        lines: lines.get(change.path) ?? null,
        ...origin(change.path, change.status === 'D' ? null : change.newOid),
      }),
    ),
    memory: entries,
    patterns: await patternsOf(repo, request, records),
    checks: request.checks,
    recorded: recordedChecks(records),
    moments: momentsOf(records, commits),
    records: { total: records.length, bad, unknown },
  };
  return { facts: withDecisions(facts), records, changes: reading.changes, commits };
}

function abandonedIn(records: readonly AnyRecord[]): CloseoutFacts['abandoned'] {
  const last = records.findLast(({ kind }) => kind === 'session.abandoned' || kind === 'session.restored');
  return last?.kind === 'session.abandoned' ? { reason: last.data.reason } : null;
}

const STATUS = { A: 'added', M: 'modified', T: 'modified', D: 'deleted' } as const;

/** Who made a path what it is: the last edit that left this very blob, else the last edit of the path; and all who edited it. */
function originsOf(records: readonly AnyRecord[]): (path: string, blob: string | null) => Origin {
  const last = new Map<string, Pick<Origin, 'task' | 'actor'>>();
  const authors = new Map<string, Set<string>>();
  for (const { kind, data, actor } of records) {
    if (kind !== 'file.edited') continue;
    const origin = { task: data.task, actor };
    last.set(data.path, origin);
    last.set(`${data.path}\0${data.blob}`, origin);
    // What the tool commits, somebody else has made.
    if (actor.kind !== 'tool') authors.set(data.path, (authors.get(data.path) ?? new Set()).add(actor.name));
  }
  return (path, blob) => ({
    ...(last.get(`${path}\0${blob}`) ?? last.get(path) ?? { task: null, actor: null }),
    authors: [...(authors.get(path) ?? [])],
  });
}

async function readAbouts(
  repo: Repo,
  artifacts: readonly { path: string; oid: string; size: number }[],
): Promise<Map<string, string | null>> {
  const small = artifacts.filter((artifact) => artifact.size <= MOST_BYTES);
  const objects = await readMany(
    repo,
    small.map((artifact) => artifact.oid),
  );
  return new Map(
    small.map(({ path, oid }, i) => {
      const body = objects[i]?.body;
      return [oid, body && !body.includes(0) ? aboutOf(path, body.toString('utf8')) : null];
    }),
  );
}

/** What the session proposes for the reasoning bank, beside what is approved on the branch that it lands on. */
async function patternsOf(repo: Repo, { session, landsOn, closedAt }: ContentRequest, own: readonly AnyRecord[]): Promise<PatternFact[]> {
  // Approved memory is signatures to check: only where there is something to compare with it.
  if (!own.some((record) => isWritten(record) && isPattern(record.data))) return [];
  const { patterns, records } = await readBank(repo, { commit: landsOn, except: session.id });
  const approved = new Map(patterns.map((pattern) => [pattern.key, pattern.outcome]));
  return proposalsOf(records, own, Date.parse(closedAt)).map((proposal) => {
    const outcome = approved.get(proposal.key);
    return patternFact(proposal, outcome && outcome.of > 0 ? { k: outcome.succeeded, n: outcome.of } : null);
  });
}

function momentsOf(records: readonly AnyRecord[], commits: readonly CommitInfo[]): number[] {
  const times = [...records.map((record) => Date.parse(record.at)), ...commits.map((commit) => Date.parse(commit.authorDate))];
  return times.filter(Number.isFinite).sort((a, b) => a - b);
}
