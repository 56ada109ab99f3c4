/** The facts of `show`, shaped as `schemas/show.ts` says. */

import { furtherApprovers } from '../../closeout/landed/further-approvers.ts';
import { landingOf } from '../../closeout/landed/landings.ts';
import { backupSchema } from '../../closeout/schemas/backup.ts';
import { basesOf } from '../../closeout/verify/audit.ts';
import { recordedChecks } from '../../core/documents/recorded-checks.ts';
import type { Actor, AnyRecord } from '../../core/log/record.ts';
import { fullKey } from '../../core/memory/key.ts';
import { readPatterns } from '../../core/pattern/pattern.ts';
import { isSealed } from '../../core/report/facts.ts';
import { sessionPaths } from '../../core/session/metadata.ts';
import { rejectionsIn } from '../../core/session/reason.ts';
import { parseJson } from '../../core/text/json.ts';
import { readAt } from '../../git/objects.ts';
import type { Repo } from '../../git/run.ts';
import { approvalOf } from '../../lifecycle/session/approval.ts';
import { type Overview, overviewOf } from '../../lifecycle/session/overview.ts';
import type { Session } from '../../lifecycle/session/session.ts';
import { sessionFacts } from '../../lifecycle/session/session-facts.ts';
import { agentOf, taskFacts } from '../../lifecycle/session/status-facts.ts';

export type ShowFacts = Awaited<ReturnType<typeof showFacts>>;

export async function showFacts(repo: Repo, session: Session, notes: string[], now: Date) {
  const [overview, approval] = await Promise.all([overviewOf(repo, session, now), approvalOf(repo, session)]);
  const further = approval && (await furtherApprovers(repo, new Map([[session.id, approval.seal]]), session.id)).get(session.id);
  const { records } = overview.records;
  return {
    session: sessionFacts(session, overview.state),
    started_by: records.find((record) => record.kind === 'session.started')?.actor.name ?? null,
    resumed_at: records.filter((record) => record.kind === 'session.resumed').map((record) => record.at),
    abandoned_because: overview.state === 'abandoned' ? reasonOf(records) : null,
    found_at: session.ref,
    base: overview.base,
    agents: [
      ...new Set([
        ...overview.tasks.map(agentOf),
        ...records
          .map(({ actor }) => actor)
          .filter(isAgent)
          .map((actor) => actor.name),
      ]),
    ],
    tasks: overview.tasks.map(taskFacts),
    artifacts: overview.artifacts.map(({ kind, path, size }) => ({ kind, path, size })),
    workspace_changes: overview.workspace?.map(({ status, path }) => ({ status, path })) ?? null,
    memory: await memoryFacts(repo, session, overview),
    patterns: {
      learned: readPatterns(overview.memory).map(({ id, title }) => ({ id, title })),
      offered: named(records, 'pattern.offered'),
      used: named(records, 'pattern.used'),
    },
    checks: recordedChecks(records).map(({ name, status, at, tests, coverage }) => ({
      name,
      status,
      at,
      tests: tests ?? null,
      coverage: coverage ?? null,
    })),
    rejections: rejectionsIn(records),
    approval: approval && { ...approval, also_by: (further ?? []).filter((name) => name !== approval.approver) },
    landed: await landedFacts(repo, session),
    records: { total: records.length, bad: overview.records.bad, unknown: overview.records.unknown },
    notes,
  };
}

/** Of a session that is sealed or closed, what its seal cleaned too: the backup holds it. */
async function memoryFacts(repo: Repo, session: Session, { state, memory }: Overview) {
  const live = memory.map((entry) => ({ key: fullKey(entry), by: entry.by.name, at: entry.at, task: entry.task, cleaned: false }));
  const text = isSealed(state) ? await readAt(repo, session.tip, sessionPaths(session.id).backup) : null;
  const backup = backupSchema.safeParse(parseJson(text ?? '')).data;
  const kept = new Set(live.map(({ key }) => key));
  const cleaned = Object.entries(backup?.memory_snapshot ?? {}).flatMap(([namespace, entries]) =>
    entries.map(({ key, by, at, task }) => ({ key: fullKey({ namespace, key }), by, at, task, cleaned: true })),
  );
  return [...live, ...cleaned.filter(({ key }) => !kept.has(key))];
}

/** Where it came to its base in this clone, or to the remote's copy of that; null where it did not. */
async function landedFacts(repo: Repo, { id, metadata }: Session) {
  for (const base of metadata.closed_at === null ? [] : await basesOf(repo, metadata.base)) {
    const landing = await landingOf(repo, id, base.tip);
    if (!landing) continue;
    return { base: base.name, commit: landing.commit, at: landing.at, reverted: landing.now === 'gone' };
  }
  return null;
}

function isAgent(actor: Actor): boolean {
  return actor.kind === 'agent' || actor.kind === 'subagent';
}

function reasonOf(records: readonly AnyRecord[]): string | null {
  const last = records.findLast((record) => record.kind === 'session.abandoned');
  return last?.kind === 'session.abandoned' ? last.data.reason : null;
}

function named(records: readonly AnyRecord[], kind: 'pattern.offered' | 'pattern.used'): string[] {
  return [...new Set(records.flatMap((record) => (record.kind === kind && 'pattern' in record.data ? record.data.pattern : [])))];
}
